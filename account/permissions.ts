// What `up` does with either role that can't be tried without doing it, as data for IAM's simulation: which action on what. Reads are left out:
// asking the account is trying them. Of an action that concerns several things the one is named that policies are usually about.
import type { SimulatedActions } from "./questions/iam";

export interface Named {
    account: string;
    region: string;
    /** "aws", "aws-cn", … */
    partition: string;
}

const ec2 = ({ account, region, partition }: Named, what: string) =>
    `arn:${partition}:ec2:${region}:${account}:${what}`;
const rds = ({ account, region, partition }: Named, what: string) =>
    `arn:${partition}:rds:${region}:${account}:${what}`;

export function environmentActions(
    place: Named,
    planned: { identifier: string; kmsKeyId?: string; ownNetwork: boolean; transit: boolean; nat: boolean },
): SimulatedActions[] {
    const { identifier, kmsKeyId, ownNetwork, transit, nat } = planned;
    const any = "*";
    return [
        ...(ownNetwork
            ? [
                  { on: ec2(place, `subnet/${any}`), actions: ["ec2:CreateSubnet"] },
                  {
                      on: ec2(place, `route-table/${any}`),
                      actions: ["ec2:CreateRouteTable", "ec2:AssociateRouteTable", "ec2:CreateRoute"],
                  },
                  { on: ec2(place, `vpc/${any}`), actions: ["ec2:ModifyVpcAttribute", "ec2:CreateTags"] },
              ]
            : []),
        {
            on: ec2(place, `security-group/${any}`),
            actions: [
                "ec2:CreateSecurityGroup",
                "ec2:AuthorizeSecurityGroupIngress",
                "ec2:AuthorizeSecurityGroupEgress",
                // The provider takes the egress rule away that a new group has.
                "ec2:RevokeSecurityGroupEgress",
            ],
        },
        { on: ec2(place, `volume/${any}`), actions: ["ec2:AttachVolume", "ec2:DetachVolume"] },
        { on: ec2(place, `instance/${any}`), actions: ["ec2:ModifyInstanceAttribute"] },
        ...(transit
            ? [
                  {
                      on: ec2(place, `transit-gateway-attachment/${any}`),
                      actions: ["ec2:CreateTransitGatewayVpcAttachment"],
                  },
              ]
            : []),
        ...(nat
            ? [
                  { on: ec2(place, `natgateway/${any}`), actions: ["ec2:CreateNatGateway"] },
                  {
                      on: ec2(place, `internet-gateway/${any}`),
                      actions: ["ec2:CreateInternetGateway", "ec2:AttachInternetGateway"],
                  },
              ]
            : []),
        {
            on: rds(place, `db:${identifier}`),
            actions: [
                "rds:CreateDBInstance",
                "rds:RestoreDBInstanceFromDBSnapshot",
                "rds:RestoreDBInstanceToPointInTime",
                "rds:ModifyDBInstance",
                "rds:AddTagsToResource",
            ],
        },
        { on: rds(place, `subgrp:${identifier}-subnets`), actions: ["rds:CreateDBSubnetGroup"] },
        ...(kmsKeyId === undefined
            ? []
            : [
                  {
                      on: kmsKeyId,
                      actions: [
                          "kms:CreateGrant",
                          "kms:Decrypt",
                          "kms:GenerateDataKeyWithoutPlaintext",
                          "kms:ReEncryptFrom",
                          "kms:ReEncryptTo",
                      ],
                      elsewhere: "the key's own policy may allow it",
                  },
              ]),
    ];
}

export function productionActions(
    place: Named,
    { servers, zone }: { servers: string[]; zone?: string },
): SimulatedActions[] {
    return [
        // Tags come with the request for a snapshot, and are permitted apart from it.
        { on: `arn:${place.partition}:ec2:${place.region}::snapshot/*`, actions: ["ec2:CreateTags"] },
        ...servers.map((server) => ({ on: rds(place, `db:${server}`), actions: ["rds:CreateDBSnapshot"] })),
        ...(servers.length > 0 ? [{ on: rds(place, "snapshot:posit-*"), actions: ["rds:AddTagsToResource"] }] : []),
        ...(zone === undefined
            ? []
            : [
                  {
                      on: `arn:${place.partition}:route53:::hostedzone/${zone}`,
                      actions: ["route53:ChangeResourceRecordSets"],
                  },
                  { on: `arn:${place.partition}:route53:::change/*`, actions: ["route53:GetChange"] },
              ]),
    ];
}
