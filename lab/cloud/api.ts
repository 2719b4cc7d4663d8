// The one-machine cloud's API: what the lab's `aws` provider, the legacy builder and the tests ask of it.
//
// One daemon owns the cloud's state and does the work; callers speak JSON over a unix socket (path in
// POSIT_LAB_CLOUD): POST / with {"action": NAME, "request": {...}} answers 200 with the response or 400 with
// {"code": "InvalidVolume.NotFound", "message": "..."}; codes are AWS's own where AWS has one.
// State is the daemon's alone: Pulumi's state may be lost or older, the cloud goes on.

import type { TimingMode } from "./timing";

export type Tags = Record<string, string>;

/** Calls of an action that are refused, answered late or not at all: after the first `skip`, the next `times` (all when absent). */
export interface Disturbance {
    /** "*": everything that the provider asks. */
    action: string;
    /** Only calls of the provider, not those of the bench itself. */
    by?: "provider";
    /** Only calls whose request has this key. */
    having?: string;
    /** Only calls that give what they make this tag. */
    tag?: string;
    skip?: number;
    times?: number;
    /** The very same request only every other time: whoever asks again is answered. */
    everyOther?: boolean;
    delayMilliseconds?: number;
    /** Put into the request, for what only the lab can ask for. */
    request?: Record<string, unknown>;
    /** In AWS's words for that service and request. */
    refuses?: "throttled" | "denied" | "expired" | "logged out";
    /** `givenUp`: the SDK has asked as often as it does, and this is the last refusal. */
    refusal?: { code: string; message: string; givenUp?: boolean };
    /** The call is worked on, and its answer never arrives: the connection ends. */
    answerLost?: boolean;
    /** For so long nobody knows the ids that are answered. */
    hideMilliseconds?: number;
}

/** Any resource that is only a record here (gateways, addresses, subnet and parameter groups). */
export interface Thing {
    id: string;
    /** Pulumi type token, for example "aws:ec2/natGateway:NatGateway". */
    type: string;
    /** With what the cloud adds by itself. */
    properties: Record<string, unknown>;
}

export interface Vpc {
    vpcId: string;
    cidrBlock: string;
    enableDnsHostnames: boolean;
    enableDnsSupport: boolean;
    tags: Tags;
    /** As on AWS every VPC is born with one; it can't be deleted. */
    defaultSecurityGroupId: string;
    /** Of every subnet that is associated with no other: it leads within the VPC only. */
    mainRouteTableId: string;
}

export interface RouteTable {
    routeTableId: string;
    vpcId: string;
    tags: Tags;
}

/** Beside the local one, which every table has. */
export interface Route {
    routeTableId: string;
    destinationCidrBlock: string;
    /** Exactly one of the four. */
    gatewayId?: string;
    natGatewayId?: string;
    transitGatewayId?: string;
    vpcPeeringConnectionId?: string;
}

export interface RouteTableAssociation {
    associationId: string;
    routeTableId: string;
    subnetId: string;
}

export interface Subnet {
    subnetId: string;
    vpcId: string;
    cidrBlock: string;
    availabilityZone: string;
    tags: Tags;
}

export interface SecurityGroup {
    groupId: string;
    groupName: string;
    description: string;
    vpcId: string;
    tags: Tags;
}

export interface SecurityGroupRule {
    ruleId: string;
    groupId: string;
    direction: "ingress" | "egress";
    /** "tcp", "udp", "icmp" or "-1" for all. */
    protocol: string;
    fromPort?: number;
    toPort?: number;
    /** Exactly one of the two. */
    cidr?: string;
    referencedGroupId?: string;
    description?: string;
    tags: Tags;
}

export interface Instance {
    instanceId: string;
    imageId: string;
    instanceType: string;
    subnetId: string;
    availabilityZone: string;
    privateIp: string;
    securityGroupIds: string[];
    /** Base64 as given; kept as a secret by whoever gave it. */
    userData?: string;
    state: "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";
    metadataOptions: { httpEndpoint: string; httpTokens: "required" | "optional"; httpPutResponseHopLimit: number };
    rootVolume: RootVolume;
    disableApiTermination: boolean;
    iamInstanceProfile?: string;
    tags: Tags;
    launchTime: string;
}

export interface RootVolume {
    volumeId: string;
    /** GiB */
    volumeSize: number;
    volumeType: string;
    encrypted: boolean;
    kmsKeyId?: string;
    iops?: number;
    throughput?: number;
    tags?: Tags;
}

