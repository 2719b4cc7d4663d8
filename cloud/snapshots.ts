// What the cloud already holds of a capture, by tag. Asked before anything is registered (also in a preview) and, inside the
// closed window, until every snapshot is there. Pulumi's own state is not asked: it may be lost or older.
import * as aws from "@pulumi/aws";
import { CaptureManifest } from "../contract/production";
import { captureNames, captureTagNames } from "../logic/names";

export interface HeldSnapshot {
    snapshotId: string;
    volumeId: string;
    /** GiB */
    size: number;
    state: string;
    /** ISO 8601; the moment whose content it has. */
    startTime: string;
}

/** Volume snapshots that carry this stack's and token's tags: those that were captured, or those taken to warm up. */
export async function heldVolumeSnapshots(
    stack: string,
    token: string,
    kind: "token" | "warmUp" = "token",
): Promise<HeldSnapshot[]> {
    const { ids } = await aws.ebs.getSnapshotIds({
        owners: ["self"],
        filters: [
            { name: `tag:${captureTagNames[kind]}`, values: [token] },
            { name: `tag:${captureTagNames.stack}`, values: [stack] },
        ],
    });
    return Promise.all(
        ids.map(async (snapshotId) => {
            const found = await aws.ebs.getSnapshot({ snapshotIds: [snapshotId] });
            return {
                snapshotId,
                volumeId: found.volumeId,
                size: found.volumeSize,
                state: found.state,
                startTime: found.startTime,
            };
        }),
    );
}

/** "NAME", or "NAME-2", … : the first that no server snapshot has. */
export async function freeServerSnapshotIdentifier(name: string, number = 1): Promise<string> {
    const identifier = number === 1 ? name : `${name}-${number}`;
    return (await heldServerSnapshot(identifier)) ? freeServerSnapshotIdentifier(name, number + 1) : identifier;
}

/** When the newest snapshot of each of these volumes was started, for those that have one. ISO 8601. */
export async function lastSnapshotTimes(volumeIds: string[]): Promise<string[]> {
    const times = await Promise.all(
        volumeIds.map(async (volumeId) => {
            const filters = [{ name: "volume-id", values: [volumeId] }];
            const { ids } = await aws.ebs.getSnapshotIds({ owners: ["self"], filters });
            const newest =
                ids.length > 0 && (await aws.ebs.getSnapshot({ owners: ["self"], filters, mostRecent: true }));
            return newest ? [newest.startTime] : [];
        }),
    );
    return times.flat();
}

/** Those of a capture's snapshots that are no longer in the account, by id or identifier. */
export async function lostSnapshots(capture: CaptureManifest): Promise<string[]> {
    const volumes = capture.volumes.map(({ snapshotId }) => snapshotId);
    const servers = capture.databases.flatMap(({ snapshotIdentifier }) => snapshotIdentifier ?? []);
    const { ids } = await aws.ebs.getSnapshotIds({
        owners: ["self"],
        filters: [{ name: "snapshot-id", values: volumes }],
    });
    const held = await Promise.all(servers.map(heldServerSnapshot));
    return [
        ...volumes.filter((id) => !ids.includes(id)),
        ...servers.filter((_identifier, index) => held[index] === undefined),
    ];
}

/**
 * Identifiers of the server snapshots of that token that are safe by now, by server: an RDS snapshot fixes its content only when it is
 * available.
 */
export async function heldServerSnapshots(servers: string[], token: string): Promise<Record<string, string>> {
    const found = await Promise.all(
        servers.map(async (server): Promise<[string, string] | undefined> => {
            const identifier = captureNames(token).serverSnapshotIdentifier(server);
            const held = await heldServerSnapshot(identifier);
            return held?.status === "available" ? [server, identifier] : undefined;
        }),
    );
    return Object.fromEntries(found.filter((entry) => entry !== undefined));
}

/** The server snapshot of that name, or undefined when there is none. */
export async function heldServerSnapshot(identifier: string): Promise<{ status: string } | undefined> {
    try {
        const { status } = await aws.rds.getSnapshot({ dbSnapshotIdentifier: identifier });
        return status ? { status } : undefined;
    } catch (error) {
        // The data source has no way to say "none" but to fail.
        if (/not ?found|no .*snapshot|returned no results|empty result/i.test(String(error))) {
            return undefined;
        }
        throw error;
    }
}
