// Database servers, read back.
import type { ReadBack } from "./read";

const rds = "terraform-provider-aws, internal/service/rds";

export const databaseReads: Record<string, ReadBack> = {
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
        rank: "seen in code",
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
