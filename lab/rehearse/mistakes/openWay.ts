// EXISTING=1: somebody opens a way from the environment to production, in a network that is not the program's own: a peering connection with its
// routes, and rules by hand in groups of both sides. One host reaches one port by it, and just that must be told.
import type { Route } from "../../cloud/api";
import { callCloud } from "../../cloud/client";
import { vpcPeering } from "../../cloud/network/reach";
import { ports } from "../../legacy/world";
import type { EnvironmentOutputs } from "../../../contract/environment";
import { firstRestore } from "../commits";
import type { Rehearsal } from "../rehearsal";
import type { Mistake } from "./mistakes";

/** Tried when the environment gets a content: what stands since phase install has groups that can be opened. */
export const existingMistakes: Mistake[] = [
    {
        name: "a way to production in a network that was there",
        stack: "staging",
        changes: (rehearsal) => firstRestore.changes(rehearsal),
        break: openWay,
        says: [
            new RegExp(
                `\\[isolation\\] \\S+ reaches production's Package Manager \\(10\\.10\\.1\\.\\d+, port ${ports.packageManager}\\); so what runs here`,
            ),
            /a route or peer of posit:network\.existing leads there, and a security group lets it through/,
        ],
    },
];

async function openWay({ facts, existing, stacks }: Rehearsal): Promise<() => Promise<void>> {
    if (!existing) throw new Error("Only a network that was there can have a way that the program did not make.");
    const [here, there] = [existing.network, facts.network];
    const peering = await callCloud("CreateThing", {
        type: vpcPeering,
        properties: { vpcId: here.vpcId, peerVpcId: there.vpcId },
    });
    const routes: Route[] = [
        { routeTableId: here.routeTableId, destinationCidrBlock: there.cidr, vpcPeeringConnectionId: peering.id },
        { routeTableId: there.routeTableId, destinationCidrBlock: here.cidr, vpcPeeringConnectionId: peering.id },
    ];
    for (const route of routes) await callCloud("CreateRoute", route);
    const { hosts } = stacks.staging.outputs.contract as EnvironmentOutputs;
    const rules = [
        await openGroup(hosts.connect.instanceId, "egress", there.cidr),
        await openGroup(facts.hosts.packageManager.instanceId, "ingress", here.cidr),
    ];
    return async () => {
        for (const ruleId of rules) await callCloud("RevokeRule", { ruleId });
        for (const { routeTableId, destinationCidrBlock } of routes)
            await callCloud("DeleteRoute", { routeTableId, destinationCidrBlock });
        await callCloud("DeleteThing", { id: peering.id });
    };
}

async function openGroup(instanceId: string, direction: "ingress" | "egress", cidr: string): Promise<string> {
    const [groupId] = (await callCloud("DescribeInstance", { instanceId })).securityGroupIds;
    const port = ports.packageManager;
    const rule = { groupId, direction, protocol: "tcp", fromPort: port, toPort: port, cidr, tags: {} };
    return (await callCloud("AuthorizeRule", rule)).ruleId;
}
