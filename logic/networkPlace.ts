// Where an environment is placed: in a network that it makes, or in one that is there, as the cloud has it. Pure.
import type { ExistingNetwork, NetworkConfig, OwnNetwork } from "../config/network";

export type NetworkPlace =
    | { kind: "own"; network: OwnNetwork }
    | {
          kind: "existing";
          vpcId: string;
          /** The first one and those that were added. */
          vpcCidrs: string[];
          /** Hosts live in the first. */
          subnets: { id: string; zone: string; publicAddresses: boolean }[];
      };

/** As the cloud has them; what is not there is absent. */
export interface FoundNetwork {
    vpc?: { cidrs: string[]; dnsSupport: boolean };
    subnets: { id: string; found?: FoundSubnet }[];
}

export interface FoundSubnet {
    vpcId: string;
    zone: string;
    /** What is started in it gets a public address. */
    publicAddresses: boolean;
}

export function isExisting(network: NetworkConfig): network is ExistingNetwork {
    return "existing" in network;
}

/** The first subnet's zone is the hosts'. */
export function zoneOf(place: NetworkPlace): string {
    return place.kind === "own" ? place.network.zones[0] : place.subnets[0].zone;
}

/** The ranges in which AWS's own routes lead. */
export function rangesOfPlace(place: NetworkPlace): string[] {
    return place.kind === "own" ? [place.network.vpcCidr] : place.vpcCidrs;
}

/** The place, or what is wrong with it. */
export function existingPlace(
    { existing: { vpcId } }: ExistingNetwork,
    { vpc, subnets }: FoundNetwork,
): NetworkPlace | string[] {
    const at = "posit:network.existing";
    const found = subnets.flatMap(({ id, found: subnet }) => (subnet ? [{ id, ...subnet }] : []));
    const zones = new Set(found.map(({ zone }) => zone));
    const problems = [
        ...(vpc ? [] : [`${at}.vpcId: this account and region have no VPC ${vpcId}`]),
        ...subnets
            .filter((subnet) => !subnet.found)
            .map(({ id }) => `${at}.subnetIds: this account and region have no subnet ${id}`),
        ...found
            .filter((subnet) => subnet.vpcId !== vpcId)
            .map((subnet) => `${at}.subnetIds: ${subnet.id} belongs to ${subnet.vpcId}, not to ${vpcId}`),
        ...(found.length === subnets.length && zones.size < 2
            ? [
                  `${at}.subnetIds: all lie in ${[...zones].join()}, and a database subnet group needs subnets in two zones at least; name one of another zone too`,
              ]
            : []),
        ...(vpc?.dnsSupport === false
            ? [
                  `${at}.vpcId: ${vpcId} resolves no names (its attribute enableDnsSupport is off), so hosts could not find their database server; have it switched on`,
              ]
            : []),
    ];
    return vpc && problems.length === 0
        ? {
              kind: "existing",
              vpcId,
              vpcCidrs: vpc.cidrs,
              subnets: found.map(({ id, zone, publicAddresses }) => ({ id, zone, publicAddresses })),
          }
        : problems;
}
