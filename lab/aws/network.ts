// VPCs, subnets, security groups and their rules: real in the lab, enforced by its network.
import { callCloud } from "../cloud/client";
import type { SecurityGroupRule } from "../cloud/api";
import { ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { account, ifThere, refreshed, region, setTags, tagOutputs, tagsOf, withRegion } from "./shared";

const arn = (kind: string, id: string) => `arn:aws:ec2:${region}:${account}:${kind}/${id}`;

const vpcOutputs = (found: {
    vpcId: string;
    cidrBlock: string;
    defaultSecurityGroupId: string;
    tags: Record<string, string>;
}): Properties => ({
    arn: arn("vpc", found.vpcId),
    cidrBlock: found.cidrBlock,
    defaultSecurityGroupId: found.defaultSecurityGroupId,
    ownerId: account,
    ...tagOutputs(found.tags),
});

const vpc: ResourceType = {
    forceNew: ["cidrBlock", "region"],
    computed: ["arn", "defaultSecurityGroupId", "ownerId", "tagsAll"],
    defaults: withRegion,
    create: async (inputs) => {
        const made = await callCloud("CreateVpc", { cidrBlock: String(inputs.cidrBlock), tags: tagsOf(inputs) });
        return { id: made.vpcId, outputs: vpcOutputs(made) };
    },
    read: async (id, inputs) => {
        const found = await ifThere(callCloud("DescribeVpc", { vpcId: id }));
        return (
            found && {
                id,
                inputs: refreshed(inputs, { cidrBlock: found.cidrBlock, tags: found.tags }),
                outputs: { ...inputs, ...vpcOutputs(found) },
            }
        );
    },
    update: async (id, inputs) => {
        await setTags(id, inputs);
        return vpcOutputs(await callCloud("DescribeVpc", { vpcId: id }));
    },
    delete: async (id) => void (await callCloud("DeleteVpc", { vpcId: id })),
};

const subnet: ResourceType = {
    forceNew: ["vpcId", "cidrBlock", "availabilityZone", "region"],
    computed: ["arn", "ownerId", "tagsAll"],
    defaults: withRegion,
    create: async (inputs) => {
        const made = await callCloud("CreateSubnet", {
            vpcId: String(inputs.vpcId),
            cidrBlock: String(inputs.cidrBlock),
            availabilityZone: String(inputs.availabilityZone),
            tags: tagsOf(inputs),
        });
        return {
            id: made.subnetId,
            outputs: { arn: arn("subnet", made.subnetId), ownerId: account, ...tagOutputs(made.tags) },
        };
    },
    read: async (id, inputs) => {
        const found = await ifThere(callCloud("DescribeSubnet", { subnetId: id }));
        if (!found) {
            return undefined;
        }
        const { tags, vpcId, cidrBlock, availabilityZone } = found;
        const rest = { vpcId, cidrBlock, availabilityZone };
        return {
            id,
            inputs: refreshed(inputs, { ...rest, tags }),
            outputs: { ...inputs, ...rest, arn: arn("subnet", id), ownerId: account, ...tagOutputs(tags) },
        };
    },
    update: async (id, inputs) => {
        await setTags(id, inputs);
        return { arn: arn("subnet", id), ownerId: account, ...tagOutputs(tagsOf(inputs)) };
    },
    delete: async (id) => void (await callCloud("DeleteSubnet", { subnetId: id })),
};

const groupOutputs = (id: string, inputs: Properties, tags: Record<string, string>): Properties => ({
    ...inputs,
    arn: arn("security-group", id),
    ownerId: account,
    ...tagOutputs(tags),
});

const securityGroup: ResourceType = {
    forceNew: ["name", "description", "vpcId", "region"],
    optionalComputed: ["name", "ingress", "egress"],
    computed: ["arn", "ownerId", "tagsAll"],
    defaults: withRegion,
    create: async (inputs) => {
        const groupName = String(inputs.name ?? (tagsOf(inputs).Name || "terraform-group"));
        const made = await callCloud("CreateSecurityGroup", {
            groupName,
            description: String(inputs.description ?? "Managed by Pulumi"),
            vpcId: String(inputs.vpcId),
            tags: tagsOf(inputs),
        });
        return { id: made.groupId, outputs: { ...groupOutputs(made.groupId, inputs, made.tags), name: groupName } };
    },
    read: async (id, inputs, outputs) => {
        const found = await ifThere(callCloud("DescribeSecurityGroup", { groupId: id }));
        const actual = found && { description: found.description, vpcId: found.vpcId, tags: found.tags };
        return (
            found &&
            actual && {
                id,
                inputs: refreshed(inputs, actual),
                outputs: { ...outputs, ...groupOutputs(id, actual, found.tags), name: found.groupName },
            }
        );
    },
    update: async (id, inputs, outputs) => {
        await setTags(id, inputs);
        return { ...groupOutputs(id, inputs, tagsOf(inputs)), name: outputs.name };
    },
    delete: async (id) => void (await callCloud("DeleteSecurityGroup", { groupId: id })),
};

function ruleRequest(direction: "ingress" | "egress", inputs: Properties): Omit<SecurityGroupRule, "ruleId"> {
    return {
        groupId: String(inputs.securityGroupId),
        direction,
        protocol: String(inputs.ipProtocol),
        fromPort: inputs.fromPort as number | undefined,
        toPort: inputs.toPort as number | undefined,
        cidr: inputs.cidrIpv4 as string | undefined,
        referencedGroupId: inputs.referencedSecurityGroupId as string | undefined,
        description: inputs.description as string | undefined,
        tags: tagsOf(inputs),
    };
}

function rule(direction: "ingress" | "egress"): ResourceType {
    const outputs = (id: string, inputs: Properties): Properties => ({
        ...inputs,
        arn: arn("security-group-rule", id),
        securityGroupRuleId: id,
        ...tagOutputs(tagsOf(inputs)),
    });
    return {
        forceNew: ["securityGroupId", "region"],
        computed: ["arn", "securityGroupRuleId", "tagsAll"],
        defaults: withRegion,
        create: async (inputs) => {
            const { ruleId } = await callCloud("AuthorizeRule", ruleRequest(direction, inputs));
            return { id: ruleId, outputs: outputs(ruleId, inputs) };
        },
        read: async (id, inputs) => {
            const found = await ifThere(callCloud("DescribeRule", { ruleId: id }));
            if (!found) {
                return undefined;
            }
            const actual = refreshed(inputs, {
                securityGroupId: found.groupId,
                ipProtocol: found.protocol,
                fromPort: found.fromPort,
                toPort: found.toPort,
                cidrIpv4: found.cidr,
                referencedSecurityGroupId: found.referencedGroupId,
                description: found.description,
                tags: found.tags,
            });
            return { id, inputs: actual, outputs: outputs(id, actual) };
        },
        update: async (id, inputs) => {
            await callCloud("ModifyRule", { ruleId: id, ...ruleRequest(direction, inputs) });
            return outputs(id, inputs);
        },
        delete: async (id) => void (await callCloud("RevokeRule", { ruleId: id })),
    };
}

export const network: Record<string, ResourceType> = {
    "aws:ec2/vpc:Vpc": vpc,
    "aws:ec2/subnet:Subnet": subnet,
    "aws:ec2/securityGroup:SecurityGroup": securityGroup,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("ingress"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("egress"),
};
