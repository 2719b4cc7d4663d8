// The calls for database servers: a fresh one, or one of the two restores, and what is modified right after. Source of all of it:
// hashicorp/terraform-provider-aws, internal/service/rds/instance.go (releases 4.5x and 5.x; the one that 7.48 wraps is newer).
import { As, CallMapping, tagList, TypeMapping } from "./mapping";

const rds = "terraform-provider-aws, internal/service/rds";

const isMoment = (inputs: Record<string, unknown>) => inputs.restoreToPointInTime !== undefined;
const isFromSnapshot = (inputs: Record<string, unknown>) => inputs.snapshotIdentifier !== undefined;
export const isRestored = (inputs: Record<string, unknown>) => isMoment(inputs) || isFromSnapshot(inputs);

/** The moment and its source are one input, and two parameters. */
const moment: As = (value) => {
    const { sourceDbInstanceIdentifier, restoreTime } = value as Record<string, unknown>;
    return { SourceDBInstanceIdentifier: sourceDbInstanceIdentifier, RestoreTime: restoreTime };
};

const common: CallMapping["takes"] = {
    identifier: "DBInstanceIdentifier",
    instanceClass: "DBInstanceClass",
    engine: "Engine",
    dbSubnetGroupName: "DBSubnetGroupName",
    vpcSecurityGroupIds: "VpcSecurityGroupIds",
    publiclyAccessible: "PubliclyAccessible",
    copyTagsToSnapshot: "CopyTagsToSnapshot",
    deletionProtection: "DeletionProtection",
    autoMinorVersionUpgrade: "AutoMinorVersionUpgrade",
    availabilityZone: "AvailabilityZone",
    parameterGroupName: "DBParameterGroupName",
    optionGroupName: "OptionGroupName",
    multiAz: "MultiAZ",
    port: "Port",
    enabledCloudwatchLogsExports: "EnableCloudwatchLogsExports",
    iamDatabaseAuthenticationEnabled: "EnableIAMDatabaseAuthentication",
    tags: ["Tags", tagList],
};

/** What a restore can't be told, or is not by the provider, and is told right after. */
const modified: CallMapping["takes"] = {
    identifier: "DBInstanceIdentifier",
    password: "MasterUserPassword",
};

export const databaseCalls: Record<string, TypeMapping> = {
    "aws:rds/subnetGroup:SubnetGroup": {
        source: `${rds}/subnet_group.go`,
        rank: "seen in code",
        calls: [
            {
                operation: "rds:CreateDBSubnetGroup",
                takes: {
                    name: "DBSubnetGroupName",
                    description: "DBSubnetGroupDescription",
                    subnetIds: "SubnetIds",
                    tags: ["Tags", tagList],
                },
            },
        ],
    },
    "aws:rds/snapshot:Snapshot": {
        source: `${rds}/snapshot.go`,
        rank: "seen in code",
        calls: [
            {
                operation: "rds:CreateDBSnapshot",
                takes: {
                    dbInstanceIdentifier: "DBInstanceIdentifier",
                    dbSnapshotIdentifier: "DBSnapshotIdentifier",
                    tags: ["Tags", tagList],
                },
            },
        ],
    },
    "aws:rds/instance:Instance": {
        source: `${rds}/instance.go: resourceInstanceCreate`,
        rank: "seen in code",
        calls: [
            {
                operation: "rds:CreateDBInstance",
                when: (inputs) => !isRestored(inputs),
                takes: {
                    ...common,
                    engineVersion: "EngineVersion",
                    allocatedStorage: "AllocatedStorage",
                    storageType: "StorageType",
                    iops: "Iops",
                    storageThroughput: "StorageThroughput",
                    maxAllocatedStorage: "MaxAllocatedStorage",
                    username: "MasterUsername",
                    password: "MasterUserPassword",
                    storageEncrypted: "StorageEncrypted",
                    kmsKeyId: "KmsKeyId",
                    backupRetentionPeriod: "BackupRetentionPeriod",
                    performanceInsightsEnabled: "EnablePerformanceInsights",
                    monitoringInterval: "MonitoringInterval",
                    monitoringRoleArn: "MonitoringRoleArn",
                    caCertIdentifier: "CACertificateIdentifier",
                },
            },
            {
                operation: "rds:RestoreDBInstanceToPointInTime",
                when: isMoment,
                takes: {
                    ...common,
                    identifier: "TargetDBInstanceIdentifier",
                    storageType: "StorageType",
                    iops: "Iops",
                    maxAllocatedStorage: "MaxAllocatedStorage",
                    restoreToPointInTime: ["", moment],
                },
            },
            {
                operation: "rds:RestoreDBInstanceFromDBSnapshot",
                when: isFromSnapshot,
                takes: { ...common, snapshotIdentifier: "DBSnapshotIdentifier" },
            },
            {
                operation: "rds:ModifyDBInstance",
                when: isMoment,
                fixed: { ApplyImmediately: true },
                takes: modified,
            },
            {
                operation: "rds:ModifyDBInstance",
                when: isFromSnapshot,
                fixed: { ApplyImmediately: true },
                takes: {
                    ...modified,
                    allocatedStorage: "AllocatedStorage",
                    backupRetentionPeriod: "BackupRetentionPeriod",
                    engineVersion: "EngineVersion",
                    storageType: "StorageType",
                    iops: "Iops",
                    storageThroughput: "StorageThroughput",
                    maxAllocatedStorage: "MaxAllocatedStorage",
                    performanceInsightsEnabled: "EnablePerformanceInsights",
                    monitoringInterval: "MonitoringInterval",
                    monitoringRoleArn: "MonitoringRoleArn",
                    caCertIdentifier: "CACertificateIdentifier",
                },
            },
        ],
        unsent: {
            applyImmediately: "says how later changes are made",
            skipFinalSnapshot: "goes with the deletion",
            finalSnapshotIdentifier: "goes with the deletion",
            deleteAutomatedBackups: "goes with the deletion",
        },
    },
};
