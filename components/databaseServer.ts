// The Postgres server of an environment: a fresh one in phase install, or one restored from a capture.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ServerSettings, toldToRestore } from "../databases";
import type { Secret } from "../logic/secret";
import { revealed } from "./secrets";
import { serverReady } from "./serverReady";
import { tryAgain } from "./tryAgain";

/** Where a server's content comes from. */
export type DatabaseOrigin =
    | { kind: "fresh" }
    | { kind: "snapshot"; snapshotIdentifier: string; settings?: ServerSettings }
    | { kind: "pointInTime"; source: string; restoreTime: string; settings?: ServerSettings };

export interface DatabaseServerArgs {
    /** Physical name; unique in the account and fixed, because a restored server is always a new one. */
    identifier: string;
    origin: DatabaseOrigin;
    engineVersion: string;
    instanceClass: string;
    /** GiB; a restored server keeps its source's size. */
    allocatedStorage: number;
    masterUsername: string;
    masterPassword: Secret<string>;
    subnetGroupName: pulumi.Input<string>;
    securityGroupIds: pulumi.Input<string>[];
    kmsKeyId?: string;
    /** Days, of a server that does not keep its source's; 0 would make point-in-time captures of this server impossible. */
    backupRetentionDays: number;
    deletionProtection: boolean;
    /** Of the final snapshot of a server with people's data; as it was when the server was made, since a name can be used once only. */
    finalSnapshotIdentifier?: pulumi.Input<string>;
    tags: Record<string, string>;
    /** Its id, where a run that ended has left it: it is taken over (decision 43). */
    left?: string;
}

export class DatabaseServer extends pulumi.ComponentResource {
    readonly instance: aws.rds.Instance;
    readonly address: pulumi.Output<string>;

    constructor(name: string, args: DatabaseServerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:DatabaseServer", name, {}, opts);
        const restored = args.origin.kind !== "fresh";
        this.instance = new aws.rds.Instance(
            `${name}-instance`,
            {
                identifier: args.left === undefined ? args.identifier : serverReady(args.identifier),
                engine: "postgres",
                instanceClass: args.instanceClass,
                // Engine version, size, user and encryption of a restored server come from its source; naming them again would contradict it.
                // What it would not take from there by itself is told when it is made (databases/server.ts).
                ...(restored
                    ? {}
                    : {
                          engineVersion: args.engineVersion,
                          allocatedStorage: args.allocatedStorage,
                          username: args.masterUsername,
                          storageEncrypted: true,
                          kmsKeyId: args.kmsKeyId,
                      }),
                ...originArgs(args.origin),
                password: revealed(args.masterPassword),
                dbSubnetGroupName: args.subnetGroupName,
                vpcSecurityGroupIds: args.securityGroupIds,
                publiclyAccessible: false,
                backupRetentionPeriod: retentionOf(args),
                copyTagsToSnapshot: true,
                // Those of a server with people's data outlive it, for as long as they are kept: the last final snapshot is one moment only.
                ...(args.finalSnapshotIdentifier !== undefined && { deleteAutomatedBackups: false }),
                deletionProtection: args.deletionProtection,
                applyImmediately: true,
                // Only what never held anybody's data goes without one.
                skipFinalSnapshot: args.finalSnapshotIdentifier === undefined,
                finalSnapshotIdentifier: args.finalSnapshotIdentifier,
                tags: args.tags,
            },
            {
                parent: this,
                protect: args.deletionProtection,
                customTimeouts: { create: "6h", delete: "2h" },
                import: args.left,
                ignoreChanges: ignored(args),
                hooks: args.origin.kind === "pointInTime" ? { onError: [waitUntilRestorable(name)] } : undefined,
            },
        );
        this.address = this.instance.address;
        this.registerOutputs({ address: this.address });
    }
}

function ignored({ origin, finalSnapshotIdentifier, left }: DatabaseServerArgs): string[] {
    const restored = origin.kind !== "fresh";
    const always = [
        // RDS goes on to newer minor versions by itself: the configured one is where a fresh server began.
        ...(restored ? ["snapshotIdentifier", "restoreToPointInTime", ...takenFromSource] : ["engineVersion"]),
        ...(origin.kind === "pointInTime" ? ["backupRetentionPeriod"] : []),
        ...(finalSnapshotIdentifier === undefined ? [] : ["finalSnapshotIdentifier"]),
    ];
    // The run that ended may not have come to what is set after a restore, and no cloud keeps the name of a final snapshot.
    const told = ["finalSnapshotIdentifier", ...(restored ? Object.keys(toldToRestore(origin.settings)) : [])];
    return left === undefined ? always : always.filter((name) => !told.includes(name));
}

/**
 * What RestoreDBInstanceToPointInTime and …FromDBSnapshot take from the source because they can't be told (no KmsKeyId, StorageEncrypted,
 * EngineVersion, MasterUsername, monitoring, Performance Insights in RDS's API model), or are told once, when the server is made. The
 * provider reads all of it back, and the first few force a replacement: a server with people's data is never replaced for a default of ours.
 */
const takenFromSource: (keyof aws.rds.InstanceArgs)[] = [
    "storageEncrypted",
    "kmsKeyId",
    "availabilityZone",
    "username",
    "dbName",
    "characterSetName",
    "engineVersion",
    "allocatedStorage",
    "maxAllocatedStorage",
    "storageType",
    "iops",
    "storageThroughput",
    "dedicatedLogVolume",
    "parameterGroupName",
    "optionGroupName",
    "multiAz",
    "networkType",
    "port",
    "caCertIdentifier",
    "autoMinorVersionUpgrade",
    "backupWindow",
    "maintenanceWindow",
    "iamDatabaseAuthenticationEnabled",
    "enabledCloudwatchLogsExports",
    "monitoringInterval",
    "monitoringRoleArn",
    "databaseInsightsMode",
    "performanceInsightsEnabled",
    "performanceInsightsKmsKeyId",
    "performanceInsightsRetentionPeriod",
];

/**
 * After a restore from a snapshot the provider sets what it was told; after one to a moment it does not (terraform-provider-aws,
 * internal/service/rds/instance.go), so that one has its source's, and another value here would change it at the next `up`.
 */
function retentionOf({ origin, backupRetentionDays }: DatabaseServerArgs): number {
    return origin.kind === "pointInTime"
        ? (origin.settings?.backupRetention ?? backupRetentionDays)
        : backupRetentionDays;
}

function originArgs(origin: DatabaseOrigin): Partial<aws.rds.InstanceArgs> {
    switch (origin.kind) {
        case "fresh":
            return {};
        case "snapshot":
            return { snapshotIdentifier: origin.snapshotIdentifier, ...toldToRestore(origin.settings) };
        case "pointInTime":
            return {
                ...toldToRestore(origin.settings),
                restoreToPointInTime: { sourceDbInstanceIdentifier: origin.source, restoreTime: origin.restoreTime },
            };
    }
}

/** RDS can restore to a moment only some minutes after it; no data source tells LatestRestorableTime, so the restore is tried again. */
function waitUntilRestorable(name: string): pulumi.ErrorHook {
    return tryAgain(`${name}-restorable`, {
        // "The specified instance cannot be restored to a time later than …"; "earlier than" would never come true.
        passing: /cannot be restored to a time later than/,
        tries: 60,
        pause: (attempt) => Math.min(15_000, 1_000 * 1.4 ** attempt),
        says: `${name}: the server's backups have not reached the captured moment yet; trying again`,
    });
}
