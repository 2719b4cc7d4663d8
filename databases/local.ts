// Postgres on the product's own host: stopped with it, and its data directory captured with its volume (decision 11).
import { z } from "zod";
import { pathLike, text } from "../config/leaves";
import { DatabaseKind, everyKind } from "./kind";
import { loadedEntry, majorOf, notedEntry, postgresSettings } from "./postgres";

const settings = z.strictObject({
    kind: z.literal("local").describe("Postgres on the product's own host; it is closed and captured with it."),
    ...everyKind,
    unit: text("must be the name of a systemd service", "postgresql@15-main", (value) =>
        /\.(service|socket|target|timer|slice|mount)$/.test(value)
            ? "has a suffix; name the service without `.service`, or what forbids its start while closed goes to a unit that nobody has"
            : /^[A-Za-z0-9_][A-Za-z0-9:_.@\\-]{0,127}$/.test(value)
              ? undefined
              : "must be the name of a systemd service, without blanks",
    ).describe("Its systemd unit, without `.service`."),
    dataDirectory: pathLike("/var/lib/postgresql/15/main").describe(
        "Its data directory; must lie on one of dataVolumes.",
    ),
    ...postgresSettings,
});

const entry = z.object({ ...loadedEntry, method: z.literal("folder") });

export const local = {
    settings,
    example: "{kind: local, …}",
    place: () => "",
    checks: ({ dataDirectory }, { at, volumesAt, isCaptured }) =>
        isCaptured(dataDirectory)
            ? []
            : [
                  {
                      at: `${at}.dataDirectory`,
                      says: `${dataDirectory} lies on none of dataVolumes, so no capture would have it; add its volume`,
                      also: [volumesAt],
                  },
              ],
    provider: "postgres",
    sessions: () => undefined,
    unit: ({ unit }) => unit,
    onHost: ({ kind, role, unit, dataDirectory: path, name }) => ({ kind, role, unit, path, name, dumped: false }),
    capture: {
        by: "volume",
        method: "folder",
        why: ({ unit }) => `${unit} is stopped with its product and captured with its volume, whatever its size`,
        entrySchema: entry,
        entry: ({ name, user }, of, noted) => noted && { ...of, method: "folder", name, user, ...notedEntry(noted) },
    },
    restore: { makes: "loadedServer", majorVersion: majorOf },
    published: undefined,
} as const satisfies DatabaseKind<z.infer<typeof settings>, z.infer<typeof entry>>;
