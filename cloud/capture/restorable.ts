// Whether what a capture noted is still in the cloud, complete: asked before an environment is restored from it.
import type { CaptureManifest } from "../../contract/production";
import type { HeldSnapshot } from "../../logic/capture/state";
import { CloudQuestions, questions, serverSnapshot, snapshotsInState, volumeSnapshot } from "./snapshots";
import { serverIfThere } from "../servers";

/** Why a capture's snapshots can't be restored now, each as a clause; none where all are complete. */
export async function unrestorable(capture: CaptureManifest, cloud = questions): Promise<string[]> {
    const ids = [...new Set(capture.volumes.map(({ snapshotId }) => snapshotId))];
    const completed = ids.length > 0 ? await snapshotsInState(ids, "completed", cloud) : [];
    const open = ids.filter((id) => !completed.includes(id));
    const there =
        open.length > 0
            ? (await cloud.snapshotIds({ owners: ["self"], filters: [{ name: "snapshot-id", values: open }] })).ids
            : [];
    const volumes = await Promise.all(
        open.map(async (id) => clause(id, there.includes(id) ? await volumeSnapshot(id, cloud) : undefined)),
    );
    const servers = await Promise.all(
        capture.databases.flatMap(({ server, snapshotIdentifier: identifier }) =>
            identifier === undefined ? [] : [serverClause(server, identifier, cloud)],
        ),
    );
    return [...volumes, ...servers].flat();
}

async function serverClause(server: string, identifier: string, cloud: CloudQuestions): Promise<string[]> {
    const found = await serverSnapshot({ dbSnapshotIdentifier: identifier }, cloud);
    if (found && found.source !== "" && found.source.toLowerCase() !== server.toLowerCase()) {
        return [`its snapshot ${identifier} is of server ${found.source}, not of ${server}`];
    }
    return clause(identifier, found);
}

function clause(id: string, found: HeldSnapshot | undefined): string[] {
    switch (found?.state) {
        case "completed":
            return [];
        case undefined:
            return [`its snapshot ${id} is not in this account and region any longer`];
        case "pending":
            return [`its snapshot ${id} is still being copied; wait until it is completed`];
        default:
            return [`its snapshot ${id} is no use (state ${found?.state})`];
    }
}

const day = 24 * 3600 * 1000;

/** Why the moments that a capture noted can't be restored to any longer, each as a clause. */
export async function expiredMoments(capture: CaptureManifest, now: Date, cloud = questions): Promise<string[]> {
    const findings = await Promise.all(
        capture.databases.map(async ({ server, restoreTime }) => {
            if (restoreTime === undefined) {
                return [];
            }
            const days = await backupDays(server, cloud);
            if (days === undefined) {
                return [`its database server ${server} is gone, and its backups with it`];
            }
            return now.getTime() - Date.parse(restoreTime) < days * day
                ? []
                : [
                      `its database server ${server} keeps backups for ${days} day${days === 1 ? "" : "s"}, and the moment ${restoreTime} is older`,
                  ];
        }),
    );
    return findings.flat();
}

/** How long a server can be restored to a moment; `undefined` when there is no such server. */
async function backupDays(server: string, cloud: CloudQuestions): Promise<number | undefined> {
    return (await serverIfThere(server, cloud.server))?.backupRetentionPeriod;
}
