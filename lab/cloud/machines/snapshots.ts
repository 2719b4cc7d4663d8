// Snapshots: a reflink fixes the content at once (state "pending"); completion takes a time in proportion to the data
// that is new since the volume's last snapshot, as on EBS. Both are computed, so that nothing need run for it.
import * as fs from "node:fs";
import * as path from "node:path";
import { CloudError } from "../api";
import type { Request, Snapshot } from "../api";
import type { CloudContext, Handlers } from "../service";
import { completionMilliseconds } from "../timing";
import { imageOf } from "./devices";
import { changedBytes, readExtents } from "./extents";
import { reflink, snapshotFolder } from "./pool";
import { keyOf, snapshotOf, volumeOf } from "./records";
import type { MachineRecords, SnapshotRecord } from "./records";

const rateLimitMilliseconds = 15_000;

export const snapshotImage = (snapshotId: string): string => path.join(snapshotFolder, `${snapshotId}.img`);
export const isCompleted = (snapshot: SnapshotRecord, now = Date.now()): boolean => now >= snapshot.completesAt;

export function snapshotHandlers(context: CloudContext, records: MachineRecords): Handlers {
    return {
        CreateSnapshot: (request) =>
            context.exclusive(`volume ${request.volumeId}`, () => createSnapshot(context, records, request)),
        DescribeSnapshots: async ({ snapshotIds, filters }) => ({
            snapshots: (snapshotIds ?? Object.keys(records.snapshots).filter((id) => isVisible(records.snapshots[id])))
                .map((id) => view(visibleOf(records, id)))
                .filter((snapshot) => (filters ?? []).every((filter) => matches(snapshot, filter))),
        }),
        async DeleteSnapshot({ snapshotId }) {
            snapshotOf(records, snapshotId);
            fs.rmSync(snapshotImage(snapshotId), { force: true });
            delete records.snapshots[snapshotId];
            return {};
        },
    };
}

const isVisible = ({ hiddenUntil = 0 }: SnapshotRecord): boolean => Date.now() >= hiddenUntil;

/** EC2 is consistent in the end: an id that was just answered may not be there for the next who asks. */
function visibleOf(records: MachineRecords, id: string): SnapshotRecord {
    const record = snapshotOf(records, id);
    if (!isVisible(record)) {
        throw new CloudError("InvalidSnapshot.NotFound", `The snapshot '${id}' does not exist.`);
    }
    return record;
}

/** What has passed of the time that completing takes, as state and progress. */
export function view(record: SnapshotRecord, now = Date.now()): Snapshot {
    const { completesAt, fails, ...snapshot } = record;
    delete snapshot.hiddenUntil;
    if (now >= completesAt) {
        return { ...snapshot, state: fails ? "error" : "completed", progress: fails ? "99%" : "100%" };
    }
    const start = Date.parse(snapshot.startTime);
    const percent = Math.max(0, Math.floor(((now - start) / (completesAt - start)) * 100));
    return { ...snapshot, state: "pending", progress: `${percent}%` };
}

export function matches(snapshot: Snapshot, filter: { name: string; values: string[] }): boolean {
    const value = filteredValue(snapshot, filter.name);
    return value !== undefined && filter.values.some((pattern) => wildcard(pattern).test(value));
}

function filteredValue(snapshot: Snapshot, name: string): string | undefined {
    if (name.startsWith("tag:")) {
        return snapshot.tags[name.slice(4)];
    }
    const values: Record<string, string> = {
        status: snapshot.state,
        "volume-id": snapshot.volumeId,
        "snapshot-id": snapshot.snapshotId,
        description: snapshot.description,
        encrypted: String(snapshot.encrypted),
        "start-time": snapshot.startTime,
        "volume-size": String(snapshot.volumeSize),
    };
    if (!(name in values)) {
        throw new CloudError("InvalidParameterValue", `The filter '${name}' is invalid`);
    }
    return values[name];
}

/** EC2's filters know * and ?. */
function wildcard(pattern: string): RegExp {
    const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

async function createSnapshot(
    context: CloudContext,
    records: MachineRecords,
    request: Request<"CreateSnapshot">,
): Promise<Snapshot> {
    const { volumeId, description, tags, pendingMilliseconds = 0, endsIn, hiddenMilliseconds } = request;
    const volume = volumeOf(records, volumeId);
    if (volume.lastSnapshotAt !== undefined && Date.now() - volume.lastSnapshotAt < rateLimitMilliseconds) {
        throw new CloudError(
            "SnapshotCreationPerVolumeRateExceeded",
            "The maximum per volume CreateSnapshot request rate has been exceeded. Use an increasing or variable sleep interval between requests.",
        );
    }
    const snapshotId = context.newId("snap");
    await reflink(imageOf(volumeId), snapshotImage(snapshotId));
    const now = Date.now();
    volume.lastSnapshotAt = now;
    const earlier = lastOf(records, volumeId);
    records.snapshots[snapshotId] = {
        snapshotId,
        volumeId,
        volumeSize: volume.size,
        description: description ?? "",
        encrypted: volume.encrypted,
        ...keyOf(volume.encrypted, volume.kmsKeyId),
        state: "pending",
        startTime: new Date(now).toISOString(),
        progress: "0%",
        tags,
        ...(endsIn === "error" && { fails: true }),
        ...(hiddenMilliseconds !== undefined && { hiddenUntil: now + hiddenMilliseconds }),
        completesAt:
            now +
            pendingMilliseconds +
            completionMilliseconds("snapshot", fs.statSync(snapshotImage(snapshotId)).blocks * 512),
    };
    if (earlier) {
        // Not before the answer: it may take a while, and a caller's users wait.
        context.background(`measuring ${snapshotId}`, async () => {
            const [mine, before] = await Promise.all([snapshotId, earlier].map((id) => readExtents(snapshotImage(id))));
            const record = records.snapshots[snapshotId];
            if (record) {
                record.completesAt =
                    now + pendingMilliseconds + completionMilliseconds("snapshot", changedBytes(mine, before));
            }
        });
    }
    return view(records.snapshots[snapshotId], now);
}

/** The volume's newest snapshot that still exists. */
function lastOf(records: MachineRecords, volumeId: string): string | undefined {
    const ofVolume = Object.values(records.snapshots).filter((snapshot) => snapshot.volumeId === volumeId);
    return ofVolume.sort((a, b) => a.startTime.localeCompare(b.startTime)).pop()?.snapshotId;
}
