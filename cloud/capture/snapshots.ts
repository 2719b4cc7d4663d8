// What the cloud already holds of a capture, by tag. Asked before anything is registered (also in a preview) and, inside the
// closed window, until every snapshot is there. Pulumi's own state is not asked: it may be lost or older.
import * as aws from "@pulumi/aws";
import type { HeldSnapshot } from "../../logic/capture/state";
import { captureTagNames } from "../../logic/names";
import { ifThere } from "../refused";

/** The look-ups that are used here; tests put their own in place. */
export interface CloudQuestions {
    snapshotIds: typeof aws.ebs.getSnapshotIds;
    volumeSnapshot: typeof aws.ebs.getSnapshot;
    serverSnapshot: typeof aws.rds.getSnapshot;
    server: typeof aws.rds.getInstance;
}

export const questions: CloudQuestions = {
    snapshotIds: (args) => aws.ebs.getSnapshotIds(args),
    volumeSnapshot: (args) => aws.ebs.getSnapshot(args),
    serverSnapshot: (args) => aws.rds.getSnapshot(args),
    server: (args) => aws.rds.getInstance(args),
};

// Data sources have no way to say "none" but to fail: the service's own code (API reference of DescribeDBSnapshots), and the words of terraform-provider-aws: internal/service/rds/snapshot_data_source.go has "Your query returned no
// results", internal/tfresource/not_found_error.go has "no matching … found" (SingularDataSourceFindError).
const noServerSnapshot = /\bDBSnapshotNotFound|no matching RDS DB Snapshot found|Your query returned no results/;

export type SnapshotTag = "token" | "warmUp";

export function tagged(stack: string, token: string, kind: SnapshotTag) {
    return [
        { name: `tag:${captureTagNames[kind]}`, values: [token] },
        { name: `tag:${captureTagNames.stack}`, values: [stack] },
    ];
}

/** Volume snapshots that carry this stack's and token's tags: those that were captured, or those taken to warm up. */
export async function heldVolumeSnapshots(
    stack: string,
    token: string,
    kind: SnapshotTag = "token",
    cloud = questions,
): Promise<HeldSnapshot[]> {
    const { ids } = await cloud.snapshotIds({ owners: ["self"], filters: tagged(stack, token, kind) });
    return Promise.all(ids.map((id) => volumeSnapshot(id, cloud)));
}

export async function volumeSnapshot(id: string, cloud: CloudQuestions): Promise<HeldSnapshot> {
    const { volumeId, state, startTime } = await cloud.volumeSnapshot({ snapshotIds: [id] });
    return { id, source: volumeId, state, startTime };
}

/**
 * Server snapshots that carry the tags, the newest of each server, and those of these identifiers. Found by server and tags, never by a
 * name alone: a name may be another server's.
 */
export async function heldServerSnapshots(
    stack: string,
    token: string,
    servers: string[],
    identifiers: string[] = [],
    cloud = questions,
): Promise<HeldSnapshot[]> {
    const found = await Promise.all([
        ...servers.map((server) => taggedServerSnapshot(stack, token, server, cloud)),
        ...identifiers.map((dbSnapshotIdentifier) => serverSnapshot({ dbSnapshotIdentifier }, cloud)),
    ]);
    const held = found.filter((one) => one !== undefined);
    return held.filter(({ id }, index) => held.findIndex((other) => other.id === id) === index);
}

/** Warm-ups of these servers that still exist. */
export async function heldServerWarmUps(
    stack: string,
    token: string,
    servers: string[],
    cloud = questions,
): Promise<HeldSnapshot[]> {
    const found = await Promise.all(
        servers.map((server) => taggedServerSnapshot(stack, token, server, cloud, "warmUp")),
    );
    return found.filter((one) => one !== undefined);
}

export async function taggedServerSnapshot(
    stack: string,
    token: string,
    server: string,
    cloud: CloudQuestions,
    kind: SnapshotTag = "token",
): Promise<HeldSnapshot | undefined> {
    const tags = { [captureTagNames[kind]]: token, [captureTagNames.stack]: stack };
    const found = await serverSnapshot(
        { dbInstanceIdentifier: server, snapshotType: "manual", tags, mostRecent: true },
        cloud,
    );
    return found && { ...found, source: server };
}

/** RDS's words for a snapshot's state, as EC2 would say them. */
const serverStates: Record<string, string> = { available: "completed", creating: "pending", failed: "error" };

export async function serverSnapshot(
    args: aws.rds.GetSnapshotArgs,
    cloud: CloudQuestions,
): Promise<HeldSnapshot | undefined> {
    const found = await ifThere(cloud.serverSnapshot(args), noServerSnapshot);
    return found?.status
        ? {
              id: found.dbSnapshotIdentifier ?? found.id,
              source: found.dbInstanceIdentifier ?? "",
              state: serverStates[found.status] ?? found.status,
              startTime: found.snapshotCreateTime ?? "",
          }
        : undefined;
}

/** "NAME", or "NAME-2", … : the first that no server snapshot has. */
export async function freeServerSnapshotIdentifier(name: string, number = 1, cloud = questions): Promise<string> {
    const identifier = number === 1 ? name : `${name}-${number}`;
    return (await serverSnapshot({ dbSnapshotIdentifier: identifier }, cloud))
        ? freeServerSnapshotIdentifier(name, number + 1, cloud)
        : identifier;
}

/** When the newest snapshot of each of these volumes was started, for those that have one. ISO 8601. */
export async function lastSnapshotTimes(volumeIds: string[], cloud = questions): Promise<string[]> {
    const times = await Promise.all(
        volumeIds.map(async (volumeId) => {
            const filters = [{ name: "volume-id", values: [volumeId] }];
            const { ids } = await cloud.snapshotIds({ owners: ["self"], filters });
            const newest =
                ids.length > 0 && (await cloud.volumeSnapshot({ owners: ["self"], filters, mostRecent: true }));
            return newest ? [newest.startTime] : [];
        }),
    );
    return times.flat();
}

/** Of these volume snapshots, those in that state (pending, completed, …). */
export async function snapshotsInState(ids: string[], state: string, cloud = questions): Promise<string[]> {
    return (
        await cloud.snapshotIds({
            owners: ["self"],
            filters: [
                { name: "snapshot-id", values: ids },
                { name: "status", values: [state] },
            ],
        })
    ).ids;
}
