// VPCs, subnets and security groups: the records, AWS's refusals, and the wires behind them.
import { CloudError } from "../api";
import type { SecurityGroupRule, Tags } from "../api";
import type { CloudContext, Handlers, NetworkMember, Service } from "../service";
import { contains, isCidr, overlaps, prefixLength } from "./addresses";
import { ensureBridge, removeBridge } from "./fabric";
import { outside } from "./reach";
import { found, groupOf, subnetOf, vpcOf, zones } from "./records";
import type { NetworkRecords } from "./records";
import { addRouteTable, routeHandlers } from "./routes";

export function networkService(
    context: CloudContext,
    records: NetworkRecords,
    allMembers: () => NetworkMember[],
): Service {
    return {
        handlers: {
            ...vpcHandlers(context, records),
            ...subnetHandlers(context, records, allMembers),
            ...groupHandlers(context, records, allMembers),
            ...ruleHandlers(context, records),
            ...routeHandlers(context, records),
        },
        async start() {
            await context.applyRoutes();
            for (const subnet of Object.values(records.subnets)) {
                await ensureBridge(subnet.subnetId, subnet.cidrBlock);
            }
        },
        stop: async () => undefined,
        members: () => [],
        tagged: (id): { tags: Tags } | undefined =>
            records.vpcs[id] ??
            records.subnets[id] ??
            records.groups[id] ??
            records.rules[id] ??
            records.routeTables[id],
    };
}

const ruleOf = (records: NetworkRecords, id: string): SecurityGroupRule =>
    found(
        records.rules[id],
        "InvalidSecurityGroupRuleId.NotFound",
        `The security group rule ID '${id}' does not exist`,
    );

function vpcHandlers(context: CloudContext, records: NetworkRecords): Handlers {
    return {
        async CreateVpc({ cidrBlock, enableDnsHostnames = false, enableDnsSupport = true, tags }) {
            checkVpcCidr(records, cidrBlock);
            const vpcId = context.newId("vpc");
            const groupId = context.newId("sg");
            const { routeTableId: mainRouteTableId } = addRouteTable(context, records, { vpcId, tags: {} });
            records.vpcs[vpcId] = {
                ...{ vpcId, cidrBlock, enableDnsHostnames, enableDnsSupport, tags },
                ...{ defaultSecurityGroupId: groupId, mainRouteTableId },
            };
            const description = "default VPC security group";
            records.groups[groupId] = { groupId, groupName: "default", description, vpcId, tags: {} };
            addRule(context, records, {
                groupId,
                direction: "ingress",
                protocol: "-1",
                referencedGroupId: groupId,
                tags: {},
            });
            addRule(context, records, { groupId, direction: "egress", protocol: "-1", cidr: "0.0.0.0/0", tags: {} });
            await context.applyRoutes();
            return records.vpcs[vpcId];
        },
        DescribeVpc: async ({ vpcId }) => vpcOf(records, vpcId),
        DescribeVpcs: async () => ({ vpcs: Object.values(records.vpcs) }),
        async ModifyVpc({ vpcId, ...given }) {
            const vpc = vpcOf(records, vpcId);
            vpc.enableDnsHostnames = given.enableDnsHostnames ?? vpc.enableDnsHostnames;
            vpc.enableDnsSupport = given.enableDnsSupport ?? vpc.enableDnsSupport;
            return vpc;
        },
        async DeleteVpc({ vpcId }) {
            const vpc = vpcOf(records, vpcId);
            const dependants = [
                ...Object.values(records.subnets).filter((subnet) => subnet.vpcId === vpcId),
                ...Object.values(records.groups).filter(
                    (group) => group.vpcId === vpcId && group.groupId !== vpc.defaultSecurityGroupId,
                ),
                ...Object.values(records.routeTables).filter(
                    (table) => table.vpcId === vpcId && table.routeTableId !== vpc.mainRouteTableId,
                ),
            ];
            if (dependants.length > 0) {
                throw dependencyViolation("vpc", vpcId);
            }
            deleteGroup(records, vpc.defaultSecurityGroupId);
            delete records.routeTables[vpc.mainRouteTableId];
            delete records.vpcs[vpcId];
            await context.applyRoutes();
            return {};
        },
    };
}

function checkVpcCidr(records: NetworkRecords, cidr: string): void {
    if (!isCidr(cidr) || prefixLength(cidr) < 16 || prefixLength(cidr) > 28) {
        throw new CloudError("InvalidVpc.Range", `The CIDR '${cidr}' is invalid: a VPC is between /16 and /28.`);
    }
    // AWS would allow these, as nothing need route between them; here the operator reaches all VPCs by address.
    const taken = [...Object.values(records.vpcs).map((vpc) => vpc.cidrBlock), ...Object.values(outside)];
    const clash = taken.find((other) => overlaps(other, cidr));
    if (clash) {
        throw new CloudError(
            "InvalidVpc.Conflict",
            `${cidr} overlaps ${clash}, which this one-machine cloud uses already: choose another VPC CIDR.`,
        );
    }
}

const dependencyViolation = (kind: string, id: string): CloudError =>
    new CloudError("DependencyViolation", `The ${kind} '${id}' has dependencies and cannot be deleted.`);

