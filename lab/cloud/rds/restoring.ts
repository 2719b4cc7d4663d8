// Where a new server's content comes from: found and checked first, copied before the caller gets an answer, so that it
// doesn't matter what happens to the source afterwards.
import { CloudError } from "../api";
import type { Request } from "../api";
import type { CloudContext } from "../service";
import { checkRestorable, completeArchive, latestRestorable } from "./backups";
import { checkPassword, checkUsername, invalidCombination, invalidParameter } from "./checks";
import { fullVersion, installedMajors, majorOf, processOf } from "./postgres";
import { instanceOf, snapshotOf, snapshotView } from "./records";
import type { DatabaseRecords, InstanceRecord, Origin, SnapshotRecord } from "./records";
import { newSettings, restoredSettings } from "./settings";
import type { Settings } from "./settings";
import { makeStorage, restoreBase, restoreSnapshot } from "./storage";

type CreateRequest = Request<"CreateDbInstance">;

/** What a restored server takes from its source, and how to get the content. */
export interface Content {
    origin: Origin;
    engineVersion: string;
    username: string;
    allocatedStorage: number;
    storageEncrypted: boolean;
    kmsKeyId?: string;
    backupRetentionPeriod: number;
    properties: Settings;
    /** Puts the source's content in place. */
    copy(): Promise<void>;
}

export async function contentFor(
    context: CloudContext,
    records: DatabaseRecords,
    request: CreateRequest,
): Promise<Content> {
    const { snapshotIdentifier, restoreToPointInTime } = request;
    if (snapshotIdentifier !== undefined && restoreToPointInTime !== undefined) {
        throw invalidCombination("A DB instance is restored from a snapshot or to a point in time, not both.");
    }
    const content =
        snapshotIdentifier !== undefined
            ? contentOfSnapshot(snapshotOf(records, snapshotIdentifier), request)
            : restoreToPointInTime !== undefined
              ? contentOfMoment(context, records, request, restoreToPointInTime)
              : newContent(request);
    const major = majorOf(content.engineVersion);
    if (!installedMajors().includes(major)) {
        const installed = installedMajors().join(", ") || "none";
        throw invalidCombination(
            `Cannot find version ${content.engineVersion} for postgres. This machine has: ${installed}.`,
        );
    }
    if (request.password !== undefined) {
        checkPassword(request.password);
    }
    const properties = content.origin.kind === "new" ? newSettings(major) : restoredSettings(content.properties, major);
    return { ...content, properties, engineVersion: await fullVersion(context, major) };
}

function newContent({ username, password, ...request }: CreateRequest): Content {
    if (username === undefined || password === undefined) {
        throw invalidParameter("A new DB instance needs MasterUsername and MasterUserPassword.");
    }
    checkUsername(username);
    return {
        origin: { kind: "new" },
        engineVersion: request.engineVersion ?? installedMajors().at(0) ?? "",
        username,
        allocatedStorage: request.allocatedStorage ?? 20,
        storageEncrypted: request.storageEncrypted ?? false,
        backupRetentionPeriod: 1,
        properties: {},
        copy: async () => undefined,
    };
}

function contentOfSnapshot(snapshot: SnapshotRecord, { identifier }: CreateRequest): Content {
    const { status } = snapshotView(snapshot);
    if (status !== "available") {
        throw new CloudError(
            "InvalidDBSnapshotState",
            `DBSnapshot ${snapshot.snapshotIdentifier} is not available but ${status}.`,
        );
    }
    return {
        ...inherited(snapshot),
        origin: { kind: "snapshot" },
        async copy() {
            await makeStorage(identifier);
            await restoreSnapshot(snapshot.snapshotIdentifier, identifier);
        },
    };
}

function contentOfMoment(
    context: CloudContext,
    records: DatabaseRecords,
    { identifier }: CreateRequest,
    wanted: NonNullable<CreateRequest["restoreToPointInTime"]>,
): Content {
    const source = instanceOf(records, wanted.sourceDbInstanceIdentifier);
    if ((wanted.restoreTime === undefined) === (wanted.useLatestRestorableTime !== true)) {
        throw invalidCombination("Give exactly one of RestoreTime and UseLatestRestorableTime.");
    }
    if (source.backupRetentionPeriod === 0) {
        throw new CloudError(
            "PointInTimeRestoreNotEnabled",
            `Point-in-time restore is not enabled for ${source.identifier}: its backup retention period is 0.`,
        );
    }
    const moment =
        wanted.restoreTime === undefined ? latestRestorable(context, source) : Date.parse(wanted.restoreTime);
    if (Number.isNaN(moment)) {
        throw invalidParameter(`RestoreTime ${wanted.restoreTime} is not a time such as 2026-03-07T23:45:00Z.`);
    }
    checkRestorable(context, source, moment);
    return {
        ...inherited(source),
        origin: { kind: "pointInTime", restoreTime: new Date(moment).toISOString() },
        copy: () =>
            context.exclusive(`database ${source.identifier}`, async () => {
                if (processOf(context, source.identifier) !== undefined) {
                    await completeArchive(context, source);
                }
                await makeStorage(identifier);
                await restoreBase(source.identifier, moment, identifier);
            }),
    };
}

function inherited(source: SnapshotRecord | InstanceRecord): Omit<Content, "origin" | "copy"> {
    const { engineVersion, username, allocatedStorage, storageEncrypted, kmsKeyId, backupRetentionPeriod } = source;
    const { properties } = source;
    return { engineVersion, username, allocatedStorage, storageEncrypted, kmsKeyId, backupRetentionPeriod, properties };
}
