// RDS instances and snapshots: slow on purpose, as on AWS; Create answers when they are available.
import { callCloud } from "../cloud/client";
import type { DbInstance, DbSnapshot } from "../cloud/api";
import { OperationContext, ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { account, ifThere, refreshed, region, setTags, tagOutputs, tagsOf, waitFor, withRegion } from "./shared";

/** What the API knows by a name of its own; the rest is kept as given. */
const ownProperties = [
    "identifier",
    "password",
    "vpcSecurityGroupIds",
    "snapshotIdentifier",
    "restoreToPointInTime",
    "tags",
    "tagsAll",
    "region",
];

function instanceOutputs(found: DbInstance): Properties {
    return {
        arn: `arn:aws:rds:${region}:${account}:db:${found.identifier}`,
        address: found.address,
        endpoint: `${found.address}:${found.port}`,
        port: found.port,
        username: found.username,
        engine: "postgres",
        engineVersion: found.engineVersion,
        engineVersionActual: found.engineVersion,
        allocatedStorage: found.allocatedStorage,
        resourceId: found.identifier,
        dbSubnetGroupName: found.subnetGroupName,
        // What a restore takes from its source, whatever the program asked for.
        storageEncrypted: found.storageEncrypted,
        kmsKeyId: found.kmsKeyId ?? "",
        backupRetentionPeriod: found.backupRetentionPeriod,
        // Moves on by itself: shown by a refresh it would make outputs differ at every run, so the lab keeps it out of state.
        latestRestorableTime: "",
        ...tagOutputs(found.tags),
    };
}

const available = (identifier: string, context: OperationContext) =>
    waitFor(`database ${identifier} to be available`, context, 2400, async () => {
        const found = await callCloud("DescribeDbInstance", { identifier });
        if (found.status === "failed") {
            throw new Error(`database ${identifier} failed: ${found.failure ?? "no reason given"}`);
        }
        return found.status === "available" ? found : undefined;
    });

/** As the real provider: what a restore from a snapshot can't be told is set as soon as it is done; after one to a moment nothing is. */
async function toldAfterwards(inputs: Properties, made: DbInstance, context: OperationContext): Promise<DbInstance> {
    const backupRetentionPeriod = inputs.backupRetentionPeriod as number | undefined;
    if (
        inputs.snapshotIdentifier === undefined ||
        (backupRetentionPeriod ?? made.backupRetentionPeriod) === made.backupRetentionPeriod
    ) {
        return made;
    }
    await callCloud("ModifyDbInstance", { identifier: made.identifier, backupRetentionPeriod });
    return available(made.identifier, context);
}

const instance: ResourceType = {
    forceNew: [
        "identifier",
        "engine",
        "username",
        "dbName",
        "snapshotIdentifier",
        "restoreToPointInTime",
        "storageEncrypted",
        "kmsKeyId",
        "region",
    ],
    optionalComputed: [
        "allocatedStorage",
        "engineVersion",
        "username",
        "port",
        "engine",
        "snapshotIdentifier",
        "dbSubnetGroupName",
        "kmsKeyId",
    ],
    readBack: ["storageEncrypted", "kmsKeyId", "backupRetentionPeriod"],
    computed: ["arn", "address", "endpoint", "engineVersionActual", "resourceId", "latestRestorableTime", "tagsAll"],
    defaults: withRegion,
    create: async (inputs, context) => {
        const identifier = String(inputs.identifier);
        const restore = inputs.restoreToPointInTime as
            { sourceDbInstanceIdentifier: string; restoreTime?: string } | undefined;
        await callCloud("CreateDbInstance", {
            identifier,
            engineVersion: inputs.engineVersion as string | undefined,
            instanceClass: String(inputs.instanceClass),
            allocatedStorage: inputs.allocatedStorage as number | undefined,
            username: inputs.username as string | undefined,
            password: inputs.password as string | undefined,
            vpcSecurityGroupIds: (inputs.vpcSecurityGroupIds as string[] | undefined) ?? [],
            subnetGroupName: inputs.dbSubnetGroupName as string | undefined,
            storageEncrypted: inputs.storageEncrypted as boolean | undefined,
            kmsKeyId: inputs.kmsKeyId as string | undefined,
            backupRetentionPeriod: inputs.backupRetentionPeriod as number | undefined,
            deletionProtection: inputs.deletionProtection as boolean | undefined,
            snapshotIdentifier: inputs.snapshotIdentifier as string | undefined,
            restoreToPointInTime: restore,
            properties: Object.fromEntries(Object.entries(inputs).filter(([key]) => !ownProperties.includes(key))),
            tags: tagsOf(inputs),
        });
        const made = await available(identifier, context);
        return { id: identifier, outputs: instanceOutputs(await toldAfterwards(inputs, made, context)) };
    },
    read: async (id, inputs, outputs) => {
        const found = await ifThere(callCloud("DescribeDbInstance", { identifier: id }));
        if (!found || found.status === "deleting") {
            return undefined;
        }
        const actual = {
            instanceClass: found.instanceClass,
            backupRetentionPeriod: found.backupRetentionPeriod,
            deletionProtection: found.deletionProtection,
            ...(inputs?.storageEncrypted !== undefined && { storageEncrypted: found.storageEncrypted }),
            ...(inputs?.kmsKeyId !== undefined && { kmsKeyId: found.kmsKeyId }),
            tags: found.tags,
        };
        return {
            id,
            inputs: refreshed(inputs, inputs ? actual : { ...actual, identifier: id }),
            outputs: { ...outputs, ...actual, ...instanceOutputs(found) },
        };
    },
    update: async (id, inputs, _outputs, context, oldInputs) => {
        await callCloud("ModifyDbInstance", {
            identifier: id,
            password: inputs.password !== oldInputs.password ? (inputs.password as string) : undefined,
            backupRetentionPeriod: inputs.backupRetentionPeriod as number | undefined,
            deletionProtection: inputs.deletionProtection as boolean | undefined,
            vpcSecurityGroupIds: inputs.vpcSecurityGroupIds as string[] | undefined,
            allocatedStorage: inputs.allocatedStorage as number | undefined,
        });
        await setTags(id, inputs);
        return instanceOutputs(await available(id, context));
    },
    delete: async (id, outputs, context) => {
        await ifThere(
            callCloud("DeleteDbInstance", {
                identifier: id,
                skipFinalSnapshot: outputs.skipFinalSnapshot === true,
                finalSnapshotIdentifier: outputs.finalSnapshotIdentifier as string | undefined,
            }),
        );
        await waitFor(`database ${id} to be gone`, context, 2400, async () =>
            (await ifThere(callCloud("DescribeDbInstance", { identifier: id }))) === undefined ? true : undefined,
        );
    },
};

function snapshotOutputs(found: DbSnapshot): Properties {
    return {
        dbSnapshotArn: `arn:aws:rds:${region}:${account}:snapshot:${found.snapshotIdentifier}`,
        engine: "postgres",
        engineVersion: found.engineVersion,
        allocatedStorage: found.allocatedStorage,
        status: found.status,
        snapshotType: "manual",
        sourceRegion: region,
        ...tagOutputs(found.tags),
    };
}

export const describeServerSnapshot = async (snapshotIdentifier: string): Promise<DbSnapshot | undefined> =>
    (await ifThere(callCloud("DescribeDbSnapshots", { snapshotIdentifier })))?.snapshots[0];

const snapshot: ResourceType = {
    forceNew: ["dbInstanceIdentifier", "dbSnapshotIdentifier", "region"],
    computed: [
        "dbSnapshotArn",
        "engine",
        "engineVersion",
        "allocatedStorage",
        "status",
        "snapshotType",
        "sourceRegion",
        "tagsAll",
    ],
    defaults: withRegion,
    create: async (inputs, context) => {
        const snapshotIdentifier = String(inputs.dbSnapshotIdentifier);
        await callCloud("CreateDbSnapshot", {
            snapshotIdentifier,
            dbInstanceIdentifier: String(inputs.dbInstanceIdentifier),
            tags: tagsOf(inputs),
        });
        const done = await waitFor(`database snapshot ${snapshotIdentifier}`, context, 1200, async () => {
            const found = await describeServerSnapshot(snapshotIdentifier);
            return found?.status === "available" ? found : undefined;
        });
        return { id: snapshotIdentifier, outputs: snapshotOutputs(done) };
    },
    read: async (id, inputs, outputs) => {
        const found = await describeServerSnapshot(id);
        const actual = found && {
            dbInstanceIdentifier: found.dbInstanceIdentifier,
            dbSnapshotIdentifier: found.snapshotIdentifier,
            tags: found.tags,
        };
        return (
            found &&
            actual && {
                id,
                inputs: refreshed(inputs, actual),
                outputs: { ...outputs, ...actual, ...snapshotOutputs(found) },
            }
        );
    },
    update: async (id, inputs, outputs) => {
        await setTags(id, inputs);
        return { ...outputs, ...tagOutputs(tagsOf(inputs)) };
    },
    delete: async (id) => void (await ifThere(callCloud("DeleteDbSnapshot", { snapshotIdentifier: id }))),
};

export const databases: Record<string, ResourceType> = {
    "aws:rds/instance:Instance": instance,
    "aws:rds/snapshot:Snapshot": snapshot,
};
