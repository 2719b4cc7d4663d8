// Where an environment's network meets production's hosts, which only what production publishes tells.
import type { EnvironmentConfig } from "../config/schema";
import { NetworkPlace, rangesOfPlace } from "./networkPlace";
import { rangesWith, tooWide } from "./ranges";

/**
 * Where the new network meets production's hosts: what is called from there is content that reaches the real thing. The whole internet by NAT
 * is what posit:network.packageCidrs may say; hosts that a route leads to are none of it. Only IPv4 addresses can be held against ranges.
 */
export function productionInReach(
    network: EnvironmentConfig["network"],
    place: NetworkPlace,
    places: { what: string; address: string }[],
): string[] {
    const { operatorCidrs, userCidrs, packageCidrs, storageCidrs, dnsCidrs } = network;
    // In a network that is there production may be a neighbour, to which only a rule could lead.
    const routed = [...operatorCidrs, ...userCidrs, ...storageCidrs, ...dnsCidrs, ...rangesOfPlace(place)];
    const called = { packageCidrs, storageCidrs, dnsCidrs };
    return places.flatMap(({ what, address }) => [
        ...rangesWith(place.kind === "own" ? [place.network.vpcCidr] : [], address).map(
            (cidr) =>
                `posit:network.vpcCidr: ${cidr}, the new network's own range, has ${what} (${address}) in it, which could not be reached from there or the other way round; take another range`,
        ),
        ...(Object.keys(called) as (keyof typeof called)[]).flatMap((key) =>
            rangesWith(called[key], address)
                .filter((cidr) => tooWide([cidr]) === undefined || rangesWith(routed, address).length > 0)
                .map(
                    (cidr) =>
                        `posit:network.${key}: ${cidr} has ${what} (${address}) in it; name only what the environment needs`,
                ),
        ),
    ]);
}