export interface Volume {
    volumeId: string;
    availabilityZone: string;
    /** GiB */
    size: number;
    type: string;
    iops?: number;
    /** MiB/s; of gp3 only. */
    throughput?: number;
    /** MiB/s; of one from a snapshot only. */
    volumeInitializationRate?: number;
    encrypted: boolean;
    kmsKeyId?: string;
    snapshotId?: string;
    state: "creating" | "available" | "in-use" | "error";
    attachment?: { instanceId: string; device: string; state: "attaching" | "attached" };
    createTime: string;
    tags: Tags;
}

export interface Snapshot {
    snapshotId: string;
    volumeId: string;
    /** GiB, of the volume */
    volumeSize: number;
    description: string;
    encrypted: boolean;
    /** Its volume's. */
    kmsKeyId?: string;
    state: "pending" | "completed" | "error";
    /** ISO 8601; the moment the content is that of. */
    startTime: string;
    progress: string;
    tags: Tags;
}

export interface DbInstance {
    identifier: string;
    engineVersion: string;
    instanceClass: string;
    /** GiB */
    allocatedStorage: number;
    username: string;
    address: string;
    port: number;
    vpcSecurityGroupIds: string[];
    subnetGroupName?: string;
    storageEncrypted: boolean;
    /** Of the key that the storage is encrypted with; absent when it is not. */
    kmsKeyId?: string;
    /** Days; 0 turns point-in-time restore off. */
    backupRetentionPeriod: number;
    /** ISO 8601; absent while backups are off. */
    latestRestorableTime?: string;
    deletionProtection: boolean;
    caCertificate: string;
    availabilityZone: string;
    dbName?: string;
    /** Of the server's life, not of its name. */
    resourceId: string;
    status: "creating" | "available" | "backing-up" | "deleting" | "failed";
    /** Why, when it failed. */
    failure?: string;
    /** Its other settings, with RDS's defaults, under the names of the SDK. */
    properties: Record<string, unknown>;
    tags: Tags;
}

export interface DbSnapshot {
    snapshotIdentifier: string;
    dbInstanceIdentifier: string;
    engineVersion: string;
    allocatedStorage: number;
    username: string;
    encrypted: boolean;
    kmsKeyId?: string;
    status: "creating" | "available" | "failed";
    /** ISO 8601 */
    snapshotCreateTime: string;
    tags: Tags;
}

export interface HostedZone {
    zoneId: string;
    /** Without the trailing dot. */
    name: string;
}

export interface RecordSet {
    zoneId: string;
    /** Full name without the trailing dot. */
    name: string;
    type: string;
    /** Of an alias it is the target's own: 0 here. */
    ttl: number;
    /** None of an alias. */
    records: string[];
    /** Where an alias leads: the name and the zone of what AWS runs there. */
    alias?: { dnsName: string; zoneId: string };
}

type Empty = Record<string, never>;

/** action → [request, response] */
export interface Actions {
    GetCallerIdentity: [Empty, { account: string; arn: string; userId: string }];
    /** Ends all hosts and databases in order; what lab/cloud/lifecycle.ts does first. */
    StopLab: [Empty, Empty];
    DescribeAvailabilityZones: [Empty, { names: string[] }];

    CreateThing: [{ type: string; properties: Record<string, unknown> }, Thing];
    DescribeThing: [{ id: string }, Thing];
    ModifyThing: [{ id: string; properties: Record<string, unknown> }, Thing];
    DeleteThing: [{ id: string }, Empty];
    /** All of a type. */
    DescribeThings: [{ type: string }, { things: Thing[] }];

    CreateVpc: [{ cidrBlock: string; enableDnsHostnames?: boolean; enableDnsSupport?: boolean; tags: Tags }, Vpc];
    DescribeVpc: [{ vpcId: string }, Vpc];
    DescribeVpcs: [Empty, { vpcs: Vpc[] }];
    ModifyVpc: [{ vpcId: string; enableDnsHostnames?: boolean; enableDnsSupport?: boolean }, Vpc];
    DeleteVpc: [{ vpcId: string }, Empty];
    CreateSubnet: [{ vpcId: string; cidrBlock: string; availabilityZone: string; tags: Tags }, Subnet];
    DescribeSubnet: [{ subnetId: string }, Subnet];
    DescribeSubnets: [Empty, { subnets: Subnet[] }];
    DeleteSubnet: [{ subnetId: string }, Empty];

