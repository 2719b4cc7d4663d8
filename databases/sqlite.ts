// Files below the product's data directory: captured and restored with it. It stays SQLite (decision 11).
import { z } from "zod";
import { DatabaseKind, everyKind, whose } from "./kind";

const settings = z.strictObject({
    kind: z.literal("sqlite").describe("Files below the product's data directory; it stays SQLite."),
    ...everyKind,
});

const entry = z.object({ ...whose, method: z.literal("sqlite") });

export const sqlite = {
    settings,
    example: "{kind: sqlite}",
    place: () => "",
    checks: () => [],
    provider: "sqlite",
    sessions: () => undefined,
    unit: () => undefined,
    onHost: () => undefined,
    capture: {
        by: "volume",
        method: "sqlite",
        why: () => "it lies among the product's data and is captured with it",
        entrySchema: entry,
        entry: (_config, of) => ({ ...of, method: "sqlite" }),
    },
    restore: { makes: "nothing", stays: ({ role }) => ({ kind: "sqlite", role }) },
    published: z.object({ ...everyKind, kind: z.literal("sqlite") }),
} as const satisfies DatabaseKind<z.infer<typeof settings>, z.infer<typeof entry>>;
