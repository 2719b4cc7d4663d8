// An environment in a network that is there already (EXISTING=1): the network, made by hand in the lab's cloud before staging's first `up`, and what
// is proved of it: nothing but security groups is made there, and the network stays as it was.
import { callCloud } from "../cloud/client";
import { buildByHand, type HandMadeNetwork } from "../legacy/handMadeNetwork";
import { productIds } from "../../products/ids";
import { canonical } from "./proofs/compare";
import type { Rehearsal } from "./rehearsal";
import { exportState } from "./stack";

/** Not the range of the network that an environment makes by itself. */
export const existingRanges = {
    vpc: "10.30.0.0/16",
    subnets: { "us-east-1a": "10.30.1.0/24", "us-east-1b": "10.30.2.0/24" },
};

export interface ExistingNetwork {
    network: HandMadeNetwork;
    /** As the cloud told it before anything was in it. */
    before: unknown;
}

export async function buildExistingNetwork(): Promise<ExistingNetwork> {
    const tags = (name: string) => ({ Name: name, ManagedBy: "the network team" });
    const network = await buildByHand("shared-services", existingRanges, tags);
    return { network, before: await toldOf(network) };
}

/** In a stack file's words. */
export const existingPlaceValues = ({ network }: ExistingNetwork) => ({
    existing: { vpcId: network.vpcId, subnetIds: Object.values(network.subnets) },
});

async function toldOf({ vpcId, routeTableId, subnets }: HandMadeNetwork): Promise<unknown> {
    return {
        vpc: await callCloud("DescribeVpc", { vpcId }),
        table: await callCloud("DescribeRouteTable", { routeTableId }),
        route: await callCloud("DescribeRoute", { routeTableId, destinationCidrBlock: "0.0.0.0/0" }),
        subnets: await Promise.all(Object.values(subnets).map((subnetId) => callCloud("DescribeSubnet", { subnetId }))),
    };
}

interface Exported {
    deployment: { resources?: { type: string; urn: string; outputs?: { vpcId?: unknown } }[] };
}

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** What a state has that is the network's owner's to make. */
export function partsOfNetwork({ deployment }: Exported): string[] {
    const parts =
        /^aws:ec2(transitgateway)?\/(vpc|subnet|route|mainRouteTable|internetGateway|natGateway|eip|networkAcl|egressOnly|managedPrefixList)/;
    return (deployment.resources ?? [])
        .filter(({ type }) => parts.test(type))
        .map(({ type, urn }) => `${type} ${nameOf(urn)}`);
}

/** What is missing in a state of an environment in that VPC: a group for each host and the databases, and each host's try to reach production. */
export function missingInState({ deployment }: Exported, vpcId: string): string[] {
    const resources = deployment.resources ?? [];
    const groups = resources.filter(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup");
    const tries = resources.filter(({ urn }) => /-isolation$/.test(nameOf(urn)));
    return [
        ...groups.filter(({ outputs }) => outputs?.vpcId !== vpcId).map(({ urn }) => `${nameOf(urn)} is elsewhere`),
        ...(groups.length === productIds.length + 1 ? [] : [`${groups.length} security groups`]),
        ...(tries.length === productIds.length ? [] : [`${tries.length} hosts tried to reach production`]),
    ];
}

export async function checkExistingNetwork({ existing, stacks, recorder }: Rehearsal, when: string): Promise<void> {
    if (!existing) return;
    const state = JSON.parse(await exportState(stacks.staging)) as Exported;
    const parts = partsOfNetwork(state);
    recorder.check(`${when}: nothing of a network but security groups is in staging's state`, parts.length === 0, {
        before: [],
        after: parts,
    });
    const missing = missingInState(state, existing.network.vpcId);
    recorder.check(`${when}: the groups are in the network that was there, and each host tried`, missing.length === 0, {
        before: [],
        after: missing,
    });
    const now = await toldOf(existing.network);
    recorder.check(`${when}: the network itself is as it was`, canonical(now) === canonical(existing.before), {
        before: existing.before,
        after: now,
    });
}
