// Where an environment will be, as far as the account tells: in a network of its own, as configured, or in one that is there.
import type { ExistingNetwork, OwnNetwork } from "../config/network";
import type { PlainEnvironment } from "../config/schema";
import { isExisting } from "../logic/networkPlace";
import { isOverridden } from "../logic/unmet";
import { AccountAsking, timed } from "./asking";
import { ifKnown } from "./answer";
import { AccountFinding, open } from "./finding";
import { judgeExisting } from "./judges/existing";
import { usualRules } from "./planned";
import { existingFacts, hostPlace, subnetRoutes } from "./questions/ec2Existing";

export interface PlannedPlace {
    /** Hosts live in the first; none where those of an existing network can't be told. */
    zones: string[];
    own?: OwnNetwork;
    /** What of a host's place is there. */
    there: { subnetId?: string; groupId?: string };
    /** What is to be said of an existing network. */
    findings: AccountFinding[];
}

export async function plannedPlace(asking: AccountAsking, config: PlainEnvironment): Promise<PlannedPlace> {
    const { network } = config;
    if (isExisting(network)) {
        return existing(asking, network, config);
    }
    const there = await hostPlace(asking.cloud, asking.tags, { subnetCidr: network.subnetCidrs[0] });
    return { zones: network.zones, own: network, there: "known" in there ? there.known : {}, findings: [] };
}

async function existing(
    asking: AccountAsking,
    network: ExistingNetwork,
    config: PlainEnvironment,
): Promise<PlannedPlace> {
    const { cloud, tags } = asking;
    const { vpcId, subnetIds } = network.existing;
    const [subnetId] = subnetIds;
    const [found, routes, there] = await timed(
        asking,
        "existing network",
        Promise.all([
            existingFacts(cloud, network.existing, tags),
            subnetRoutes(cloud, network.existing),
            hostPlace(cloud, tags, { subnetId, vpcId }),
        ]),
    );
    const known = { there: "known" in there ? there.known : { subnetId } };
    return ifKnown(
        found,
        (facts): PlannedPlace => {
            const accepted = isOverridden("network", config.overrides);
            const { place, findings } = judgeExisting(facts, { network, rules: usualRules(config), accepted, routes });
            const zones = [...new Set((place?.subnets ?? []).map(({ zone }) => zone))];
            return { ...known, zones, findings };
        },
        (why) => ({
            ...known,
            zones: [],
            findings: [open(`network ${vpcId}`, `${why}, so neither its zones nor what they offer are known`)],
        }),
    );
}
