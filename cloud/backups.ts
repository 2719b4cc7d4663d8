// Whether the cloud has backups of what serves: of volumes their snapshots, whoever takes them (AWS Backup's and Data Lifecycle Manager's are
// snapshots of the account too), of database servers their automated backups. That a backup can be restored nobody proves by looking.
import { BackupFound, backupBySnapshot } from "../logic/backups";
import { captureTagNames } from "../logic/names";
import { questions } from "./capture/snapshots";

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
    const ofServer = async (dbInstanceIdentifier: string): Promise<BackupFound> =>
        (await cloud.server({ dbInstanceIdentifier })).backupRetentionPeriod > 0 ? "found" : "none";
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