    CreateRouteTable: [{ vpcId: string; tags: Tags }, RouteTable];
    DescribeRouteTable: [{ routeTableId: string }, RouteTable];
    /** DependencyViolation while a subnet is associated with it. */
    DeleteRouteTable: [{ routeTableId: string }, Empty];
    /** Nothing inside the VPC's range goes to a gateway. */
    CreateRoute: [Route, Route];
    ReplaceRoute: [Route, Route];
    DescribeRoute: [Pick<Route, "routeTableId" | "destinationCidrBlock">, Route];
    DeleteRoute: [Pick<Route, "routeTableId" | "destinationCidrBlock">, Empty];
    AssociateRouteTable: [{ routeTableId: string; subnetId: string }, RouteTableAssociation];
    DescribeAssociation: [{ associationId: string }, RouteTableAssociation];
    ReplaceAssociation: [{ associationId: string; routeTableId: string }, RouteTableAssociation];
    DisassociateRouteTable: [{ associationId: string }, Empty];
    /** Not AWS's: every VPC and the company's networks reach each other by themselves, for programs of before there were routes here. */
    OpenRoutes: [{ open: boolean }, Empty];

    CreateSecurityGroup: [{ groupName: string; description: string; vpcId: string; tags: Tags }, SecurityGroup];
    DescribeSecurityGroup: [{ groupId: string }, SecurityGroup];
    /** DependencyViolation while an instance, a database or another group's rule uses it. */
    DeleteSecurityGroup: [{ groupId: string }, Empty];
    AuthorizeRule: [Omit<SecurityGroupRule, "ruleId">, SecurityGroupRule];
    DescribeRule: [{ ruleId: string }, SecurityGroupRule];
    ModifyRule: [SecurityGroupRule, SecurityGroupRule];
    RevokeRule: [{ ruleId: string }, Empty];

    /** Answers when the instance is running (booting goes on); unknown types and images are refused as AWS does. */
    RunInstance: [
        Pick<Instance, "imageId" | "instanceType" | "subnetId" | "securityGroupIds" | "userData" | "tags"> & {
            privateIp?: string;
            metadataOptions?: Partial<Instance["metadataOptions"]>;
            rootVolume?: Partial<Omit<RootVolume, "volumeId">>;
            disableApiTermination?: boolean;
            iamInstanceProfile?: string;
        },
        Instance,
    ];
    DescribeInstance: [{ instanceId: string }, Instance];
    ModifyInstance: [
        {
            instanceId: string;
            securityGroupIds?: string[];
            disableApiTermination?: boolean;
            iamInstanceProfile?: string;
            metadataOptions?: Partial<Instance["metadataOptions"]>;
            /** Size, type and what goes with them: a root volume's encryption stays. */
            rootVolume?: Pick<Partial<RootVolume>, "volumeSize" | "volumeType" | "iops" | "throughput" | "tags">;
        },
        Instance,
    ];
    StopInstance: [{ instanceId: string }, Instance];
    StartInstance: [{ instanceId: string }, Instance];
    RebootInstance: [{ instanceId: string }, Empty];
    /** AWS has no such call: pulls the plug of a host, which then is stopped. For tests of what survives that. */
    CutPower: [{ instanceId: string }, Empty];
    TerminateInstance: [{ instanceId: string }, Empty];

    CreateVolume: [
        {
            availabilityZone: string;
            size?: number;
            type?: string;
            iops?: number;
            throughput?: number;
            volumeInitializationRate?: number;
            encrypted?: boolean;
            kmsKeyId?: string;
            snapshotId?: string;
            tags: Tags;
        },
        Volume,
    ];
    DescribeVolume: [{ volumeId: string }, Volume];
    /** Sizes only grow. */
    ModifyVolume: [{ volumeId: string; size?: number; type?: string; iops?: number; throughput?: number }, Volume];
    DeleteVolume: [{ volumeId: string }, Empty];
    AttachVolume: [
        {
            volumeId: string;
            instanceId: string;
            device: string;
            /** What only a disturbance asks for: for how long it stays "attaching", and in no guest. */
            attachingMilliseconds?: number;
        },
        Volume,
    ];
    /** Waits for the guest to let go, as AWS does, then VolumeInUse. */
    DetachVolume: [{ volumeId: string; instanceId: string; force?: boolean }, Volume];

