// What `up` does with either role that can't be tried without doing it, as data for IAM's simulation: which action on what, and what the request
// will have that policies ask about (tags, the service that calls). Reads are left out: asking the account is trying them. Of an action that
// concerns several things the one is named that policies are usually about. tests/unit/account/recommended.test.ts puts each to the policies of
// deploy/iam.
import { rdsName } from "../logic/physicalNames";
import { captureTagNames, captureTags } from "../logic/names";
import type { SimulatedActions } from "./questions/iam";

export interface Named {
    account: string;
    region: string;
    /** "aws", "aws-cn", … */
    partition: string;
}

type Tags = Record<string, string>;

const ec2 = ({ account, region, partition }: Named, what: string) =>
    `arn:${partition}:ec2:${region}:${account}:${what}`;
const rds = ({ account, region, partition }: Named, what: string) =>
    `arn:${partition}:rds:${region}:${account}:${what}`;

/** Of what is there already: the stack's own has its tags. */
const has = (tags: Tags) =>
    Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));

/** Of a request that makes something. */
const gives = (tags: Tags) => ({
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    "aws:TagKeys": Object.keys(tags),
});

/** What production has of what is to be restored. */
export interface PlannedSources {
    /** Its tags; unknown where its stack file does not lie here. */
    tags?: Tags;
    servers: string[];
    /** Keys of its volumes and of its servers. */
    volumeKeys: string[];
    serverKeys: string[];
}

export interface PlannedActions {
    identifier: string;
    tags: Tags;
    kmsKeyId?: string;
    ownNetwork: boolean;
    transit: boolean;
    nat: boolean;
    /** Roles of the hosts' instance profiles. */
    roles: string[];
    sources: PlannedSources;
    /** What is needed from phase migrate on may be given then. */
    restores: boolean;
}

export function environmentActions(place: Named, planned: PlannedActions): SimulatedActions[] {
    return [
        ...(planned.ownNetwork ? networkActions(place, planned) : []),
        ...machineActions(place, planned),
        ...serverActions(place, planned),
        ...restoreActions(place, planned),
        ...keyActions(place, planned),
    ].map((actions) => withBase(place, actions));
}

function networkActions(place: Named, { tags, transit, nat }: PlannedActions): SimulatedActions[] {
    const [fresh, ours] = [gives(tags), has(tags)];
    const any = "*";
    return [
        { on: ec2(place, `subnet/${any}`), actions: ["ec2:CreateSubnet"], context: fresh },
        { on: ec2(place, `route-table/${any}`), actions: ["ec2:CreateRouteTable"], context: fresh },
        {
            on: ec2(place, `route-table/${any}`),
            actions: ["ec2:AssociateRouteTable", "ec2:CreateRoute"],
            context: ours,
        },
        { on: ec2(place, `vpc/${any}`), actions: ["ec2:ModifyVpcAttribute"], context: ours },
        { on: ec2(place, `vpc/${any}`), actions: ["ec2:CreateTags"], context: tagging("CreateVpc", tags) },
        ...(transit
            ? [
                  {
                      on: ec2(place, `transit-gateway-attachment/${any}`),
                      actions: ["ec2:CreateTransitGatewayVpcAttachment"],
                      context: fresh,
                  },
              ]
            : []),
        ...(nat
            ? [
                  { on: ec2(place, `natgateway/${any}`), actions: ["ec2:CreateNatGateway"], context: fresh },
                  { on: ec2(place, `internet-gateway/${any}`), actions: ["ec2:CreateInternetGateway"], context: fresh },
                  { on: ec2(place, `internet-gateway/${any}`), actions: ["ec2:AttachInternetGateway"], context: ours },
              ]
            : []),
    ];
}

/** Tags come with the request that makes a thing, and are permitted apart from it. */
const tagging = (by: string, tags: Tags) => ({ ...gives(tags), "ec2:CreateAction": by });

