// What `make account` may ask for: it only reads. A dry run of a call needs that call's own permission, so it is asked as the role of a step.
import { any, on } from "./scopes/kinds";
import { Statement, statementsOf } from "./statements";
import type { PolicyValues } from "./values";

/** Its questions are held against this list: a further one goes in here first. */
export const accountActions = [
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeAddresses",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceAttribute",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeNatGateways",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSnapshots",
    "ec2:DescribeSubnets",
    "ec2:DescribeTransitGatewayVpcAttachments",
    "ec2:DescribeTransitGateways",
    "ec2:DescribeVolumes",
    "ec2:DescribeVolumesModifications",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeVpcs",
    "ec2:GetEbsDefaultKmsKeyId",
    "ec2:GetEbsEncryptionByDefault",
    "iam:GetInstanceProfile",
    "iam:SimulatePrincipalPolicy",
    "kms:DescribeKey",
    "rds:DescribeAccountAttributes",
    "rds:DescribeDBEngineVersions",
    "rds:DescribeDBInstanceAutomatedBackups",
    "rds:DescribeDBInstances",
    "rds:DescribeDBParameterGroups",
    "rds:DescribeDBParameters",
    "rds:DescribeDBSnapshots",
    "rds:DescribeDBSubnetGroups",
    "rds:DescribeOrderableDBInstanceOptions",
    "rds:ListTagsForResource",
    "route53:GetHostedZone",
    "route53:ListResourceRecordSets",
    "servicequotas:GetAWSDefaultServiceQuota",
    "servicequotas:GetServiceQuota",
    "servicequotas:ListServiceQuotas",
    "sts:GetCallerIdentity",
] as const;

export function accountStatements(values: PolicyValues): Statement[] {
    const { production, environment } = values;
    const zone = on("hostedzone", any, production.entryPoints === undefined ? [] : [production.entryPoints.zone]);
    const keys = [...new Set([...production.kmsKeys, ...environment.kmsKeys])];
    return statementsOf(
        [...accountActions],
        {
            "iam:GetInstanceProfile": [on("instance-profile")],
            "iam:SimulatePrincipalPolicy": [on("role"), on("user")],
            "kms:DescribeKey": [on("key", any, keys)],
            "route53:GetHostedZone": [zone],
            "route53:ListResourceRecordSets": [zone],
        },
        values,
    );
}
