// Every action that `make account` calls, as data: what a policy must allow for it, held against the code by tests/unit/account/asked.test.ts and
// against what is really asked by tests/account/. All of them only read; those with `dryRun` are named like changes and are sent with DryRun, so
// that EC2 judges and does not carry them out: their answer is the caller's own permission for that change.
import type { StackConfig } from "../config/schema";

export interface AskedAction {
    /** As IAM calls it. */
    service: "ec2" | "iam" | "kms" | "rds" | "route53" | "servicequotas" | "sts";
    action: string;
    roles: StackConfig["role"][];
    dryRun?: true;
    /** When it is not asked. */
    unless?: string;
    why: string;
}

const both: AskedAction["roles"] = ["environment", "production"];
const environment: AskedAction["roles"] = ["environment"];
const production: AskedAction["roles"] = ["production"];
const withoutSources = "an environment's production is not known here";

export const asked: AskedAction[] = [
    { service: "sts", action: "GetCallerIdentity", roles: both, why: "whose account it is; needs no permission" },
    {
        service: "iam",
        action: "GetRole",
        roles: both,
        unless: "the caller is a user",
        why: "the ARN of a session's role",
    },
    { service: "iam", action: "SimulatePrincipalPolicy", roles: both, why: "what the caller's policies say" },
    {
        service: "iam",
        action: "GetInstanceProfile",
        roles: environment,
        unless: "no host is to get one",
        why: "whether it is there, and its role",
    },
    { service: "servicequotas", action: "GetServiceQuota", roles: both, why: "what the account may have" },
    {
        service: "servicequotas",
        action: "GetAWSDefaultServiceQuota",
        roles: both,
        unless: "every quota was applied to the account",
        why: "the usual value",
    },
    { service: "ec2", action: "DescribeImages", roles: environment, why: "the image" },
    { service: "ec2", action: "DescribeInstanceTypes", roles: both, why: "vCPUs, architectures, generations" },
    { service: "ec2", action: "DescribeInstanceTypeOfferings", roles: both, why: "zones that offer a type" },
    { service: "ec2", action: "DescribeInstances", roles: both, why: "production's hosts; vCPUs that are used" },
    { service: "ec2", action: "DescribeVolumes", roles: both, why: "production's volumes; storage that is used" },
    { service: "ec2", action: "DescribeVolumeAttribute", roles: both, unless: withoutSources, why: "product codes" },
    {
        service: "ec2",
        action: "DescribeSnapshots",
        roles: both,
        unless: withoutSources,
        why: "pending ones, sizes, their number",
    },
    {
        service: "ec2",
        action: "DescribeAvailabilityZones",
        roles: environment,
        why: "zones of the account",
    },
    {
        service: "ec2",
        action: "DescribeVpcs",
        roles: environment,
        why: "ranges that are taken; their number; an existing network",
    },
    {
        service: "ec2",
        action: "DescribeVpcAttribute",
        roles: environment,
        unless: "the network is the environment's own",
        why: "whether an existing network resolves names",
    },
    { service: "ec2", action: "DescribeAddresses", roles: environment, why: "their number" },
    { service: "ec2", action: "DescribeNatGateways", roles: environment, why: "their number" },
    {
        service: "ec2",
        action: "DescribeSubnets",
        roles: environment,
        why: "the zone of a NAT gateway; subnets of an existing network; where hosts will be",
    },
    {
        service: "ec2",
        action: "DescribeSecurityGroups",
        roles: environment,
        unless: "neither its network stands nor another is named",
        why: "a group of the stack's own, which tried hosts are in",
    },
    {
        service: "ec2",
        action: "DescribeRouteTables",
        roles: environment,
        unless: "the network is the environment's own",
        why: "whether an existing network leads to every range",
    },
    {
        service: "ec2",
        action: "DescribeTransitGateways",
        roles: environment,
        why: "whether it is there, and takes attachments",
    },
    { service: "ec2", action: "DescribeTransitGatewayRouteTables", roles: environment, why: "its route tables" },
    { service: "ec2", action: "SearchTransitGatewayRoutes", roles: environment, why: "ranges that it knows" },
    {
        service: "ec2",
        action: "CreateVpc",
        roles: environment,
        dryRun: true,
        unless: "the network is there already",
        why: "permission",
    },
    { service: "ec2", action: "CreateVolume", roles: environment, dryRun: true, why: "permission" },
    {
        service: "ec2",
        action: "RunInstances",
        roles: environment,
        dryRun: true,
        why: "permission, and the image's terms",
    },
    {
        service: "ec2",
        action: "AllocateAddress",
        roles: environment,
        dryRun: true,
        unless: "there is no NAT gateway",
        why: "permission",
    },
    { service: "ec2", action: "CreateSnapshot", roles: production, dryRun: true, why: "permission, for each volume" },
    { service: "rds", action: "DescribeDBInstances", roles: both, why: "production's servers; their number" },
    { service: "rds", action: "DescribeDBSnapshots", roles: production, why: "their number" },
    {
        service: "rds",
        action: "DescribeOrderableDBInstanceOptions",
        roles: environment,
        why: "versions and classes in the zones",
    },
    {
        service: "kms",
        action: "DescribeKey",
        roles: both,
        unless: "nothing has a key of its own",
        why: "whether keys can be used",
    },
    {
        service: "route53",
        action: "GetHostedZone",
        roles: production,
        unless: "people lead the names",
        why: "the zone",
    },
    {
        service: "route53",
        action: "ListResourceRecordSets",
        roles: production,
        unless: "people lead the names",
        why: "what the names hold",
    },
];
