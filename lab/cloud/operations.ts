// What AWS calls the work of each action: in errors, in policies, and where requests are counted.
import type { Action } from "./api";

export interface Operation {
    /** As the SDK names it. */
    service: "EC2" | "RDS" | "Route 53" | "STS";
    operation: string;
}

type Name = string | ((request: { direction?: string; type?: string }) => string);

const side =
    (verb: string): Name =>
    ({ direction }) =>
        `${verb}SecurityGroup${direction === "egress" ? "Egress" : "Ingress"}`;

const thingNames: Record<string, [Operation["service"], string]> = {
    "aws:ec2/internetGateway:InternetGateway": ["EC2", "InternetGateway"],
    "aws:ec2/eip:Eip": ["EC2", "Address"],
    "aws:ec2/natGateway:NatGateway": ["EC2", "NatGateway"],
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": ["EC2", "TransitGatewayVpcAttachment"],
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": ["EC2", "VpcPeeringConnection"],
    "aws:rds/subnetGroup:SubnetGroup": ["RDS", "DBSubnetGroup"],
    "aws:rds/parameterGroup:ParameterGroup": ["RDS", "DBParameterGroup"],
};

const ec2: Partial<Record<Action, Name>> = {
    DescribeVpc: "DescribeVpcs",
    ModifyVpc: "ModifyVpcAttribute",
    DescribeSubnet: "DescribeSubnets",
    DescribeRouteTable: "DescribeRouteTables",
    DescribeRoute: "DescribeRouteTables",
    DescribeAssociation: "DescribeRouteTables",
    ReplaceAssociation: "ReplaceRouteTableAssociation",
    DescribeSecurityGroup: "DescribeSecurityGroups",
    AuthorizeRule: side("Authorize"),
    DescribeRule: "DescribeSecurityGroupRules",
    ModifyRule: "ModifySecurityGroupRules",
    RevokeRule: "RevokeSecurityGroupIngress",
    RunInstance: "RunInstances",
    DescribeInstance: "DescribeInstances",
    ModifyInstance: "ModifyInstanceAttribute",
    StopInstance: "StopInstances",
    StartInstance: "StartInstances",
    RebootInstance: "RebootInstances",
    TerminateInstance: "TerminateInstances",
    DescribeVolume: "DescribeVolumes",
    SetTags: "CreateTags",
    SetTag: "CreateTags",
};

const rds: Partial<Record<Action, Name>> = {
    CreateDbInstance: "CreateDBInstance",
    DescribeDbInstance: "DescribeDBInstances",
    ModifyDbInstance: "ModifyDBInstance",
    DeleteDbInstance: "DeleteDBInstance",
    CreateDbSnapshot: "CreateDBSnapshot",
    DescribeDbSnapshots: "DescribeDBSnapshots",
    DeleteDbSnapshot: "DeleteDBSnapshot",
};

const route53: Partial<Record<Action, Name>> = {
    CreateHostedZone: "CreateHostedZone",
    DescribeHostedZones: "ListHostedZones",
    ChangeRecordSet: "ChangeResourceRecordSets",
    ListRecordSets: "ListResourceRecordSets",
};

export function operationOf(action: Action, request: object): Operation {
    const given = request as { direction?: string; type?: string };
    const name = (names: Partial<Record<Action, Name>>): string | undefined => {
        const found = names[action];
        return typeof found === "function" ? found(given) : found;
    };
    const inRds = name(rds);
    if (inRds) return { service: "RDS", operation: inRds };
    const inRoute53 = name(route53);
    if (inRoute53) return { service: "Route 53", operation: inRoute53 };
    if (action === "GetCallerIdentity") return { service: "STS", operation: action };
    if (/Things?$/.test(action)) {
        const [service, noun] = thingNames[given.type ?? ""] ?? ["EC2", "Thing"];
        const nouns = `${noun}${noun.endsWith("s") ? "es" : "s"}`;
        return { service, operation: action.replace("Things", nouns).replace("Thing", noun) };
    }
    return { service: "EC2", operation: name(ec2) ?? action };
}

/** "ec2:DescribeSnapshots", as policies have it. */
export function permissionOf({ service, operation }: Operation): string {
    const prefixes = { EC2: "ec2", RDS: "rds", "Route 53": "route53", STS: "sts" } as const;
    return `${prefixes[service]}:${operation}`;
}
