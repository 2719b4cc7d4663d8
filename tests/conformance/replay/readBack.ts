// What the provider reads back of a resource, and what it makes of a difference: as data, from the files that calls/ name.
import type { Fact } from "../calls/mapping";

export interface Property {
    /** In the answer: a path. */
    at: string;
    /** A difference makes a new resource (the schema's ForceNew). */
    replaces?: true;
    /** What the provider takes for an absent input that the cloud does not compute; a difference from it is a change. */
    absent?: unknown;
}

export interface Read {
    operation: string;
    /** Parameters, of the resource's id and inputs. */
    parameters(id: string, inputs: Record<string, unknown>): object;
    /** Of the answer. */
    at: string;
    inputs: Record<string, Property>;
}

export interface ReadBack extends Fact {
    reads: Read[];
}

const ec2 = "terraform-provider-aws, internal/service/ec2";
const tags: Record<string, Property> = { tags: { at: "Tags" } };
const filtered = (Name: string) => (id: string) => ({ Filters: [{ Name, Values: [id] }] });
const listed = (parameter: string) => (id: string) => ({ [parameter]: [id] });

function rule(): ReadBack {
    return {
        source: `${ec2}/vpc_security_group_ingress_rule.go: Read; a peer of another kind replaces`,
        rank: "seen in code",
        reads: [
            {
                operation: "ec2:DescribeSecurityGroupRules",
                parameters: listed("SecurityGroupRuleIds"),
                at: "SecurityGroupRules.0",
                inputs: {
                    ...tags,
                    securityGroupId: { at: "GroupId", replaces: true },
                    cidrIpv4: { at: "CidrIpv4" },
                    description: { at: "Description" },
                    ipProtocol: { at: "IpProtocol" },
                    fromPort: { at: "FromPort" },
                    toPort: { at: "ToPort" },
                    referencedSecurityGroupId: { at: "ReferencedGroupInfo.GroupId" },
                },
            },
        ],
    };
}

const network: Record<string, ReadBack> = {
    "aws:ec2/vpc:Vpc": {
        source: `${ec2}/vpc_.go`,
        rank: "assumed",
        reads: [
            {
                operation: "ec2:DescribeVpcs",
                parameters: listed("VpcIds"),
                at: "Vpcs.0",
                inputs: { ...tags, cidrBlock: { at: "CidrBlock", replaces: true } },
            },
            {
                operation: "ec2:DescribeVpcAttribute",
                parameters: (VpcId) => ({ VpcId, Attribute: "enableDnsHostnames" }),
                at: "EnableDnsHostnames",
                inputs: { enableDnsHostnames: { at: "Value" } },
            },
        ],
    },
    "aws:ec2/subnet:Subnet": {
        source: `${ec2}/vpc_subnet.go`,
        rank: "assumed",
        reads: [
            {
                operation: "ec2:DescribeSubnets",
                parameters: listed("SubnetIds"),
                at: "Subnets.0",
                inputs: {
                    ...tags,
                    cidrBlock: { at: "CidrBlock", replaces: true },
                    vpcId: { at: "VpcId", replaces: true },
                    availabilityZone: { at: "AvailabilityZone", replaces: true },
                },
            },
        ],
    },
    "aws:ec2/routeTable:RouteTable": {
        source: `${ec2}/vpc_route_table.go`,
        rank: "assumed",
        reads: [
            {
                operation: "ec2:DescribeRouteTables",
                parameters: listed("RouteTableIds"),
                at: "RouteTables.0",
                inputs: { ...tags, vpcId: { at: "VpcId", replaces: true } },
            },
        ],
    },
    "aws:ec2/natGateway:NatGateway": {
        source: `${ec2}/vpc_nat_gateway.go`,
        rank: "seen in code",
        reads: [
            {
                operation: "ec2:DescribeNatGateways",
                parameters: listed("NatGatewayIds"),
                at: "NatGateways.0",
                inputs: { ...tags, subnetId: { at: "SubnetId", replaces: true } },
            },
        ],
    },
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": {
        source: `${ec2}/transitgateway_vpc_attachment.go`,
        rank: "seen in code",
        reads: [
            {
                operation: "ec2:DescribeTransitGatewayVpcAttachments",
                parameters: listed("TransitGatewayAttachmentIds"),
                at: "TransitGatewayVpcAttachments.0",
                inputs: {
                    ...tags,
                    subnetIds: { at: "SubnetIds" },
                    transitGatewayId: { at: "TransitGatewayId", replaces: true },
                    vpcId: { at: "VpcId", replaces: true },
                },
            },
        ],
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        source: `${ec2}/vpc_security_group.go`,
        rank: "assumed",
        reads: [
            {
                operation: "ec2:DescribeSecurityGroups",
                parameters: listed("GroupIds"),
                at: "SecurityGroups.0",
                inputs: {
                    ...tags,
                    vpcId: { at: "VpcId", replaces: true },
                    description: { at: "Description", replaces: true },
                },
            },
        ],
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule(),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule(),
};

