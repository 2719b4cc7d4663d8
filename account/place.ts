// Where an environment will be, as far as the account tells: in a network of its own, as configured, or in one that is there.
import type { ExistingNetwork, NetworkConfig, OwnNetwork } from "../config/network";
import { existingPlace, isExisting } from "../logic/networkPlace";
import { AccountAsking, timed } from "./asking";
import { ifKnown } from "./answer";
import { AccountFinding, ok, open, wrong } from "./finding";
import { existingFacts } from "./questions/ec2Network";

export interface PlannedPlace {
    /** Hosts live in the first; none where those of an existing network can't be told. */
    zones: string[];
    own?: OwnNetwork;
    /** Of an existing network: where hosts will be. */
    subnetId?: string;
    /** What is to be said of an existing network. */
    findings: AccountFinding[];
}

export async function plannedPlace(asking: AccountAsking, network: NetworkConfig): Promise<PlannedPlace> {
    return isExisting(network) ? existing(asking, network) : { zones: network.zones, own: network, findings: [] };
}

async function existing(asking: AccountAsking, network: ExistingNetwork): Promise<PlannedPlace> {
    const { vpcId, subnetIds } = network.existing;
    const about = `network ${vpcId}`;
    const [subnetId] = subnetIds;
    const found = await timed(asking, "existing network", existingFacts(asking.cloud, network.existing));
    return ifKnown(
        found,
        (facts): PlannedPlace => {
            const place = existingPlace(network, facts);
            if (Array.isArray(place)) {
                const remedy = "correct posit:network.existing, or the account and region";
                return { zones: [], subnetId, findings: place.map((says) => wrong(about, says, remedy)) };
            }
            const subnets = place.kind === "existing" ? place.subnets : [];
            const zones = [...new Set(subnets.map(({ zone }) => zone))];
            return {
                ...{ zones, subnetId },
                findings: [ok(about, `is there, with subnets in ${zones.join(", ")}${publicWords(subnets[0])}`)],
            };
        },
        (why) => ({
            ...{ zones: [], subnetId },
            findings: [open(about, `${why}, so neither its zones nor what they offer are known`)],
        }),
    );
}

function publicWords(hosts: { id: string; publicAddresses: boolean } | undefined): string {
    return hosts?.publicAddresses
        ? `; hosts get no public address in ${hosts.id}, though it gives them, so they need another way out than an internet gateway`
        : "";
}
