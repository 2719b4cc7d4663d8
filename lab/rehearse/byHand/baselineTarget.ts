// A machine to copy to by hand: a spare one in production's own network, as the new environment can't be reached from there.
import { randomBytes } from "node:crypto";
import { callCloud } from "../../cloud/client";
import { firstBoot } from "../../legacy/cloudParts";
import type { LegacyFacts } from "../../legacy/facts";
import { cidrs, login } from "../../legacy/world";
import { type HostAccess, waitForHost } from "../../ssh";
import { generateKeyPair } from "../../keyPair";

export interface SpareHost {
    access: HostAccess;
    remove(): Promise<void>;
}

export async function spareHost(facts: LegacyFacts): Promise<SpareHost> {
    const old = await callCloud("DescribeInstance", { instanceId: facts.hosts.connect.instanceId });
    const subnet = await callCloud("DescribeSubnet", { subnetId: old.subnetId });
    const name = `by-hand-${randomBytes(2).toString("hex")}`;
    const group = await callCloud("CreateSecurityGroup", {
        groupName: name,
        description: "Spare host for copies by hand",
        vpcId: subnet.vpcId,
        tags: {},
    });
    for (const [direction, cidr] of [
        ["ingress", cidrs.vpc],
        ["ingress", cidrs.operator],
        ["egress", "0.0.0.0/0"],
    ] as const) {
        await callCloud("AuthorizeRule", { groupId: group.groupId, direction, protocol: "-1", cidr, tags: {} });
    }
    const [key, hostKey] = [generateKeyPair(), generateKeyPair()];
    const instance = await callCloud("RunInstance", {
        imageId: "ami-0000000000000d13",
        instanceType: "m6i.large",
        subnetId: old.subnetId,
        securityGroupIds: [group.groupId],
        userData: firstBoot(name, key.public, hostKey),
        tags: { Name: name },
    });
    const access: HostAccess = {
        address: instance.privateIp,
        user: login.name,
        privateKey: key.private,
        hostKey: hostKey.public.split(" ").slice(0, 2).join(" "),
    };
    (await waitForHost(access)).close();
    return {
        access,
        async remove() {
            await callCloud("TerminateInstance", { instanceId: instance.instanceId });
            await callCloud("DeleteSecurityGroup", { groupId: group.groupId });
        },
    };
}