const machines: Record<string, ReadBack> = {
    "aws:ec2/instance:Instance": {
        source: `${ec2}/ec2_instance.go`,
        rank: "assumed",
        reads: [
            {
                operation: "ec2:DescribeInstances",
                parameters: listed("InstanceIds"),
                at: "Reservations.0.Instances.0",
                inputs: {
                    ...tags,
                    ami: { at: "ImageId", replaces: true },
                    instanceType: { at: "InstanceType" },
                    subnetId: { at: "SubnetId", replaces: true },
                },
            },
            {
                operation: "ec2:DescribeVolumes",
                parameters: (id) => ({
                    Filters: [
                        ...filtered("attachment.instance-id")(id).Filters,
                        ...filtered("attachment.device")("/dev/xvda").Filters,
                    ],
                }),
                at: "Volumes.0",
                inputs: {
                    "rootBlockDevice.encrypted": { at: "Encrypted", replaces: true },
                    "rootBlockDevice.kmsKeyId": { at: "KmsKeyId", replaces: true },
                    "rootBlockDevice.volumeSize": { at: "Size" },
                    "rootBlockDevice.volumeType": { at: "VolumeType" },
                },
            },
        ],
    },
    "aws:ebs/volume:Volume": {
        source: `${ec2}/ebs_volume.go: Schema and Read`,
        rank: "seen in code",
        reads: [
            {
                operation: "ec2:DescribeVolumes",
                parameters: listed("VolumeIds"),
                at: "Volumes.0",
                inputs: {
                    ...tags,
                    availabilityZone: { at: "AvailabilityZone", replaces: true },
                    encrypted: { at: "Encrypted", replaces: true },
                    kmsKeyId: { at: "KmsKeyId", replaces: true },
                    snapshotId: { at: "SnapshotId", replaces: true },
                    size: { at: "Size" },
                    type: { at: "VolumeType" },
                    iops: { at: "Iops" },
                    throughput: { at: "Throughput" },
                },
            },
        ],
    },
    "aws:ebs/snapshot:Snapshot": {
        source: `${ec2}/ebs_snapshot.go: Schema and Read`,
        rank: "seen in code",
        reads: [
            {
                operation: "ec2:DescribeSnapshots",
                parameters: listed("SnapshotIds"),
                at: "Snapshots.0",
                inputs: {
                    ...tags,
                    volumeId: { at: "VolumeId", replaces: true },
                    description: { at: "Description", replaces: true },
                },
            },
        ],
    },
    "aws:route53/record:Record": {
        source: "terraform-provider-aws, internal/service/route53/record.go",
        rank: "assumed",
        reads: [
            {
                operation: "route53:ListResourceRecordSets",
                parameters: (_id, inputs) => ({
                    HostedZoneId: inputs.zoneId,
                    StartRecordName: inputs.name,
                    StartRecordType: inputs.type,
                    MaxItems: "1",
                }),
                at: "ResourceRecordSets.0",
                inputs: {
                    type: { at: "Type", replaces: true },
                    ttl: { at: "TTL" },
                    records: { at: "ResourceRecords" },
                },
            },
        ],
    },
};

