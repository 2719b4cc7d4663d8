// What a killed run of this stack has left of its network in the cloud: found before anything is registered, in a preview too, and handed on to be
// taken over (decision 43). Asked only while the stack has published nothing.
import * as pulumi from "@pulumi/pulumi";
import {
    addressesOf,
    attachmentOf,
    gatewayOf,
    isOwnSubnetGroup,
    natGatewaysOf,
    NetworkQuestions,
    networkQuestions,
    subnetsOf,
    vpcsOf,
} from "../cloud/leftNetwork";
import type { OwnNetwork } from "../config/network";
import { LeftNetwork, idsLeft, nothingLeft, onlyOne, stackTags, Tags, vpcToTake } from "../logic/leftNetwork";
import type { NetworkPlace } from "../logic/networkPlace";
import { refuse } from "./refusals";

export interface PlannedNetwork {
    place: NetworkPlace;
    /** Of RDS; absent where no server is made. */
    subnetGroup?: string;
    /** All that everything of this stack has. */
    tags: Tags;
}

export async function leftNetwork(
    { place, subnetGroup, tags }: PlannedNetwork,
    ask: NetworkQuestions = networkQuestions,
): Promise<LeftNetwork> {
    const own = stackTags(tags);
    const [network, hasGroup] = await Promise.all([
        place.kind === "own" ? ownNetwork(place.network, own, ask) : nothingLeft,
        subnetGroup !== undefined && isOwnSubnetGroup(own, subnetGroup, ask),
    ]);
    const left = { ...network, ...(hasGroup && { subnetGroup }) };
    const names = idsLeft(left);
    if (names.length > 0) {
        void pulumi.log.info(
            `of the network there is already, from a run that ended: ${names.join(", ")}; this one goes on with it`,
        );
    }
    return left;
}

async function ownNetwork(network: OwnNetwork, own: Tags, ask: NetworkQuestions): Promise<LeftNetwork> {
    const { vpcCidr, natSubnetCidr } = network;
    const [vpc, addresses] = await Promise.all([
        vpcLeft(vpcCidr, own, ask),
        natSubnetCidr === undefined ? [] : addressesOf(own, ask),
    ]);
    return {
        ...nothingLeft,
        address: onlyOne(addresses),
        ...(vpc !== undefined && (await within(vpc, network, own, ask))),
    };
}

async function vpcLeft(range: string, own: Tags, ask: NetworkQuestions): Promise<string | undefined> {
    const ids = await vpcsOf(own, range, ask);
    const several = ids.length > 1;
    const seen = ids.map(async (id) => ({
        id,
        hasSubnets: several && (await subnetsOf(own, id, undefined, ask)).length > 0,
    }));
    const found = vpcToTake(await Promise.all(seen), range);
    if ("problem" in found) {
        refuse("this environment's network can't be made", [found.problem]);
        return undefined;
    }
    return found.vpc;
}

async function within(
    vpc: string,
    { subnetCidrs, natSubnetCidr, transitGatewayId }: OwnNetwork,
    own: Tags,
    ask: NetworkQuestions,
): Promise<LeftNetwork> {
    const ranges = [...subnetCidrs, ...(natSubnetCidr === undefined ? [] : [natSubnetCidr])];
    const [subnets, gateway, transit] = await Promise.all([
        Promise.all(ranges.map(async (range) => [range, onlyOne(await subnetsOf(own, vpc, range, ask))] as const)),
        natSubnetCidr === undefined ? undefined : gatewayOf(own, vpc, ask),
        transitGatewayId === undefined ? undefined : attachmentOf(own, vpc, transitGatewayId, ask),
    ]);
    const found = Object.fromEntries(subnets.flatMap(([range, id]) => (id === undefined ? [] : [[range, id]])));
    const natSubnet = natSubnetCidr === undefined ? undefined : found[natSubnetCidr];
    const nat = natSubnet === undefined ? undefined : onlyOne(await natGatewaysOf(own, vpc, natSubnet, ask));
    return { vpc, subnets: found, gateway, transit, nat };
}