function subnetHandlers(context: CloudContext, records: NetworkRecords, allMembers: () => NetworkMember[]): Handlers {
    return {
        async CreateSubnet({ vpcId, cidrBlock, availabilityZone, tags }) {
            const vpc = vpcOf(records, vpcId);
            if (!zones.includes(availabilityZone)) {
                const known = zones.join(", ");
                throw new CloudError(
                    "InvalidParameterValue",
                    `Value (${availabilityZone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${known}.`,
                );
            }
            if (!isCidr(cidrBlock) || !contains(vpc.cidrBlock, cidrBlock)) {
                throw new CloudError("InvalidSubnet.Range", `The CIDR '${cidrBlock}' is invalid.`);
            }
            const siblings = Object.values(records.subnets).filter((subnet) => subnet.vpcId === vpcId);
            if (siblings.some((subnet) => overlaps(subnet.cidrBlock, cidrBlock))) {
                throw new CloudError("InvalidSubnet.Conflict", `The CIDR '${cidrBlock}' conflicts with another subnet`);
            }
            const subnetId = context.newId("subnet");
            records.subnets[subnetId] = { subnetId, vpcId, cidrBlock, availabilityZone, tags };
            await ensureBridge(subnetId, cidrBlock);
            return records.subnets[subnetId];
        },
        DescribeSubnet: async ({ subnetId }) => subnetOf(records, subnetId),
        DescribeSubnets: async () => ({ subnets: Object.values(records.subnets) }),
        async DeleteSubnet({ subnetId }) {
            subnetOf(records, subnetId);
            if (allMembers().some((member) => member.subnetId === subnetId)) {
                throw dependencyViolation("subnet", subnetId);
            }
            delete records.subnets[subnetId];
            for (const one of Object.values(records.associations)) {
                if (one.subnetId === subnetId) delete records.associations[one.associationId];
            }
            await context.applyRoutes();
            await removeBridge(subnetId);
            return {};
        },
    };
}

function groupHandlers(context: CloudContext, records: NetworkRecords, allMembers: () => NetworkMember[]): Handlers {
    return {
        async CreateSecurityGroup({ groupName, description, vpcId, tags }) {
            vpcOf(records, vpcId);
            if (Object.values(records.groups).some((group) => group.vpcId === vpcId && group.groupName === groupName)) {
                throw new CloudError(
                    "InvalidGroup.Duplicate",
                    `The security group '${groupName}' already exists for VPC '${vpcId}'`,
                );
            }
            const groupId = context.newId("sg");
            records.groups[groupId] = { groupId, groupName, description, vpcId, tags };
            return records.groups[groupId];
        },
        DescribeSecurityGroup: async ({ groupId }) => groupOf(records, groupId),
        async DeleteSecurityGroup({ groupId }) {
            const group = groupOf(records, groupId);
            if (records.vpcs[group.vpcId]?.defaultSecurityGroupId === groupId) {
                throw new CloudError(
                    "CannotDelete",
                    `the specified group: "${groupId}" name: "default" cannot be deleted by a user`,
                );
            }
            const used = allMembers().some((member) => member.securityGroupIds.includes(groupId));
            const named = Object.values(records.rules).some(
                (rule) => rule.referencedGroupId === groupId && rule.groupId !== groupId,
            );
            if (used || named) {
                throw new CloudError("DependencyViolation", `resource ${groupId} has a dependent object`);
            }
            deleteGroup(records, groupId);
            return {};
        },
    };
}

function deleteGroup(records: NetworkRecords, groupId: string): void {
    for (const rule of Object.values(records.rules).filter((each) => each.groupId === groupId)) {
        delete records.rules[rule.ruleId];
    }
    delete records.groups[groupId];
}

function ruleHandlers(context: CloudContext, records: NetworkRecords): Handlers {
    return {
        async AuthorizeRule(request) {
            const rule = addRule(context, records, request);
            await context.applySecurityGroups();
            return rule;
        },
        DescribeRule: async ({ ruleId }) => ruleOf(records, ruleId),
        async ModifyRule(rule) {
            const old = ruleOf(records, rule.ruleId);
            checkRule(records, rule, rule.ruleId);
            records.rules[rule.ruleId] = { ...rule, groupId: old.groupId, direction: old.direction };
            await context.applySecurityGroups();
            return records.rules[rule.ruleId];
        },
        async RevokeRule({ ruleId }) {
            ruleOf(records, ruleId);
            delete records.rules[ruleId];
            await context.applySecurityGroups();
            return {};
        },
    };
}

function addRule(
    context: CloudContext,
    records: NetworkRecords,
    request: Omit<SecurityGroupRule, "ruleId">,
): SecurityGroupRule {
    checkRule(records, request);
    const ruleId = context.newId("sgr");
    records.rules[ruleId] = { ...request, ruleId };
    return records.rules[ruleId];
}

function checkRule(records: NetworkRecords, rule: Omit<SecurityGroupRule, "ruleId">, except?: string): void {
    const group = groupOf(records, rule.groupId);
    if (!["tcp", "udp", "icmp", "-1"].includes(rule.protocol)) {
        throw new CloudError("InvalidPermission.Malformed", `Unsupported IP protocol "${rule.protocol}"`);
    }
    if ((rule.cidr === undefined) === (rule.referencedGroupId === undefined)) {
        throw new CloudError("InvalidParameterCombination", "A rule names exactly one of a CIDR and a security group");
    }
    if (rule.cidr !== undefined && !isCidr(rule.cidr)) {
        throw new CloudError("InvalidParameterValue", `CIDR block ${rule.cidr} is malformed`);
    }
    if (rule.referencedGroupId && groupOf(records, rule.referencedGroupId).vpcId !== group.vpcId) {
        throw new CloudError(
            "InvalidGroup.NotFound",
            `You have specified two resources that belong to different networks.`,
        );
    }
    const key = ruleKey(rule);
    if (Object.values(records.rules).some((other) => other.ruleId !== except && ruleKey(other) === key)) {
        throw new CloudError("InvalidPermission.Duplicate", "the specified rule already exists");
    }
}

const ruleKey = (rule: Omit<SecurityGroupRule, "ruleId">): string =>
    [rule.groupId, rule.direction, rule.protocol, rule.fromPort, rule.toPort, rule.cidr, rule.referencedGroupId].join();
