// What an environment is going to have, from its configuration: as the components make it (components/).
import type { PlainEnvironment } from "../config/schema";
import { answeringOf } from "../logic/publicEndpoints";
import { rdsName } from "../logic/physicalNames";
import { plannedRules } from "../logic/securityRules";
import { byProduct, perProduct, products } from "../products";
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

/** Servers that are to be made and don't stand: the fresh one, or one for each of production's; and the one that is prepared. */
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
    const prepared = config.prepare === undefined ? [] : [{ ...fresh, name: rdsName([identifier, config.prepare]) }];
    const wanted = [...(config.phase === "migrate" && restored.length > 0 ? restored : [fresh]), ...prepared];
    return wanted.filter(({ name }) => !standing.some(({ server }) => server === name));
}

/** Of the security group that has most in one direction, where products answer at their usual ports. */
export function mostRules(config: PlainEnvironment): number {
    const rules = plannedRules({
        ...config.network,
        sshPort: config.ssh.port,
        answering: answeringOf(config, undefined),
    });
    const sameWay = rules.map(
        (one) => rules.filter(({ group, direction }) => group === one.group && direction === one.direction).length,
    );
    return Math.max(...sameWay);
}
