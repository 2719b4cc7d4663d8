// Whether the cloud has backups of what serves: of volumes their snapshots, whoever takes them (AWS Backup's and Data Lifecycle Manager's are
// snapshots of the account too), of database servers the snapshots that RDS itself or AWS Backup took. That a server keeps backups is a setting, mostly this
// program's own, and no backup. That a backup can be restored nobody proves by looking.
import { BackupFound, backupBySnapshot, serverBackup } from "../logic/backups";
import { captureTagNames } from "../logic/names";
import { questions, serverSnapshot } from "./capture/snapshots";

export interface BackedUp {
    /** "Connect /var/lib/rstudio-connect" → volume id. */
    volumes: Record<string, string>;
    /** Identifiers of database servers. */
    servers: string[];
}

/** By what is backed up; what could not be asked stops nothing. */
export async function backupsOf(
    { volumes, servers }: BackedUp,
    now: Date,
    cloud = questions,
): Promise<Record<string, BackupFound>> {
    const ofVolume = async (volumeId: string): Promise<BackupFound> =>
        backupBySnapshot(await newestSnapshot(volumeId, cloud), now);
    const ofServer = async (server: string): Promise<BackupFound> => {
        const [taken, { backupRetentionPeriod }] = await Promise.all([
            newestServerSnapshots(server, cloud),
            cloud.server({ dbInstanceIdentifier: server }),
        ]);
        return serverBackup(taken, backupRetentionPeriod > 0, now);
    };
    const asked: [string, Promise<BackupFound>][] = [
        ...Object.entries(volumes).map(([what, id]): [string, Promise<BackupFound>] => [what, ofVolume(id)]),
        ...servers.map((server): [string, Promise<BackupFound>] => [`database server ${server}`, ofServer(server)]),
    ];
    const answers = await Promise.all(
        asked.map(async ([what, answer]): Promise<[string, BackupFound]> => [
            what,
            await answer.catch((): BackupFound => "not known"),
        ]),
    );
    return Object.fromEntries(answers);
}

/** Captures of the next upgrade, and their warm-ups, are nobody's backup. */
async function newestSnapshot(volumeId: string, cloud: typeof questions): Promise<string | undefined> {
    const own = [
        { name: "volume-id", values: [volumeId] },
        { name: "status", values: ["completed"] },
    ];
    const idsOf = async (tag?: string) =>
        (
            await cloud.snapshotIds({
                owners: ["self"],
                filters: [...own, ...(tag === undefined ? [] : [{ name: `tag:${tag}`, values: ["*"] }])],
            })
        ).ids;
    const [all, ...ours] = await Promise.all([idsOf(), idsOf(captureTagNames.token), idsOf(captureTagNames.warmUp)]);
    const backups = all.filter((id) => !ours.flat().includes(id));
    return backups.length === 0
        ? undefined
        : (await cloud.volumeSnapshot({ snapshotIds: backups, mostRecent: true })).startTime;
}

/**
 * Those who take them by themselves, as RDS has them (SnapshotType of DescribeDBSnapshots in botocore's model of RDS, 2014-10-31); manual ones are captures, and
 * what people keep for other reasons. The look-up of a server has no latest restorable time (@pulumi/aws 7.48, rds/getInstance.d.ts).
 */
const byThemselves = ["automated", "awsbackup"];

/** When they were taken, those that are finished. */
async function newestServerSnapshots(server: string, cloud: typeof questions): Promise<string[]> {
    const newest = await Promise.all(
        byThemselves.map((snapshotType) =>
            serverSnapshot({ dbInstanceIdentifier: server, snapshotType, mostRecent: true }, cloud),
        ),
    );
    return newest.flatMap((found) => (found?.state === "completed" ? [found.startTime] : []));
}
