// Databases on RDS that a capture takes as if they were elsewhere: dumped to their product's volume.
import type { CaptureManifest } from "../../contract/production";
import { DatabaseConfig, dumpedToVolume, isDumpNoted, serverOf, ServerPlace } from "../../databases";
import { dumpedServers, MethodChoice } from "../../logic/capture/methods";
import type { HostMarker } from "../../logic/capture/state";
import { byProduct, DatabaseRole, mapProducts, ProductId } from "../../products";
import type { NamedSide } from "../sides";

export interface Dumped {
    product: ProductId;
    role: DatabaseRole;
}

/** By what was recorded, or what hosts noted; `undefined` where nothing was taken yet. */
export function dumpedBefore(recorded: CaptureManifest | undefined, markers: HostMarker[]): Dumped[] | undefined {
    if (recorded) {
        return recorded.volumeDatabases.filter(isDumpNoted).map(({ product, role }) => ({ product, role }));
    }
    const closed = markers.filter(({ closedAt }) => closedAt !== undefined);
    return closed.length === 0
        ? undefined
        : closed.flatMap(({ product, databases = [] }) =>
              product ? databases.filter(isDumpNoted).map(({ role }) => ({ product, role })) : [],
          );
}

export function chosenToDump(side: NamedSide, methods: MethodChoice[]): Dumped[] {
    const servers = dumpedServers(methods);
    return byProduct(side.hosts).flatMap(([product, { databases }]) =>
        databases.filter((one) => servers.includes(serverOf(one) ?? "")).map(({ role }) => ({ product, role })),
    );
}

/** The side as the capture takes it. */
export function withDumped(side: NamedSide, dumped: Dumped[], places: Record<string, ServerPlace>): NamedSide {
    const isDumped = (product: ProductId, { role }: DatabaseConfig) =>
        dumped.some((one) => one.product === product && one.role === role);
    return {
        ...side,
        hosts: mapProducts(side.hosts, (host, product) => ({
            ...host,
            databases: host.databases.map((database) =>
                isDumped(product, database) ? dumpedToVolume(database, places[serverOf(database) ?? ""]) : database,
            ),
        })),
    };
}
