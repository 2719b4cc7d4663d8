// VPCs, subnets, security groups and their rules: real in the lab, enforced by its network.
import { randomBytes } from "node:crypto";
import type { SecurityGroup, SecurityGroupRule, Subnet, Vpc } from "../cloud/api";
import { ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { ask } from "./asking";
import { account, arn, ifThere, onceVisible, setTags, tagOutputs, tagsOf, withRegion } from "./shared";
import { factsOf } from "./tables/table";

const vpcOutputs = (found: Vpc): Properties => ({
    arn: arn("vpc", found.vpcId),
    cidrBlock: found.cidrBlock,
    enableDnsHostnames: found.enableDnsHostnames,
    enableDnsSupport: found.enableDnsSupport,
    instanceTenancy: "default",
    defaultSecurityGroupId: found.defaultSecurityGroupId,
    mainRouteTableId: found.mainRouteTableId,
    defaultRouteTableId: found.mainRouteTableId,
    ownerId: account,
    ...tagOutputs(found.tags),
});

const dns = (inputs: Properties) => ({
    enableDnsHostnames: inputs.enableDnsHostnames as boolean | undefined,
    enableDnsSupport: inputs.enableDnsSupport as boolean | undefined,
});

const vpc: ResourceType = {
    ...factsOf("aws:ec2/vpc:Vpc"),
    defaults: withRegion,
    create: async (inputs, context) => {
        const { vpcId } = await ask("CreateVpc", {
            cidrBlock: String(inputs.cidrBlock),
            tags: tagsOf(inputs),
            ...dns(inputs),
        });
        const made = await onceVisible(vpcId, context, () => ask("DescribeVpc", { vpcId }));
        return { id: vpcId, outputs: vpcOutputs(made) };
    },
    read: async (id) => {
        const found = await ifThere(ask("DescribeVpc", { vpcId: id }));
        return found && { id, outputs: vpcOutputs(found) };
    },
    update: async (id, inputs) => {
        await ask("ModifyVpc", { vpcId: id, ...dns(inputs) });
        await setTags(id, inputs);
        return vpcOutputs(await ask("DescribeVpc", { vpcId: id }));
    },
    delete: async (id) => void (await ifThere(ask("DeleteVpc", { vpcId: id }))),
};

const subnetOutputs = ({ subnetId, vpcId, cidrBlock, availabilityZone, tags }: Subnet): Properties => ({
    ...{ arn: arn("subnet", subnetId), ownerId: account, vpcId, cidrBlock, availabilityZone },
    ...tagOutputs(tags),
});

const subnet: ResourceType = {
    ...factsOf("aws:ec2/subnet:Subnet"),
    defaults: withRegion,
    create: async (inputs, context) => {
        const { subnetId } = await ask("CreateSubnet", {
            vpcId: String(inputs.vpcId),
            cidrBlock: String(inputs.cidrBlock),
            availabilityZone: String(inputs.availabilityZone),
            tags: tagsOf(inputs),
        });
        const made = await onceVisible(subnetId, context, () => ask("DescribeSubnet", { subnetId }));
        return { id: subnetId, outputs: subnetOutputs(made) };
    },
    read: async (id) => {
        const found = await ifThere(ask("DescribeSubnet", { subnetId: id }));
        return found && { id, outputs: subnetOutputs(found) };
    },
    update: async (id, inputs) => {
        await setTags(id, inputs);
        return subnetOutputs(await ask("DescribeSubnet", { subnetId: id }));
    },
    delete: async (id) => void (await ifThere(ask("DeleteSubnet", { subnetId: id }))),
};

const groupOutputs = ({ groupId, groupName, description, vpcId, tags }: SecurityGroup): Properties => ({
    ...{ arn: arn("security-group", groupId), ownerId: account, name: groupName, description, vpcId },
    ...tagOutputs(tags),
});

const securityGroup: ResourceType = {
    ...factsOf("aws:ec2/securityGroup:SecurityGroup"),
    defaults: () => ({ region: withRegion().region, description: "Managed by Pulumi" }),
    create: async (inputs, context) => {
        const { groupId } = await ask("CreateSecurityGroup", {
            // Seven digits of chance, as the real provider names what has no name: one that a killed run has made is in nobody's way.
            groupName: String(
                inputs.name ?? `${tagsOf(inputs).Name ?? "group"}-${randomBytes(4).toString("hex").slice(1)}`,
            ),
            description: String(inputs.description),
            vpcId: String(inputs.vpcId),
            tags: tagsOf(inputs),
        });
        const made = await onceVisible(groupId, context, () => ask("DescribeSecurityGroup", { groupId }));
        return { id: groupId, outputs: groupOutputs(made) };
    },
    read: async (id) => {
        const found = await ifThere(ask("DescribeSecurityGroup", { groupId: id }));
        return found && { id, outputs: groupOutputs(found) };
    },
    update: async (id, inputs) => {
        await setTags(id, inputs);
        return groupOutputs(await ask("DescribeSecurityGroup", { groupId: id }));
    },
    delete: async (id) => void (await ifThere(ask("DeleteSecurityGroup", { groupId: id }))),
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

const ruleOutputs = (found: SecurityGroupRule): Properties => ({
    arn: arn("security-group-rule", found.ruleId),
    securityGroupRuleId: found.ruleId,
    securityGroupId: found.groupId,
    ipProtocol: found.protocol,
    fromPort: found.fromPort,
    toPort: found.toPort,
    cidrIpv4: found.cidr,
    referencedSecurityGroupId: found.referencedGroupId,
    description: found.description,
    ...tagOutputs(found.tags),
});

const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

function rule(direction: "ingress" | "egress", token: string): ResourceType {
    return {
        ...factsOf(token),
        defaults: withRegion,
        // "When you modify a rule, you cannot change the rule's source type": the provider plans another one.
        replacing: (olds, news) => {
            const kind = (values: Properties) => sources.find((source) => values[source] !== undefined);
            return kind(olds) === kind(news) ? [] : sources;
        },
        create: async (inputs) => {
            const made = await ask("AuthorizeRule", ruleRequest(direction, inputs));
            return { id: made.ruleId, outputs: ruleOutputs(made) };
        },
        read: async (id) => {
            const found = await ifThere(ask("DescribeRule", { ruleId: id }));
            return found && { id, outputs: ruleOutputs(found) };
        },
        update: async (id, inputs) =>
            ruleOutputs(await ask("ModifyRule", { ruleId: id, ...ruleRequest(direction, inputs) })),
        delete: async (id) => void (await ifThere(ask("RevokeRule", { ruleId: id }))),
    };
}

const [ingress, egress] = [
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];

export const network: Record<string, ResourceType> = {
    "aws:ec2/vpc:Vpc": vpc,
    "aws:ec2/subnet:Subnet": subnet,
    "aws:ec2/securityGroup:SecurityGroup": securityGroup,
    [ingress]: rule("ingress", ingress),
    [egress]: rule("egress", egress),
};