function machineActions(place: Named, { tags, roles }: PlannedActions): SimulatedActions[] {
    const ours = has(tags);
    const any = "*";
    return [
        { on: ec2(place, `security-group/${any}`), actions: ["ec2:CreateSecurityGroup"], context: gives(tags) },
        {
            on: ec2(place, `security-group/${any}`),
            actions: [
                "ec2:AuthorizeSecurityGroupIngress",
                "ec2:AuthorizeSecurityGroupEgress",
                // The provider takes the egress rule away that a new group has.
                "ec2:RevokeSecurityGroupEgress",
            ],
            context: { ...gives(tags), ...ours },
        },
        { on: ec2(place, `volume/${any}`), actions: ["ec2:AttachVolume", "ec2:DetachVolume"], context: ours },
        { on: ec2(place, `instance/${any}`), actions: ["ec2:ModifyInstanceAttribute"], context: ours },
        ...roles.map((on) => ({
            on,
            actions: ["iam:PassRole"],
            context: { "iam:PassedToService": "ec2.amazonaws.com" },
        })),
    ];
}

function serverActions(place: Named, { identifier, tags }: PlannedActions): SimulatedActions[] {
    const on = rds(place, `db:${rdsName([identifier])}`);
    return [
        { on, actions: ["rds:CreateDBInstance", "rds:AddTagsToResource"], context: gives(tags) },
        { on, actions: ["rds:ModifyDBInstance"], context: has(tags) },
        // As RDS keeps it (deploy/iam/scopes/kinds.ts).
        {
            on: rds(place, `subgrp:${identifier}-subnets`.toLowerCase()),
            actions: ["rds:CreateDBSubnetGroup"],
            context: gives(tags),
        },
    ];
}

/** Of a capture's volumes and servers. */
function restoreActions(place: Named, planned: PlannedActions): SimulatedActions[] {
    const { identifier, tags, sources, restores } = planned;
    const captured = { ...has({ ...sources.tags, [captureTagNames.token]: "any" }) };
    const made = gives({ ...tags, [captureTagNames.token]: "any" });
    const server = rds(place, `db:${rdsName([identifier, "any"])}`);
    const all: SimulatedActions[] = [
        ...(sources.tags === undefined
            ? []
            : [
                  { on: volumeSnapshots(place), actions: ["ec2:CreateVolume"], context: captured },
                  {
                      on: rds(place, "snapshot:posit-*"),
                      actions: ["rds:RestoreDBInstanceFromDBSnapshot"],
                      context: captured,
                  },
              ]),
        {
            on: server,
            actions: ["rds:RestoreDBInstanceFromDBSnapshot", "rds:RestoreDBInstanceToPointInTime"],
            context: made,
        },
        ...sources.servers.map((name) => ({
            on: rds(place, `db:${name}`),
            actions: ["rds:RestoreDBInstanceToPointInTime"],
        })),
    ];
    return restores ? all : all.map((one) => ({ ...one, elsewhere: fromMigrateOn }));
}

const fromMigrateOn = "it is needed from phase migrate on";

const volumeSnapshots = ({ partition, region }: Named) => `arn:${partition}:ec2:${region}::snapshot/*`;

/** EBS User Guide, "Requirements for Amazon EBS encryption"; of a copy's source and of the copy itself. */
const ebsReads = ["kms:CreateGrant", "kms:Decrypt", "kms:ReEncryptFrom"];
const ebsWrites = ["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptTo"];
/** RDS User Guide, "Encrypting Amazon RDS resources". */
const rdsUses = ["kms:CreateGrant"];

/** A restored volume is read with its source's key and written with the environment's; a restored server keeps its source's. */
function keyActions(place: Named, { kmsKeyId, sources, restores }: PlannedActions): SimulatedActions[] {
    const own = kmsKeyId === undefined ? [] : [kmsKeyId];
    const read = [
        ...onKeys(place, sources.volumeKeys, "volume", ebsReads),
        ...onKeys(place, sources.serverKeys, "server", rdsUses),
    ];
    const later = ({ elsewhere = "", ...one }: SimulatedActions) => ({
        ...one,
        elsewhere: `${elsewhere}, and ${fromMigrateOn}`,
    });
    return [
        ...onKeys(place, own, "volume", ebsWrites),
        ...onKeys(place, own, "server", rdsUses),
        ...(restores ? read : read.map(later)),
    ];
}

