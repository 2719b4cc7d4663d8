// A database on a server of RDS: captured by a moment that the server can be restored to, or by a snapshot of it, and restored as a new server.
import { z } from "zod";
import { text } from "../config/leaves";
import { DatabaseRole, postgresPort } from "../products";
import type { DumpedConfig } from "./external";
import { DatabaseKind, everyKind, ServerPlace } from "./kind";
import { postgresSettings } from "./postgres";
import type { SeenServer } from "./server";

const settings = z.strictObject({
    kind: z.literal("rds").default("rds").describe("Where the product's database is; RDS when absent."),
    ...everyKind,
    server: text(
        "must be an RDS instance identifier: 1 to 63 of a-z, 0-9 and single -, with a letter first",
        "acme-db",
        /^(?=.{1,63}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    ).describe("RDS instance identifier."),
    ...postgresSettings,
});

const published = z.object({
    ...everyKind,
    kind: z.literal("rds"),
    server: z.string(),
    host: z.string(),
    name: z.string(),
    user: z.string(),
});

export const rds = {
    settings,
    example: "{server, name, user} on RDS",
    place: ({ server, name }) => `rds ${server} ${name}`,
    checks: () => [],
    provider: "postgres",
    sessions: ({ server, name, user }, { address = server, port = postgresPort } = {}) => ({
        host: address,
        port,
        name,
        user,
        restorable: true,
    }),
    unit: () => undefined,
    onHost: () => undefined,
    capture: { by: "server", of: ({ server, name, user }) => ({ server, name, user }) },
    restore: { makes: "restoredServer" },
    published,
} as const satisfies DatabaseKind<z.infer<typeof settings>>;

/** As an environment publishes one on a server that it made, whatever it was in production. */
export function onOwnServer(of: {
    role: DatabaseRole;
    server: string;
    host: string;
    name: string;
    user: string;
}): z.infer<typeof published> {
    return { kind: "rds", ...of };
}

// ---- how servers are captured ----

/** One that is dumped to its product's volume is what a database elsewhere is. */
export function asDumped(
    { server, ...own }: z.infer<typeof settings>,
    { address = server, port = postgresPort }: ServerPlace = {},
): DumpedConfig {
    return { ...own, kind: "external", server, host: address, port };
}

/** A moment to restore to, or a snapshot that is finished while production is closed. */
export type ServerMethod = "pointInTime" | "snapshot";

export const captureOption = z
    .enum(["auto", "dump", "snapshot", "pointInTime"])
    .default("auto")
    .describe(
        "How databases on RDS are captured. `pointInTime` notes a moment, which needs no time and that the server keeps backups; `snapshot` keeps production closed until RDS has finished it; `dump` keeps it closed for a dump to the host's captured volume, which is loaded into a new server. `auto` takes a point in time where it can, and for a capture with `reopen: false` the way after which the new side can serve soonest: the run tries a dump to nowhere first, and says what it predicts. It dumps only what an environment has restored from a dump before, and no server with settings that a new one would not have. Other databases are captured with their host's volumes.",
    );
type CaptureOption = z.infer<typeof captureOption>;

/** What RDS says of a server. */
export interface ServerFacts extends SeenServer {
    /** Days; 0: no automated backups. */
    backupRetentionPeriod: number;
    storageEncrypted?: boolean;
}

/** The method with the shortest safe closed window, and why that one. */
export function serverMethod(
    option: CaptureOption,
    { backupRetentionPeriod }: ServerFacts,
): { method: ServerMethod | "dump"; why: string } {
    if (option === "snapshot" || option === "dump") {
        return { method: option, why: `the capture says database: ${option}` };
    }
    if (option === "auto" && backupRetentionPeriod === 0) {
        const why =
            "the server keeps no backups, so it can't be restored to a moment; production stays closed until RDS has finished the snapshot (a backup retention of a day would spare that)";
        return { method: "snapshot", why };
    }
    const why = "noting a moment takes no time, whatever the server's size";
    return { method: "pointInTime", why };
}

/** Why a server can't be captured so; asked before production is closed. */
export function serverFindings(
    { server, engine, backupRetentionPeriod }: ServerFacts & { server: string; engine: string },
    method: ServerMethod | "dump",
    option: CaptureOption,
): string[] {
    return [
        ...(engine === "postgres"
            ? []
            : [
                  `database server ${server} is ${engine}, which this version does not capture: move the databases to RDS for PostgreSQL first`,
              ]),
        ...(method === "pointInTime" && backupRetentionPeriod === 0
            ? [
                  `database server ${server} keeps no backups, so it can't be restored to a moment: give it a backup retention of a day or more, or set database: ${option === "auto" ? "snapshot" : "auto"} on the capture`,
              ]
            : []),
    ];
}
