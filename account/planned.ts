// What an environment is going to have, from its configuration: as the components make it (components/).
import type { PlainEnvironment } from "../config/schema";
import { rdsName } from "../logic/physicalNames";
import { byProduct, inOrder, perProduct, products } from "../products";
import type { ServerStanding, VolumeFacts } from "./facts";
import type { PlannedHost } from "./judges/image";

export function plannedHosts(config: PlainEnvironment): PlannedHost[] {
    return byProduct(perProduct((product) => config[product])).map(([product, own]) => ({
        title: products[product].title,
        key: `posit:${product}`,
        instanceType: own.instanceType,
        rootVolumeSize: own.rootVolumeSize,
        volumeSizes: products[product].dataMounts.map(() => own.volumeSize),
    }));
}

/** As components/environment.ts names the databases' servers. */
export function identifierOf({ project }: PlainEnvironment, stack: string): string {
    return `${project}-${stack}`;
}

/** GiB of the hosts' volumes; a capture's come beside those that stand, as big as their sources. */
export function plannedGib(config: PlainEnvironment, sources: VolumeFacts[]): number {
    const blank = plannedHosts(config).flatMap(({ rootVolumeSize, volumeSizes }) => [rootVolumeSize, ...volumeSizes]);
    const sizes = config.phase === "migrate" && sources.length > 0 ? sources.map(({ size }) => size) : blank;
    return sizes.reduce((sum, size) => sum + size, 0);
}

/** Servers that are to be made and don't stand: the fresh one, or one for each of production's. */
export function missingServers(
    config: PlainEnvironment,
    stack: string,
    standing: ServerStanding[],
    sources: string[],
): { name: string; storage: number }[] {
    const identifier = identifierOf(config, stack);
    const restored = standing
        .filter(({ server }) => sources.includes(server))
        .map(({ server, storage }) => ({ name: rdsName([identifier, `${config.restore}-${server}`]), storage }));
    const fresh = { name: rdsName([identifier]), storage: config.database.allocatedStorage };
    const wanted = config.phase === "migrate" && restored.length > 0 ? restored : [fresh];
    return wanted.filter(({ name }) => !standing.some(({ server }) => server === name));
}

/**
 * Of the security group that has most in one direction, as components/network.ts makes them: a rule for each range and port, and one for each
 * of the other products (tests/account/rules.test.ts holds the two together).
 */
export function mostRules({ network, front }: PlainEnvironment): number {
    const { operatorCidrs, userCidrs, packageCidrs, storageCidrs, dnsCidrs } = network;
    const others = inOrder.length - 1;
    const people = new Set([...operatorCidrs, ...userCidrs]).size;
    const inward = operatorCidrs.length + people + others;
    const fronts = front === undefined ? 0 : inOrder.length;
    const outward = others + fronts + 1 + 2 * packageCidrs.length + storageCidrs.length + 2 * dnsCidrs.length;
    return Math.max(inward, outward, operatorCidrs.length + inOrder.length);
}