    /** Answers as soon as the content is fixed, with state "pending". */
    CreateSnapshot: [
        {
            volumeId: string;
            description?: string;
            tags: Tags;
            /** What only a disturbance asks for: how much longer it is pending, how it ends, from when on a look-up finds it. */
            pendingMilliseconds?: number;
            endsIn?: "error";
            hiddenMilliseconds?: number;
        },
        Snapshot,
    ];
    DescribeSnapshots: [
        {
            snapshotIds?: string[];
            /** All must match; values are alternatives; names as in EC2: "tag:KEY", "status", "volume-id". */ filters?: {
                name: string;
                values: string[];
            }[];
        },
        { snapshots: Snapshot[] },
    ];
    DeleteSnapshot: [{ snapshotId: string }, Empty];

    /** For every kind that has tags; `id` is the resource's own id (a DB instance's identifier, …). */
    SetTags: [{ id: string; tags: Tags }, Empty];
    /** One tag beside the others; taken away without a value. */
    SetTag: [{ id: string; key: string; value?: string }, Empty];
    DescribeTags: [{ id: string }, { tags: Tags }];

    /** Asynchronous as RDS is: status "creating" until "available". */
    CreateDbInstance: [
        {
            identifier: string;
            engineVersion?: string;
            instanceClass: string;
            allocatedStorage?: number;
            username?: string;
            password?: string;
            vpcSecurityGroupIds: string[];
            subnetGroupName?: string;
            /** A restored server has its source's: RDS takes neither of the two, nor the days of backups, for a restore. */
            storageEncrypted?: boolean;
            kmsKeyId?: string;
            backupRetentionPeriod?: number;
            deletionProtection?: boolean;
            /** At most one of the two. */
            snapshotIdentifier?: string;
            restoreToPointInTime?: {
                sourceDbInstanceIdentifier: string;
                restoreTime?: string;
                useLatestRestorableTime?: boolean;
            };
            properties: Record<string, unknown>;
            tags: Tags;
            /** What only a disturbance asks for: it begins, and fails half-way; how much later the password is the one. */
            endsIn?: "failed";
            passwordMilliseconds?: number;
        },
        DbInstance,
    ];
    DescribeDbInstance: [{ identifier: string }, DbInstance];
    ModifyDbInstance: [
        {
            identifier: string;
            password?: string;
            backupRetentionPeriod?: number;
            deletionProtection?: boolean;
            vpcSecurityGroupIds?: string[];
            allocatedStorage?: number;
            instanceClass?: string;
            /** Those that are given; the others stay. */
            properties?: Record<string, unknown>;
            /** What only a disturbance asks for: how much later the new password is the one. */
            passwordMilliseconds?: number;
        },
        DbInstance,
    ];
    DeleteDbInstance: [{ identifier: string; skipFinalSnapshot: boolean; finalSnapshotIdentifier?: string }, Empty];
    CreateDbSnapshot: [
        {
            snapshotIdentifier: string;
            dbInstanceIdentifier: string;
            tags: Tags;
            /** What only a disturbance asks for. */
            endsIn?: "failed";
        },
        DbSnapshot,
    ];
    DescribeDbSnapshots: [{ snapshotIdentifier?: string; dbInstanceIdentifier?: string }, { snapshots: DbSnapshot[] }];
    DeleteDbSnapshot: [{ snapshotIdentifier: string }, Empty];

    /** Not AWS's: what goes wrong from now on; an empty list for nothing. */
    Disturb: [{ disturbances: Disturbance[] }, Empty];
    /** Not AWS's: how long things take from now on. */
    SetTiming: [{ mode: TimingMode }, Empty];
    DescribeTiming: [Empty, { mode: TimingMode }];

    CreateHostedZone: [{ name: string }, HostedZone];
    DescribeHostedZones: [{ name?: string; zoneId?: string }, { zones: HostedZone[] }];
    /** CREATE fails with InvalidChangeBatch when the record exists. */
    ChangeRecordSet: [RecordSet & { change: "CREATE" | "UPSERT" | "DELETE" }, Empty];
    ListRecordSets: [{ zoneId: string }, { records: RecordSet[] }];
}

export type Action = keyof Actions;
export type Request<A extends Action> = Actions[A][0];
export type Response<A extends Action> = Actions[A][1];

/** An AWS-like refusal: `code` is what a caller decides on, `message` what a person reads. */
/** In the place of a code where the SDK has no credentials to send a request with. */
export const noIdentity = "get identity";

export class CloudError extends Error {
    constructor(
        readonly code: string,
        message: string,
        /** The SDK has asked as often as it does. */
        readonly givenUp = false,
    ) {
        super(message);
        this.name = "CloudError";
    }
}
