// How each database gets into a capture: the method with the shortest safe closed window, and why that one.
import type { CaptureConfig } from "../../config/schema";
import { CarriedDatabase, DatabaseConfig, onVolumes, ServerFacts, ServerMethod, serverMethod } from "../../databases";
import { byProduct, DatabaseRole, PerProduct, ProductId, products, withRole } from "../../products";

export interface MethodChoice {
    /** A server's identifier, or a product whose database lies on its host's volumes. */
    of: string;
    method: ServerMethod | CarriedDatabase["method"];
    /** For people, in the log of the run that closes production. */
    why: string;
}

/** One choice for each server and each database elsewhere. */
export function chooseMethods(
    capture: Pick<CaptureConfig, "database">,
    databases: PerProduct<DatabaseConfig[]>,
    servers: Record<string, ServerFacts>,
): MethodChoice[] {
    const onServers = Object.entries(servers).map(([server, facts]) => ({
        of: server,
        ...serverMethod(capture.database, facts),
    }));
    const slowest = onServers.find(({ method }) => method === "snapshot");
    const alike = onServers.map((choice) =>
        slowest && choice.method !== "snapshot"
            ? { ...choice, method: slowest.method, why: `as ${slowest.of}, since all servers are captured alike` }
            : choice,
    );
    return [...alike, ...byProduct(databases).flatMap(([product, own]) => elsewhere(product, own))];
}

export function serverMethodOf(choices: MethodChoice[]): ServerMethod {
    return choices.some(({ method }) => method === "snapshot") ? "snapshot" : "pointInTime";
}

function elsewhere(product: ProductId, databases: DatabaseConfig[]): MethodChoice[] {
    return databases.flatMap((database) => {
        const choice = onVolumes(database);
        return choice ? [{ of: titleOf(product, database.role), ...choice }] : [];
    });
}

function titleOf(product: ProductId, role: DatabaseRole): string {
    return withRole(products[product].title, role);
}
