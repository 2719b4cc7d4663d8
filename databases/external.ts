// A Postgres server that is neither RDS nor on the product's host: dumped to the host's volume while everything is closed (decision 11).
import { z } from "zod";
import { hostAddress, port } from "../config/leaves";
import { postgresPort, withRole } from "../products";
import { DatabaseKind, everyKind } from "./kind";
import { loadedEntry, majorOf, notedEntry, postgresSettings } from "./postgres";

const settings = z.strictObject({
    kind: z.literal("external").describe("A Postgres server that is neither RDS nor on the product's host."),
    ...everyKind,
    host: hostAddress.describe("Its address, as the product's host reaches it.").meta({ examples: ["db.acme.com"] }),
    port: port.default(postgresPort).describe("Its port."),
    ...postgresSettings,
});

/** One on RDS that is dumped is taken as if it were elsewhere, and remembers its server. */
export type DumpedConfig = z.infer<typeof settings> & { server?: string };

const entry = z.object({
    ...loadedEntry,
    method: z.literal("dump"),
    /** The server of RDS that it was dumped from. */
    server: z.string().optional(),
});

export const external = {
    settings,
    example: "{kind: external, …}",
    place: ({ host, port: at, name }) => `external ${host.toLowerCase()}:${at} ${name}`,
    checks: () => [],
    provider: "postgres",
    sessions: ({ host, port: at, name, user }) => ({ host, port: at, name, user, restorable: false }),
    unit: () => undefined,
    onHost: ({ kind, role, host, port: at, name, user }, { token, folder, room, password, ca }) => ({
        kind,
        role,
        path: `${folder}/.posit-capture/${withRole(token, role)}.dump`,
        dumped: true,
        server: { host, port: at, name, user, password, ca },
        ...(room !== undefined && { room }),
    }),
    capture: {
        by: "volume",
        method: "dump",
        why: ({ host }) =>
            `the server ${host} has no snapshots that agree with the host's volumes; production stays closed while it is dumped to one of them`,
        entrySchema: entry,
        entry: ({ name, user, server }, of, noted) =>
            noted && { ...of, method: "dump", name, user, ...notedEntry(noted), ...(server && { server }) },
    },
    restore: { makes: "loadedServer", majorVersion: majorOf },
    published: undefined,
} as const satisfies DatabaseKind<DumpedConfig, z.infer<typeof entry>>;
