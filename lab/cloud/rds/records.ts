// What the databases' part of the cloud remembers, how it is looked up, and what of it callers see.
import { createHash } from "node:crypto";
import { labId } from "../../paths";
import { CloudError } from "../api";
import type { DbInstance, DbSnapshot } from "../api";
import { found } from "../network/records";

/** Where a server's content came from; kept until the server is available. */
export type Origin = { kind: "new" } | { kind: "snapshot" } | { kind: "pointInTime"; restoreTime: string };

export interface InstanceRecord extends Omit<
    DbInstance,
    "address" | "caCertificate" | "latestRestorableTime" | "status"
> {
    status: "creating" | "available" | "deleting" | "failed";
    subnetId: string;
    privateIp: string;
    /** Until the server is available: how to make it, even if the daemon is restarted meanwhile. */
    making?: { origin: Origin; password?: string; passwordMilliseconds?: number; fails?: true };
    /** While deleting: the snapshot to wait for. */
    finalSnapshotIdentifier?: string;
    /** Milliseconds since 1970: how far the archive reaches while the server is down. */
    archivedUntil?: number;
}

export interface SnapshotRecord extends Omit<DbSnapshot, "status" | "encrypted"> {
    resourceId: string;
    backupRetentionPeriod: number;
    storageEncrypted: boolean;
    /** Its source's other settings. */
    properties: Record<string, unknown>;
    /** It ends in "failed" instead. */
    fails?: boolean;
    /** Milliseconds since 1970; the status follows from it. */
    completesAt: number;
}

export interface DatabaseRecords {
    instances: Record<string, InstanceRecord>;
    snapshots: Record<string, SnapshotRecord>;
}

export const emptyDatabases = (): DatabaseRecords => ({ instances: {}, snapshots: {} });
export const port = 5432;

/** By its identifier, or by the id of its life, as the provider keeps it. */
export const instanceOf = (records: DatabaseRecords, identifier: string): InstanceRecord =>
    found(
        records.instances[identifier.toLowerCase()] ??
            Object.values(records.instances).find(({ resourceId }) => resourceId === identifier),
        "DBInstanceNotFound",
        `DBInstance ${identifier} not found.`,
    );

export const snapshotOf = (records: DatabaseRecords, identifier: string): SnapshotRecord =>
    found(records.snapshots[identifier.toLowerCase()], "DBSnapshotNotFound", `DBSnapshot ${identifier} not found.`);

/** The same for all servers of an account in a region, as on AWS. */
const accountHash = `c${BigInt(`0x${createHash("sha256").update(labId).digest("hex")}`)
    .toString(36)
    .slice(0, 11)}`;

export const addressOf = (identifier: string): string => `${identifier}.${accountHash}.us-east-1.rds.amazonaws.com`;

function without<T extends object, K extends keyof T>(record: T, keys: readonly K[]): Omit<T, K> {
    const copy = { ...record };
    for (const key of keys) {
        delete copy[key];
    }
    return copy;
}

const ownOfSnapshot = [
    ...(["resourceId", "backupRetentionPeriod", "storageEncrypted", "properties"] as const),
    ...(["completesAt", "fails"] as const),
];
const ownOfInstance = [
    ...(["status", "subnetId", "privateIp", "making"] as const),
    ...(["finalSnapshotIdentifier", "archivedUntil"] as const),
];

/** The part of an instance's record that callers see as it is. */
export const shownOf = (instance: InstanceRecord): Omit<InstanceRecord, (typeof ownOfInstance)[number]> =>
    without(instance, ownOfInstance);

export const snapshotView = (snapshot: SnapshotRecord, now = Date.now()): DbSnapshot => ({
    ...without(snapshot, ownOfSnapshot),
    encrypted: snapshot.storageEncrypted,
    status: now < snapshot.completesAt ? "creating" : snapshot.fails ? "failed" : "available",
});

/** The storage of a server is being copied while one of its snapshots is being created. */
export function statusOf(records: DatabaseRecords, instance: InstanceRecord, now = Date.now()): DbInstance["status"] {
    const copying = Object.values(records.snapshots).some(
        (snapshot) => snapshot.resourceId === instance.resourceId && now < snapshot.completesAt,
    );
    return instance.status === "available" && copying ? "backing-up" : instance.status;
}

export function requireAvailable(records: DatabaseRecords, { identifier }: InstanceRecord, what: string): void {
    const status = statusOf(records, records.instances[identifier]);
    if (status !== "available") {
        throw new CloudError(
            "InvalidDBInstanceState",
            `${what} because the database instance ${identifier} is not currently in the available state but ${status}.`,
        );
    }
}
