// What leads where: routes, and the security rules that need one. Of a network that others made neither is in a stack's state: nothing is found there.
import { isWithin, parseRange, Range, rangesOf, union } from "../../../logic/ranges";
import type { Resource } from "../exports";
import { again, found, Found, inModel, refusalSeen, Rule, Stack } from "./rule";

const types = {
    vpc: "aws:ec2/vpc:Vpc",
    subnet: "aws:ec2/subnet:Subnet",
    route: "aws:ec2/route:Route",
    table: "aws:ec2/routeTable:RouteTable",
    association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    instance: "aws:ec2/instance:Instance",
    server: "aws:rds/instance:Instance",
    subnetGroup: "aws:rds/subnetGroup:SubnetGroup",
    group: "aws:ec2/securityGroup:SecurityGroup",
    ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
};

const range = (text: unknown): Range | undefined => rangesOf([String(text)])[0];

/** Subnets of whatever is in a security group. */
function subnetsWith(stack: Stack, groupId: unknown): unknown[] {
    const has = ({ inputs }: Resource) => (inputs.vpcSecurityGroupIds as unknown[] | undefined)?.includes(groupId);
    const hosts = stack.of(types.instance).filter(has);
    const servers = stack.of(types.server).filter(has);
    const ofServers = servers.flatMap(({ inputs }) =>
        stack
            .of(types.subnetGroup)
            .filter((group) => group.inputs.name === inputs.dbSubnetGroupName)
            .flatMap((group) => group.inputs.subnetIds as unknown[]),
    );
    return [...new Set([...hosts.map(({ inputs }) => inputs.subnetId), ...ofServers])];
}

/** Of a subnet; undefined where its routes are not this stack's. */
function routesOf(stack: Stack, subnetId: unknown): Resource[] | undefined {
    const [association] = stack.of(types.association).filter(({ inputs }) => inputs.subnetId === subnetId);
    return (
        association &&
        stack.of(types.route).filter(({ inputs }) => inputs.routeTableId === association.inputs.routeTableId)
    );
}

/** A rule's range that is outside the VPC, where no route of this kind leads to all of it. */
function unserved(type: string, leads: (route: Resource) => boolean, says: (cidr: string) => string): Rule["finds"] {
    return (stack) =>
        stack.of(type).flatMap((rule): Found[] => {
            const { cidrIpv4, securityGroupId } = rule.inputs;
            const wanted = range(cidrIpv4);
            const group = stack.withId(types.group, securityGroupId);
            const own = range(stack.withId(types.vpc, group?.inputs.vpcId)?.inputs.cidrBlock);
            if (!wanted || !own || isWithin(wanted, own)) return [];
            const served = subnetsWith(stack, securityGroupId).every((subnetId) => {
                const routes = routesOf(stack, subnetId)?.filter(leads);
                if (routes === undefined) return true;
                const reached = union(rangesOf(routes.map(({ inputs }) => String(inputs.destinationCidrBlock))));
                return reached.some((block) => isWithin(wanted, block));
            });
            return served ? [] : [found(rule, String(cidrIpv4), says(String(cidrIpv4)))];
        });
}

const intoVpc: Rule["finds"] = (stack) =>
    stack.of(types.route).flatMap((route) => {
        const { destinationCidrBlock, routeTableId, gatewayId, natGatewayId, transitGatewayId } = route.inputs;
        const table = stack.withId(types.table, routeTableId);
        const own = range(stack.withId(types.vpc, table?.inputs.vpcId)?.inputs.cidrBlock);
        const to = range(destinationCidrBlock);
        const gateway = gatewayId ?? natGatewayId ?? transitGatewayId;
        if (!own || !to || gateway === undefined || !isWithin(to, own)) return [];
        const cidr = String(destinationCidrBlock);
        return [
            found(route, cidr, `${cidr} is inside the VPC's range and is to go to a gateway; leave that route out`),
        ];
    });

const twice: Rule["finds"] = (stack) =>
    again(
        stack.of(types.route),
        ({ inputs }) => `${String(inputs.routeTableId)} ${String(inputs.destinationCidrBlock)}`,
    ).map((route) => {
        const cidr = String(route.inputs.destinationCidrBlock);
        return found(route, cidr, `a second route to ${cidr} in one table`);
    });

const canonical: Rule["finds"] = (stack) => {
    const places: [string, string][] = [
        [types.vpc, "cidrBlock"],
        [types.subnet, "cidrBlock"],
        [types.route, "destinationCidrBlock"],
        [types.ingress, "cidrIpv4"],
        [types.egress, "cidrIpv4"],
    ];
    return places.flatMap(([type, input]) =>
        stack.of(type).flatMap((resource) => {
            const value = resource.inputs[input];
            const wrong = value === undefined ? undefined : parseRange(String(value));
            return typeof wrong === "string" ? [found(resource, input, `${input} ${String(value)} ${wrong}`)] : [];
        }),
    );
};

export const routeRules: Rule[] = [
    {
        name: "route-inside-vpc",
        ...refusalSeen(
            "is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.",
            "CreateRoute (InvalidParameterValue)",
        ),
        finds: intoVpc,
    },
    {
        name: "rule-without-route",
        ...inModel(
            "ec2:CreateRouteRequest.DestinationCidrBlock",
            "The IPv4 CIDR address block used for the destination match. Routing decisions are based on the most specific match.",
        ),
        finds: unserved(
            types.egress,
            () => true,
            (cidr) => `a security rule lets out to ${cidr}, and no route leads there`,
        ),
    },
    {
        name: "no-way-in",
        ...inModel(
            "ec2:CreateNatGateway",
            "internet-bound traffic from a private subnet can be routed to the NAT gateway, so that instances in a private subnet can connect to the internet",
        ),
        finds: unserved(
            types.ingress,
            ({ inputs }) => inputs.natGatewayId === undefined && inputs.gatewayId === undefined,
            (cidr) =>
                `a security rule lets in from ${cidr}, and only a transit gateway or a peering could lead there and back`,
        ),
    },
    {
        name: "route-twice",
        ...refusalSeen("RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists", "CreateRoute"),
        finds: twice,
    },
    {
        name: "range-not-canonical",
        ...inModel("ec2:CreateVpcRequest.CidrBlock", "We modify the specified CIDR block to its canonical form"),
        finds: canonical,
    },
];