const rds = "terraform-provider-aws, internal/service/rds";

const databases: Record<string, ReadBack> = {
    "aws:rds/subnetGroup:SubnetGroup": {
        source: `${rds}/subnet_group.go: Schema and Read`,
        rank: "seen in code",
        reads: [
            {
                operation: "rds:DescribeDBSubnetGroups",
                parameters: (_id, { name }) => ({ DBSubnetGroupName: name }),
                at: "DBSubnetGroups.0",
                inputs: {
                    name: { at: "DBSubnetGroupName", replaces: true },
                    description: { at: "DBSubnetGroupDescription" },
                    subnetIds: { at: "Subnets" },
                },
            },
        ],
    },
    "aws:rds/snapshot:Snapshot": {
        source: `${rds}/snapshot.go`,
        rank: "assumed",
        reads: [
            {
                operation: "rds:DescribeDBSnapshots",
                parameters: (_id, { dbSnapshotIdentifier }) => ({ DBSnapshotIdentifier: dbSnapshotIdentifier }),
                at: "DBSnapshots.0",
                inputs: {
                    tags: { at: "TagList" },
                    dbInstanceIdentifier: { at: "DBInstanceIdentifier", replaces: true },
                    dbSnapshotIdentifier: { at: "DBSnapshotIdentifier", replaces: true },
                },
            },
        ],
    },
    "aws:rds/instance:Instance": {
        source: `${rds}/instance.go: Schema and resourceInstanceRead`,
        rank: "seen in code",
        reads: [
            {
                operation: "rds:DescribeDBInstances",
                parameters: (_id, { identifier }) => ({ DBInstanceIdentifier: identifier }),
                at: "DBInstances.0",
                inputs: {
                    tags: { at: "TagList" },
                    identifier: { at: "DBInstanceIdentifier", replaces: true },
                    engine: { at: "Engine", replaces: true },
                    username: { at: "MasterUsername", replaces: true },
                    dbName: { at: "DBName", replaces: true },
                    storageEncrypted: { at: "StorageEncrypted", replaces: true, absent: false },
                    kmsKeyId: { at: "KmsKeyId", replaces: true },
                    availabilityZone: { at: "AvailabilityZone", replaces: true },
                    engineVersion: { at: "EngineVersion" },
                    instanceClass: { at: "DBInstanceClass" },
                    allocatedStorage: { at: "AllocatedStorage" },
                    maxAllocatedStorage: { at: "MaxAllocatedStorage", absent: 0 },
                    storageType: { at: "StorageType" },
                    iops: { at: "Iops", absent: 0 },
                    dbSubnetGroupName: { at: "DBSubnetGroup.DBSubnetGroupName" },
                    vpcSecurityGroupIds: { at: "VpcSecurityGroups" },
                    parameterGroupName: { at: "DBParameterGroups.0.DBParameterGroupName" },
                    optionGroupName: { at: "OptionGroupMemberships.0.OptionGroupName" },
                    multiAz: { at: "MultiAZ" },
                    publiclyAccessible: { at: "PubliclyAccessible", absent: false },
                    backupRetentionPeriod: { at: "BackupRetentionPeriod" },
                    copyTagsToSnapshot: { at: "CopyTagsToSnapshot", absent: false },
                    deletionProtection: { at: "DeletionProtection", absent: false },
                    autoMinorVersionUpgrade: { at: "AutoMinorVersionUpgrade", absent: true },
                    iamDatabaseAuthenticationEnabled: { at: "IAMDatabaseAuthenticationEnabled", absent: false },
                    performanceInsightsEnabled: { at: "PerformanceInsightsEnabled", absent: false },
                    monitoringInterval: { at: "MonitoringInterval", absent: 0 },
                    enabledCloudwatchLogsExports: { at: "EnabledCloudwatchLogsExports", absent: [] },
                },
            },
        ],
    },
};

export const readBacks: Record<string, ReadBack> = { ...network, ...machines, ...databases };