const keyUsers = { volume: "ec2.", server: "rds." };

/** By the service on the caller's behalf (KMS Developer Guide, kms:ViaService). */
function onKeys(place: Named, keys: string[], used: "volume" | "server", actions: string[]): SimulatedActions[] {
    return keys.map((on) => ({
        on,
        actions,
        context: {
            "kms:ViaService": `${keyUsers[used]}${place.region}.amazonaws.com`,
            "kms:GrantIsForAWSResource": true,
        },
        elsewhere: "the key's own policy may allow it",
    }));
}

export interface CapturedActions {
    stack: string;
    tags: Tags;
    servers: string[];
    volumeKeys: string[];
    serverKeys: string[];
    records?: { zone: string; names: string[] };
}

export function productionActions(place: Named, planned: CapturedActions): SimulatedActions[] {
    const { stack, tags, servers, volumeKeys, serverKeys } = planned;
    const captured = { ...tags, ...captureTags(stack, "any") };
    return [
        { on: volumeSnapshots(place), actions: ["ec2:CreateTags"], context: tagging("CreateSnapshot", captured) },
        ...servers.map((server) => ({ on: rds(place, `db:${server}`), actions: ["rds:CreateDBSnapshot"] })),
        ...(servers.length > 0
            ? [
                  {
                      on: rds(place, "snapshot:posit-*"),
                      actions: ["rds:CreateDBSnapshot", "rds:AddTagsToResource"],
                      context: gives(captured),
                  },
              ]
            : []),
        // Which of them a snapshot of an encrypted volume needs, no page says (deploy/iam/calls/calls.ts): assumed.
        ...onKeys(place, volumeKeys, "volume", ["kms:CreateGrant", "kms:Decrypt"]),
        ...onKeys(place, serverKeys, "server", rdsUses),
        ...recordActions(place, planned),
    ].map((actions) => withBase(place, actions));
}

function recordActions({ partition }: Named, { records }: CapturedActions): SimulatedActions[] {
    if (records === undefined) {
        return [];
    }
    const zone = `arn:${partition}:route53:::hostedzone/${records.zone}`;
    const [names, types, acts] = ["NormalizedRecordNames", "RecordTypes", "Actions"].map(
        (key) => `route53:ChangeResourceRecordSets${key}`,
    );
    return [
        {
            on: zone,
            actions: ["route53:ChangeResourceRecordSets"],
            context: {
                [names]: records.names.map((name) => name.toLowerCase()),
                [types]: ["A"],
                [acts]: ["UPSERT"],
            },
        },
        { on: `arn:${partition}:route53:::change/*`, actions: ["route53:GetChange"] },
    ];
}

/**
 * Where the one endpoint of a partition's IAM and Route 53 is, and so every request's region (IAM User Guide, the example that denies by
 * aws:RequestedRegion; botocore's endpoints.json has those of other partitions). That iam:PassRole is judged so too is assumed: EC2 asks it.
 */
const homes: Record<string, Record<string, string>> = {
    aws: { iam: "us-east-1", route53: "us-east-1" },
    "aws-cn": { iam: "cn-north-1", route53: "cn-northwest-1" },
    "aws-us-gov": { iam: "us-gov-west-1", route53: "us-gov-west-1" },
};

function withBase({ partition, region }: Named, { context, ...actions }: SimulatedActions): SimulatedActions {
    const [service] = actions.actions[0].split(":");
    return {
        ...actions,
        context: { "aws:RequestedRegion": homes[partition]?.[service] ?? region, ...context },
    };
}
