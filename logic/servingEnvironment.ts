// The gates of an environment that serves, or is protected: what would take users' data from under them is refused there. Pure.
import type { EnvironmentConfig } from "../config/schema";
import type { EnvironmentOutputs } from "../contract/environment";
import type { HostSide } from "../contract/host";
import { NetworkPlace, zoneOf } from "./networkPlace";
import { isGone, SideReport } from "./sideReport";
import type { Unmet } from "./unmet";
import { mayStillServe, unknownOf } from "./unreachable";

type Placed = NonNullable<EnvironmentOutputs["placed"]>;

export function placedBy({ kmsKeyId }: Pick<EnvironmentConfig, "kmsKeyId">, place: NetworkPlace): Placed {
    return {
        zone: zoneOf(place),
        ...(place.kind === "own"
            ? { subnetCidr: place.network.subnetCidrs[0], vpcCidr: place.network.vpcCidr }
            : { subnetId: place.subnets[0].id, vpcId: place.vpcId }),
        ...(kmsKeyId !== undefined && { kmsKeyId }),
    };
}

/** What this configuration would throw away or put aside of an environment with content, each as what it does. */
export function dangerousChanges(
    config: EnvironmentConfig,
    own: EnvironmentOutputs | undefined,
    place: NetworkPlace,
): string[] {
    if (own?.phase !== "migrate") {
        return [];
    }
    const settings: [keyof Placed, string][] = [
        ["zone", place.kind === "own" ? "network.zones[0]" : "network.existing.subnetIds[0], in zone"],
        ["subnetCidr", "network.subnetCidrs[0]"],
        ["vpcCidr", "network.vpcCidr"],
        ["subnetId", "network.existing.subnetIds[0]"],
        ["vpcId", "network.existing.vpcId"],
        ["kmsKeyId", "kmsKeyId"],
    ];
    const placed = placedBy(config, place);
    return [
        ...(config.phase === "install" ? ["posit:phase: install would throw its content away"] : []),
        ...(config.phase === "migrate" && own.restored !== undefined && own.restored !== config.restore
            ? [
                  `posit:restore: ${config.restore} would put another capture in the place of what users have written since ${own.restored}`,
              ]
            : []),
        ...settings
            .filter(([key]) => own.placed !== undefined && own.placed[key] !== placed[key])
            .map(
                ([key, path]) =>
                    `posit:${path} ${placed[key] ?? "(none)"} instead of ${own.placed?.[key] ?? "none"} would make its hosts or volumes anew`,
            ),
    ];
}

/**
 * What stands protected in the state is not deleted by the same `up` that takes the protection away: the engine looks at the state then. It would
 * refuse too, in a preview at best, and with a URN for each volume.
 * @param gone what else would be deleted that nobody's work is in.
 */
export function checkProtected(
    config: EnvironmentConfig,
    own: EnvironmentOutputs | undefined,
    place: NetworkPlace,
    gone: string[] = [],
): Unmet[] {
    if (own?.protected !== true) {
        return [];
    }
    const left =
        own.phase === "install" && config.phase === "migrate"
            ? ["posit:phase: migrate would delete the blank volumes and servers of phase install"]
            : dangerousChanges(config, own, place);
    return [...left, ...gone].map((change) => ({
        gate: "protected",
        condition: `${change}, and this environment is protected: set posit:deletionProtection to false and \`pulumi up\` with nothing else changed, then make this change`,
    }));
}

/** How an environment stands, where that matters. */
export interface EnvironmentStanding {
    /** Production published that this side serves, and its name is that stack's. */
    publishedBy?: string;
    /** Its own hosts; not asked where production has said it. */
    hosts?: SideReport;
}

/** Sides of a host that has users' work on it: a window closes only what serves. */
const withUsers: HostSide[] = ["serving", "staying", "closed"];

/** Asked only about dangerous changes. That production published another side settles nothing: a `serve` that was killed published nothing. */
export function checkServing(changes: string[], { publishedBy, hosts }: EnvironmentStanding): Unmet[] {
    if (changes.length === 0) {
        return [];
    }
    const serving = (hosts?.hosts ?? []).filter(({ state }) => state && withUsers.includes(state.side));
    const known =
        publishedBy !== undefined
            ? `stack ${publishedBy} says so`
            : serving.length > 0
              ? `${serving.map(({ product }) => product).join(", ")} says so`
              : undefined;
    if (known !== undefined) {
        return changes.map((change) => ({
            gate: "serving",
            condition: `this environment serves users (${known}): ${change}. Move the names to another side first (posit:serve of the production stack), or leave it as it is`,
        }));
    }
    return hosts ? unsettled(changes, hosts) : [];
}

/** What is gone serves nobody and never will; whoever replaces a host is not held up by it. */
function unsettled(changes: string[], hosts: SideReport): Unmet[] {
    return unknownOf(hosts)
        .filter((host) => !isGone(host))
        .map((host) =>
            mayStillServe(
                hosts,
                host,
                `what users may have written there is put aside or thrown away then: ${changes.join("; ")}`,
            ),
        );
}
