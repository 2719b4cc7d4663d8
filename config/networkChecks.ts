// Conditions between the ranges of an environment's network, and (for logic/gates.ts) between these and production's hosts.
import { z } from "zod";
import { Between, doubles } from "./between";
import type { environmentSchema } from "./environment";
import { overlap, parseRange, Range, rangesOf, rangesWith, tooWide, within } from "./ranges";

type Network = z.infer<typeof environmentSchema>["network"];

const path = "posit:network";
const lists = ["operatorCidrs", "userCidrs", "packageCidrs", "storageCidrs", "dnsCidrs"] as const;

export function networkChecks(network: Network): Between[] {
    return [...widthChecks(network), ...placeChecks(network), ...listChecks(network)];
}

/** In no spelling open to the world. */
function widthChecks(network: Network): Between[] {
    const wide = (key: (typeof lists)[number], says: string): Between[] => {
        const reason = tooWide(network[key]);
        return reason === undefined ? [] : [{ at: `${path}.${key}`, says: `${says}: ${reason}` }];
    };
    const toTheWorld = "would open the environment to the world; name the networks people come from";
    const people = [...wide("operatorCidrs", toTheWorld), ...wide("userCidrs", toTheWorld)];
    const together = people.length === 0 ? tooWide([...network.operatorCidrs, ...network.userCidrs]) : undefined;
    return [
        ...people,
        ...(together !== undefined
            ? [
                  {
                      at: `${path}.userCidrs`,
                      says: `together with operatorCidrs ${toTheWorld}: ${together}`,
                      also: [`${path}.operatorCidrs`],
                  },
              ]
            : []),
        ...wide("dnsCidrs", "must name the resolvers, not the world"),
        ...wide("storageCidrs", "must name the file servers, not the world"),
        ...(network.natSubnetCidr === undefined
            ? wide(
                  "packageCidrs",
                  "is for repositories on the internet, which hosts reach by natSubnetCidr only; set that, or name the mirrors",
              ).map((problem) => ({ ...problem, also: [`${path}.natSubnetCidr`] }))
            : []),
    ];
}

/** The VPC, what lies in it, and what can't. */
function placeChecks(network: Network): Between[] {
    const vpc = parseRange(network.vpcCidr) as Range;
    const subnets = [
        ...network.subnetCidrs.map((cidr, index) => ({ at: `${path}.subnetCidrs[${index}]`, cidr })),
        ...(network.natSubnetCidr === undefined ? [] : [{ at: `${path}.natSubnetCidr`, cidr: network.natSubnetCidr }]),
    ].map((subnet) => ({ ...subnet, range: parseRange(subnet.cidr) as Range }));
    // AWS: VPCs and subnets have a length from /16 to /28.
    const sizes = [{ at: `${path}.vpcCidr`, cidr: network.vpcCidr, range: vpc }, ...subnets]
        .filter(({ range }) => range.prefix < 16 || range.prefix > 28)
        .map(({ at, cidr }) => ({ at, says: `${cidr} must have a length from /16 to /28: AWS makes no other` }));
    return [
        ...sizes,
        ...subnets
            .filter(({ range }) => !within(range, vpc))
            .map(({ at, cidr }) => ({
                at,
                says: `${cidr} does not lie within vpcCidr ${network.vpcCidr}`,
                also: [`${path}.vpcCidr`],
            })),
        ...subnets.flatMap(({ at, cidr, range }, index) =>
            subnets
                .slice(0, index)
                .filter((other) => overlap(range, other.range))
                .map((other) => ({ at, says: `${cidr} overlaps ${other.cidr}`, also: [other.at] })),
        ),
        // A wider range that has the VPC in it is fine: the VPC's own route is the closer one.
        ...(["operatorCidrs", "userCidrs", "storageCidrs"] as const).flatMap((key) =>
            network[key]
                .filter((cidr) => rangesOf([cidr]).some((range) => within(range, vpc)))
                .map((cidr) => ({
                    at: `${path}.${key}`,
                    says: `${cidr} lies within vpcCidr, the new network itself: nobody comes from there, and no route can lead back`,
                    also: [`${path}.vpcCidr`],
                })),
        ),
    ];
}

function listChecks(network: Network): Between[] {
    const twice = (key: (typeof lists)[number] | "zones") =>
        doubles(network[key], (item) => item).map(({ item, index }) => ({
            at: `${path}.${key}[${index}]`,
            says: `${item} stands there twice`,
        }));
    return [
        ...(network.zones.length !== network.subnetCidrs.length
            ? [
                  {
                      at: `${path}.subnetCidrs`,
                      says: "must have one range for each of posit:network.zones",
                      also: [`${path}.zones`],
                  },
              ]
            : []),
        ...twice("zones"),
        ...lists.flatMap(twice),
    ];
}

/**
 * Where the new network meets production's hosts: what is called from there is content that reaches the real thing. The whole internet by NAT
 * is what posit:network.packageCidrs may say; hosts that a route leads to are none of it. Only IPv4 addresses can be held against ranges.
 */
export function productionInReach(network: Network, places: { what: string; address: string }[]): string[] {
    const { vpcCidr, operatorCidrs, userCidrs, packageCidrs, storageCidrs, dnsCidrs } = network;
    const routed = [...operatorCidrs, ...userCidrs, ...storageCidrs, ...dnsCidrs];
    const called = { packageCidrs, storageCidrs, dnsCidrs };
    return places.flatMap(({ what, address }) => [
        ...rangesWith([vpcCidr], address).map(
            (cidr) =>
                `${path}.vpcCidr: ${cidr}, the new network's own range, has ${what} (${address}) in it, which could not be reached from there or the other way round; take another range`,
        ),
        ...(Object.keys(called) as (keyof typeof called)[]).flatMap((key) =>
            rangesWith(called[key], address)
                .filter((cidr) => tooWide([cidr]) === undefined || rangesWith(routed, address).length > 0)
                .map(
                    (cidr) =>
                        `${path}.${key}: ${cidr} has ${what} (${address}) in it; name only what the environment needs`,
                ),
        ),
    ]);
}
