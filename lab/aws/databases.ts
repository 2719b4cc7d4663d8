// RDS instances and snapshots: slow on purpose, as on AWS; Create answers when they are available.
import type { DbInstance, DbSnapshot, Request } from "../cloud/api";
import { OperationContext, ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { ask } from "./asking";
import { account, finished, ifThere, region, setTags, tagOutputs, tagsOf, waitFor, withRegion } from "./shared";
import { factsOf } from "./tables/table";

/** What a request has a place of its own for, or nobody asks RDS for. */
const placed = [
    ...["identifier", "engine", "engineVersion", "instanceClass", "allocatedStorage", "username", "password"],
    ...["vpcSecurityGroupIds", "dbSubnetGroupName", "storageEncrypted", "kmsKeyId", "backupRetentionPeriod"],
    ...["deletionProtection", "snapshotIdentifier", "restoreToPointInTime", "tags", "region"],
    ...["applyImmediately", "skipFinalSnapshot", "finalSnapshotIdentifier", "deleteAutomatedBackups"],
    ...["allowMajorVersionUpgrade"],
];

/** terraform-provider-aws, internal/service/rds/instance.go: what it sends with a restore, and what it modifies when the server is available. */
const restores = {
    snapshot: {
        sent: [
            ...["availabilityZone", "autoMinorVersionUpgrade", "copyTagsToSnapshot", "publiclyAccessible", "multiAz"],
            ...["enabledCloudwatchLogsExports", "iamDatabaseAuthenticationEnabled", "licenseModel", "networkType"],
            ...["optionGroupName", "parameterGroupName", "port", "dedicatedLogVolume"],
        ],
        modified: [
            ...["allocatedStorage", "backupRetentionPeriod", "backupWindow", "iops", "maintenanceWindow"],
            ...["maxAllocatedStorage", "monitoringInterval", "monitoringRoleArn", "storageType", "storageThroughput"],
            ...["performanceInsightsEnabled", "performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod"],
        ],
    },
    pointInTime: {
        sent: [
            ...["availabilityZone", "autoMinorVersionUpgrade", "copyTagsToSnapshot", "publiclyAccessible", "multiAz"],
            ...["enabledCloudwatchLogsExports", "iamDatabaseAuthenticationEnabled", "iops", "licenseModel"],
            ...["maxAllocatedStorage", "optionGroupName", "parameterGroupName", "port", "storageType"],
            ...["storageThroughput", "networkType", "dedicatedLogVolume"],
        ],
        modified: ["monitoringInterval", "monitoringRoleArn"],
    },
};

/** With every restore, given or not: the provider's defaults, whatever the source has. */
const alwaysSent = { autoMinorVersionUpgrade: true, copyTagsToSnapshot: false, publiclyAccessible: false };

const only = (inputs: Properties, names: string[]): Properties =>
    Object.fromEntries(names.filter((name) => inputs[name] !== undefined).map((name) => [name, inputs[name]]));

const otherSettings = (inputs: Properties): Properties =>
    only(
        inputs,
        Object.keys(inputs).filter((name) => !placed.includes(name) && !name.startsWith("__")),
    );

/** An update names what differs, and nothing else: of a server that was taken over the state has all that RDS said. */
const changedSettings = (inputs: Properties, oldInputs: Properties): Properties =>
    Object.fromEntries(
        Object.entries(otherSettings(inputs)).filter(
            ([name, value]) => JSON.stringify(value) !== JSON.stringify(oldInputs[name]),
        ),
    );

const restoreOf = (inputs: Properties): keyof typeof restores | undefined =>
    inputs.restoreToPointInTime !== undefined
        ? "pointInTime"
        : inputs.snapshotIdentifier !== undefined
          ? "snapshot"
          : undefined;

/** A prefix stays as it was given: "15" is no difference from 15.8 (dbSetResourceDataEngineVersionFromInstance). */
function engineVersion(found: DbInstance, given: unknown): string {
    return typeof given === "string" && found.engineVersion.startsWith(given) ? given : found.engineVersion;
}

function instanceOutputs(found: DbInstance, given: Properties = {}): Properties {
    return {
        ...found.properties,
        arn: `arn:aws:rds:${region}:${account}:db:${found.identifier}`,
        identifier: found.identifier,
        address: found.address,
        endpoint: `${found.address}:${found.port}`,
        port: found.port,
        username: found.username,
        dbName: found.dbName,
        engine: "postgres",
        engineVersion: engineVersion(found, given.engineVersion),
        engineVersionActual: found.engineVersion,
        instanceClass: found.instanceClass,
        allocatedStorage: found.allocatedStorage,
        availabilityZone: found.availabilityZone,
        resourceId: found.resourceId,
        dbSubnetGroupName: found.subnetGroupName,
        vpcSecurityGroupIds: found.vpcSecurityGroupIds,
        storageEncrypted: found.storageEncrypted,
        kmsKeyId: found.kmsKeyId,
        backupRetentionPeriod: found.backupRetentionPeriod,
        deletionProtection: found.deletionProtection,
        // These move on by themselves: shown by a refresh they would make outputs differ at every run, so the lab keeps them out of state.
        ...{ latestRestorableTime: "", status: "available" },
        ...tagOutputs(found.tags),
    };
}

const available = (identifier: string, context: OperationContext) =>
    waitFor(`database ${identifier} to be available`, context, 2400, async () => {
        const found = await ifThere(ask("DescribeDbInstance", { identifier }));
        if (found?.status === "failed") {
            throw new Error(
                `unexpected state 'failed', wanted target 'available' of database ${identifier}: ${found.failure ?? "no reason given"}`,
            );
        }
        return found?.status === "available" ? found : undefined;
    });

function creation(inputs: Properties): Request<"CreateDbInstance"> {
    const kind = restoreOf(inputs);
    const fresh = kind === undefined;
    return {
        identifier: String(inputs.identifier),
        instanceClass: String(inputs.instanceClass),
        vpcSecurityGroupIds: (inputs.vpcSecurityGroupIds as string[] | undefined) ?? [],
        subnetGroupName: inputs.dbSubnetGroupName as string | undefined,
        deletionProtection: inputs.deletionProtection as boolean | undefined,
        snapshotIdentifier: inputs.snapshotIdentifier as string | undefined,
        restoreToPointInTime: inputs.restoreToPointInTime as Request<"CreateDbInstance">["restoreToPointInTime"],
        properties: kind ? { ...alwaysSent, ...only(inputs, restores[kind].sent) } : otherSettings(inputs),
        tags: tagsOf(inputs),
        password: inputs.password as string | undefined,
        ...(fresh && {
            engineVersion: inputs.engineVersion as string | undefined,
            allocatedStorage: inputs.allocatedStorage as number | undefined,
            username: inputs.username as string | undefined,
            storageEncrypted: inputs.storageEncrypted as boolean | undefined,
            kmsKeyId: inputs.kmsKeyId as string | undefined,
            backupRetentionPeriod: inputs.backupRetentionPeriod as number | undefined,
        }),
    };
}

/** What a restore can't be told, and the provider modifies afterwards. */
async function completeRestore(inputs: Properties, context: OperationContext): Promise<DbInstance> {
    const identifier = String(inputs.identifier);
    const found = await available(identifier, context);
    const kind = restoreOf(inputs);
    const changes = kind ? only(inputs, restores[kind].modified) : {};
    if (Object.keys(changes).length === 0) {
        return found;
    }
    const { allocatedStorage, backupRetentionPeriod, ...properties } = changes;
    await ask("ModifyDbInstance", {
        identifier,
        allocatedStorage: allocatedStorage as number | undefined,
        backupRetentionPeriod: backupRetentionPeriod as number | undefined,
        properties,
    });
    return available(identifier, context);
}

const instance: ResourceType = {
    ...factsOf("aws:rds/instance:Instance"),
    defaults: withRegion,
    create: async (inputs, context) => {
        const made = await ask("CreateDbInstance", creation(inputs));
        return finished(
            made.resourceId,
            () => instanceOutputs(made, inputs),
            async () => instanceOutputs(await completeRestore(inputs, context), inputs),
        );
    },
    read: async (id, inputs) => {
        const found = await ifThere(ask("DescribeDbInstance", { identifier: id }));
        return found && found.status !== "deleting" ? { id, outputs: instanceOutputs(found, inputs) } : undefined;
    },
    update: async (id, inputs, _outputs, context, oldInputs) => {
        await ask("ModifyDbInstance", {
            identifier: id,
            password: inputs.password !== oldInputs.password ? (inputs.password as string) : undefined,
            backupRetentionPeriod: inputs.backupRetentionPeriod as number | undefined,
            deletionProtection: inputs.deletionProtection as boolean | undefined,
            vpcSecurityGroupIds: inputs.vpcSecurityGroupIds as string[] | undefined,
            allocatedStorage: inputs.allocatedStorage as number | undefined,
            instanceClass: inputs.instanceClass as string | undefined,
            properties: changedSettings(inputs, oldInputs),
        });
        await setTags(id, inputs);
        return instanceOutputs(await available(id, context), inputs);
    },
    delete: async (id, outputs, context) => {
        await ifThere(
            ask("DeleteDbInstance", {
                identifier: id,
                skipFinalSnapshot: outputs.skipFinalSnapshot === true,
                finalSnapshotIdentifier: outputs.finalSnapshotIdentifier as string | undefined,
            }),
        );
        await waitFor(`database ${id} to be gone`, context, 2400, async () =>
            (await ifThere(ask("DescribeDbInstance", { identifier: id }))) === undefined ? true : undefined,
        );
    },
};

function snapshotOutputs(found: DbSnapshot): Properties {
    return {
        dbSnapshotArn: `arn:aws:rds:${region}:${account}:snapshot:${found.snapshotIdentifier}`,
        dbSnapshotIdentifier: found.snapshotIdentifier,
        dbInstanceIdentifier: found.dbInstanceIdentifier,
        engine: "postgres",
        engineVersion: found.engineVersion,
        allocatedStorage: found.allocatedStorage,
        encrypted: found.encrypted,
        kmsKeyId: found.kmsKeyId,
        status: found.status,
        snapshotType: "manual",
        sourceRegion: region,
        ...tagOutputs(found.tags),
    };
}

export const describeServerSnapshot = async (snapshotIdentifier: string): Promise<DbSnapshot | undefined> =>
    (await ifThere(ask("DescribeDbSnapshots", { snapshotIdentifier })))?.snapshots[0];

const snapshot: ResourceType = {
    ...factsOf("aws:rds/snapshot:Snapshot"),
    defaults: withRegion,
    create: async (inputs, context) => {
        const made = await ask("CreateDbSnapshot", {
            snapshotIdentifier: String(inputs.dbSnapshotIdentifier),
            dbInstanceIdentifier: String(inputs.dbInstanceIdentifier),
            tags: tagsOf(inputs),
        });
        const id = made.snapshotIdentifier;
        return finished(
            id,
            () => snapshotOutputs(made),
            () =>
                waitFor(`database snapshot ${id}`, context, 1200, async () => {
                    const found = await describeServerSnapshot(id);
                    if (found?.status === "failed") {
                        throw new Error(`unexpected state 'failed', wanted target 'available' of snapshot ${id}`);
                    }
                    return found?.status === "available" ? snapshotOutputs(found) : undefined;
                }),
        );
    },
    read: async (id) => {
        const found = await describeServerSnapshot(id);
        return found && { id, outputs: snapshotOutputs(found) };
    },
    update: async (id, inputs, outputs) => {
        await setTags(id, inputs);
        const found = await describeServerSnapshot(id);
        return found ? snapshotOutputs(found) : outputs;
    },
    delete: async (id) => void (await ifThere(ask("DeleteDbSnapshot", { snapshotIdentifier: id }))),
};

export const databases: Record<string, ResourceType> = {
    "aws:rds/instance:Instance": instance,
    "aws:rds/snapshot:Snapshot": snapshot,
};
