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
export function freshServer(base: string, token: string | undefined): string[] {
    return [base, ...(token === undefined ? [] : [token])];
}

export function restoredServer(base: string, token: string, source: string): string[] {
    return [base, `${token}-${source}`];
}

/** The name of the group that all servers stand in. */
export const subnetGroupOf = (base: string): string => rdsSubnetGroupName([base, "subnets"]);

export interface EnvironmentServer {
    identifier: string;
    /** Empty, with what the configuration says; what is restored has its source's. */
    isFresh: boolean;
}

/** All that an `up` would make or keep; `prepare`: the token of a capture whose server is made before it. */
export function plannedServers(
    base: string,
    { capture, prepare }: { capture?: CaptureManifest; prepare?: string },
    stays: PerProduct<PublishedDatabase[]>,
): EnvironmentServer[] {
    const wanted = wantedOnServers(stays);
    if (wanted.length === 0) {
        return [];
    }
    const fresh = capture ? loadedOf(capture.volumeDatabases) : wanted;
    const ofFresh = [...(fresh.length > 0 ? [capture?.token] : []), ...(prepare === undefined ? [] : [prepare])];
    return [
        ...[...new Set(ofFresh)].map((token) => ({ identifier: rdsName(freshServer(base, token)), isFresh: true })),
        ...(capture === undefined
            ? []
            : capture.databases.map(({ server }) => ({
                  identifier: rdsName(restoredServer(base, capture.token, server)),
                  isFresh: false,
              }))),
    ];
}
