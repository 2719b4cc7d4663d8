// Conditions between the ranges of an environment's network; logic/productionInReach.ts has those between these and production's hosts.
import { isExisting } from "../logic/networkPlace";
import { overlap, parseRange, Range, rangesOf, tooWide, isWithin } from "../logic/ranges";
import { Between, doubles } from "./between";
import type { ExistingNetwork, NetworkConfig, OwnNetwork } from "./network";

const path = "posit:network";
const lists = ["operatorCidrs", "userCidrs", "packageCidrs", "storageCidrs", "dnsCidrs"] as const;

export function networkChecks(network: NetworkConfig): Between[] {
    return [
        ...widthChecks(network),
        ...lists.flatMap((key) => twice(key, network[key])),
        ...(isExisting(network) ? existingChecks(network) : [...placeChecks(network), ...zoneChecks(network)]),
    ];
}

/** In no spelling open to the world. */
function widthChecks(network: NetworkConfig): Between[] {
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
        // What leads to the internet in a network that is there is not ours to know.
        ...(!isExisting(network) && network.natSubnetCidr === undefined
            ? wide(
                  "packageCidrs",
                  "is for repositories on the internet, which hosts reach by natSubnetCidr only; set that, or name the mirrors",
              ).map((problem) => ({ ...problem, also: [`${path}.natSubnetCidr`] }))
            : []),
    ];
}

/** The VPC, what lies in it, and what can't. */
function placeChecks(network: OwnNetwork): Between[] {
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
            .filter(({ range }) => !isWithin(range, vpc))
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
                .filter((cidr) => rangesOf([cidr]).some((range) => isWithin(range, vpc)))
                .map((cidr) => ({
                    at: `${path}.${key}`,
                    says: `${cidr} lies within vpcCidr, the new network itself: nobody comes from there, and no route can lead back`,
                    also: [`${path}.vpcCidr`],
                })),
        ),
    ];
}

function zoneChecks({ zones, subnetCidrs }: OwnNetwork): Between[] {
    return [
        ...(zones.length !== subnetCidrs.length
            ? [
                  {
                      at: `${path}.subnetCidrs`,
                      says: "must have one range for each of posit:network.zones",
                      also: [`${path}.zones`],
                  },
              ]
            : []),
        ...twice("zones", zones),
    ];
}

function existingChecks({ existing: { subnetIds } }: ExistingNetwork): Between[] {
    return twice("existing.subnetIds", subnetIds);
}

function twice(key: string, items: string[]): Between[] {
    return doubles(items, (item) => item).map(({ item, index }) => ({
        at: `${path}.${key}[${index}]`,
        says: `${item} stands there twice`,
    }));
}
