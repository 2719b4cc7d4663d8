// What `make account` may ask for: it only reads. A dry run of a call needs that call's own permission, so it is asked as the role of a step.
import { any, on } from "./scopes/kinds";
import { Statement, statementsOf } from "./statements";
import type { PolicyValues } from "./values";

/** What account/asked.ts lists but dry runs, by tests/unit/iam/account.test.ts. */
export const accountActions = [
    "ec2:DescribeAddresses",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceTypeOfferings",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribeNatGateways",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSnapshots",
    "ec2:DescribeSubnets",
    "ec2:DescribeTransitGatewayRouteTables",
    "ec2:DescribeTransitGateways",
    "ec2:DescribeVolumeAttribute",
    "ec2:DescribeVolumes",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcs",
    "ec2:SearchTransitGatewayRoutes",
    "iam:GetInstanceProfile",
    "iam:GetRole",
    "iam:SimulatePrincipalPolicy",
    "kms:DescribeKey",
    "rds:DescribeDBInstances",
    "rds:DescribeDBSnapshots",
    "rds:DescribeOrderableDBInstanceOptions",
    "route53:GetHostedZone",
    "route53:ListResourceRecordSets",
    "servicequotas:GetAWSDefaultServiceQuota",
    "servicequotas:GetServiceQuota",
    "sts:GetCallerIdentity",
] as const;

export function accountStatements(values: PolicyValues): Statement[] {
    const { production, environment } = values;
    const zone = on("hostedzone", any, production.entryPoints === undefined ? [] : [production.entryPoints.zone]);
    const keys = [...new Set([...production.kmsKeys, ...environment.kmsKeys])];
    return statementsOf(
        [...accountActions],
        {
            "ec2:SearchTransitGatewayRoutes": [on("transit-gateway-route-table")],
            "iam:GetInstanceProfile": [on("instance-profile")],
            "iam:GetRole": [on("role")],
            "iam:SimulatePrincipalPolicy": [on("role"), on("user")],
            "kms:DescribeKey": [on("key", any, keys)],
            "route53:GetHostedZone": [zone],
            "route53:ListResourceRecordSets": [zone],
        },
        values,
    );
}
