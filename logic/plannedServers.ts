// The databases of an environment before it has any: which stay with their product's data, and which servers are made for the others, by name.
import type { CaptureManifest, ProductionOutputs } from "../contract/production";
import { DatabaseLocale, loadedOf, PublishedDatabase, staying } from "../databases";
import { DatabaseRole, inOrder, PerProduct, perProduct, ProductId, products } from "../products";
import { rdsName, rdsSubnetGroupName } from "./physicalNames";

export interface WantedDatabase {
    product: ProductId;
    role: DatabaseRole;
    name: string;
    user: string;
    /** How its source sorts. */
    locale?: DatabaseLocale;
}

export function stayingDatabases(
    capture: CaptureManifest | undefined,
    production: ProductionOutputs | undefined,
): PerProduct<PublishedDatabase[]> {
    return perProduct((product) =>
        products[product].databases.flatMap(
            ({ role }) => staying(product, role, { capture, inventory: production?.inventory[product] }) ?? [],
        ),
    );
}

/** Every database that belongs on a server, as a fresh one would be. */
export function wantedOnServers(stays: PerProduct<PublishedDatabase[]>): WantedDatabase[] {
    return inOrder.flatMap((product) =>
        products[product].databases
            .filter(({ role }) => !stays[product].some((other) => other.role === role))
            .map(({ role, defaultDatabase, defaultUser }) => ({
                product,
                role,
                name: defaultDatabase,
                user: defaultUser,
            })),
    );
}

/** What physical names begin with. */
export const serverBase = ({ project }: { project: string }, stack: string): string => `${project}-${stack}`;

/** Parts of the physical name; a capture's has its token, as its restored ones do. */
export function freshServer(base: string, capture: { token: string } | undefined): string[] {
    return [base, ...(capture ? [capture.token] : [])];
}

export function restoredServer(base: string, { token }: { token: string }, source: string): string[] {
    return [base, `${token}-${source}`];
}

/** The name of the group that all servers stand in. */
export const subnetGroupOf = (base: string): string => rdsSubnetGroupName([base, "subnets"]);

export interface EnvironmentServer {
    identifier: string;
    /** Empty, with what the configuration says; what is restored has its source's. */
    isFresh: boolean;
}

/** All that an `up` would make or keep. */
export function plannedServers(
    base: string,
    capture: CaptureManifest | undefined,
    stays: PerProduct<PublishedDatabase[]>,
): EnvironmentServer[] {
    const wanted = wantedOnServers(stays);
    if (wanted.length === 0) {
        return [];
    }
    const fresh = capture ? loadedOf(capture.volumeDatabases) : wanted;
    return [
        ...(fresh.length > 0 ? [{ identifier: rdsName(freshServer(base, capture)), isFresh: true }] : []),
        ...(capture?.databases ?? []).map(({ server }) => ({
            identifier: rdsName(restoredServer(base, capture!, server)),
            isFresh: false,
        })),
    ];
}
