// What an environment is going to have, from its configuration: as the components make it (components/).
import type { PlainEnvironment } from "../config/schema";
import { givenProfile } from "../logic/instanceProfiles";
import { answeringOf } from "../logic/publicEndpoints";
import { rdsName } from "../logic/physicalNames";
import { PlannedRule, plannedRules } from "../logic/securityRules";
import { restoredSpeed } from "../logic/volumeSpeed";
import { byProduct, perProduct, products } from "../products";
import type { ServerStanding, VolumeFacts } from "./facts";
import type { PlannedHost } from "./judges/image";

export function plannedHosts(config: PlainEnvironment): PlannedHost[] {
    return byProduct(perProduct((product) => config[product])).map(([product, own]) => ({
        product,
        title: products[product].title,
        key: `posit:${product}`,
        instanceType: own.instanceType,
        ...present(givenProfile(own)),
        rootVolumeSize: own.rootVolumeSize,
        volumeSizes: products[product].dataMounts.map(() => own.volumeSize),
    }));
}

const present = (instanceProfile: string | undefined) => (instanceProfile === undefined ? {} : { instanceProfile });

/** As components/environment.ts names the databases' servers. */
export function identifierOf({ project }: PlainEnvironment, stack: string): string {
    return `${project}-${stack}`;
}

/** The hosts' volumes; a capture's come beside those that stand, as big as their sources and of the type that theirs becomes. */
export function plannedStorage(config: PlainEnvironment, sources: VolumeFacts[]): { type: string; size: number }[] {
    return config.phase === "migrate" && sources.length > 0
        ? sources.map(({ type, size, iops }) => ({ type: restoredSpeed({ type, iops }, size).type, size }))
        : plannedHosts(config).flatMap(({ rootVolumeSize, volumeSizes }) =>
              [rootVolumeSize, ...volumeSizes].map((size) => ({ type: "gp3", size })),
          );
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

/** Where products answer at their usual ports. */
export function usualRules(config: PlainEnvironment): PlannedRule[] {
    return plannedRules({
        ...config.network,
        sshPort: config.ssh.port,
        answering: answeringOf(config, undefined),
    });
}

/** Of the security group that has most in one direction. */
export function mostRules(config: PlainEnvironment): number {
    const rules = usualRules(config);
    const sameWay = rules.map(
        (one) => rules.filter(({ group, direction }) => group === one.group && direction === one.direction).length,
    );
    return Math.max(...sameWay);
}
