// How each database gets into a capture: the method with the shortest safe closed window, and why that one.
import type { CaptureConfig, DatabaseConfig } from "../../config/schema";
import { byProduct, PerProduct, ProductId, products } from "../../products";

/** Of databases on RDS: a moment to restore to, or a snapshot that is finished while production is closed. */
export type ServerMethod = "pointInTime" | "snapshot";

/** Of databases that are not on RDS, by their kind: how each gets onto its product's volumes. */
export const volumeMethods = { external: "dump", local: "folder", sqlite: "sqlite" } as const;

export interface MethodChoice {
    /** A server's identifier, or a product whose database lies on its host's volumes. */
    of: string;
    method: ServerMethod | (typeof volumeMethods)[keyof typeof volumeMethods];
    /** For people, in the log of the run that closes production. */
    why: string;
}

/** What RDS says of a server. */
export interface ServerFacts {
    /** Days; 0: no automated backups. */
    backupRetentionPeriod: number;
}

/** One choice for each server and each database elsewhere. */
export function chooseMethods(
    capture: Pick<CaptureConfig, "database">,
    databases: PerProduct<DatabaseConfig>,
    servers: Record<string, ServerFacts>,
): MethodChoice[] {
    const onServers = Object.entries(servers).map(([server, facts]) => ({
        of: server,
        ...serverMethod(capture, facts),
    }));
    const slowest = onServers.find(({ method }) => method === "snapshot");
    const alike = onServers.map((choice) =>
        slowest && choice.method !== "snapshot"
            ? { ...choice, method: slowest.method, why: `as ${slowest.of}, since all servers are captured alike` }
            : choice,
    );
    return [...alike, ...byProduct(databases).flatMap(([product, database]) => elsewhere(product, database))];
}

export function serverMethodOf(choices: MethodChoice[]): ServerMethod {
    return choices.some(({ method }) => method === "snapshot") ? "snapshot" : "pointInTime";
}

function serverMethod(
    { database }: Pick<CaptureConfig, "database">,
    { backupRetentionPeriod }: ServerFacts,
): { method: ServerMethod; why: string } {
    if (database === "snapshot") {
        return { method: "snapshot", why: "the capture says database: snapshot" };
    }
    if (database === "auto" && backupRetentionPeriod === 0) {
        const why =
            "the server keeps no backups, so it can't be restored to a moment; production stays closed until RDS has finished the snapshot (a backup retention of a day would spare that)";
        return { method: "snapshot", why };
    }
    // For a final capture too: its restore waits five minutes for the log at most, a snapshot for as long as the server is big.
    const why = "noting a moment takes no time, whatever the server's size";
    return { method: "pointInTime", why };
}

function elsewhere(product: ProductId, database: DatabaseConfig): MethodChoice[] {
    return database.kind === "rds"
        ? []
        : [{ of: products[product].title, method: volumeMethods[database.kind], why: reason(database) }];
}

function reason(database: Exclude<DatabaseConfig, { kind: "rds" }>): string {
    switch (database.kind) {
        case "external":
            return `the server ${database.host} has no snapshots that agree with the host's volumes; production stays closed while it is dumped to one of them`;
        case "local":
            return `${database.unit} is stopped with its product and captured with its volume, whatever its size`;
        case "sqlite":
            return "it lies among the product's data and is captured with it";
    }
}
