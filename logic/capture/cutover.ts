// How long a cutover waits for a database, by each way to capture it: from the close until the product can start on the new side. Everything that
// all ways have in common is left out. Pure: sizes and speeds come from a dry run, everything else from the table below (decision 35).

/** A dump of all of a server's databases that went nowhere, while production was open. */
export interface DryRun {
    /** Why there can be none. */
    problem?: string;
    /** Of the dump, as it would lie on the volumes. */
    dumpBytes: number;
    /** Of the databases on the server. */
    databaseBytes: number;
    /** Hosts dump side by side: of the slowest. */
    seconds: number;
}

export interface Forecast {
    /** Half of all tries take longer. */
    usual: number;
    /** One in ten takes longer. */
    slow: number;
    /** For people: "1 min for …". */
    parts: string[];
}

/** Usual, and slow: seconds. */
type Range = readonly [usual: number, slow: number];

// D: documentation; M: measured and published, with the number of measurements; S: seen in the provider's source; assumed: a guess.
const takes = {
    // RDS uploads its log every five minutes (D, RDS User Guide: "Restoring a DB instance to a specified time").
    logUpload: [150, 300],
    // M, n = 3: 989, 1430 and about 1500 s, small servers (two published drills; an issue of the provider has the third).
    momentRestored: [1250, 1650],
    // After that the provider sets the password and waits again: S, terraform-provider-aws, internal/service/rds/instance.go.
    passwordAfterMoment: [100, 140],
    // Assumed, from the provider's acceptance tests: a small change since the last one.
    serverSnapshotTaken: [120, 300],
    // M, n = 3: 281, 476 and 590 s; it reads from S3 afterwards.
    serverSnapshotRestored: [480, 720],
    // S: 30 s before the first look at a snapshot, as much after the restore, and once more for the password.
    providerOfSnapshot: [150, 180],
    // M, n = 6: 225 to 462 s, in one zone; S: the provider looks three times in a row.
    freshServer: [310, 490],
} as const satisfies Record<string, Range>;

/** Bytes a second, usual and slow. */
const speeds = {
    // M, n = 1: 70 GB from RDS to RDS in 27 min (AWS, "RDS PostgreSQL performance comparison" of DMS); slow is assumed.
    load: [43e6, 20e6],
    // M, n = 1 (11 GB on db.t2.medium in 14 min).
    loadWeak: [20e6, 13e6],
    // What is new on a volume has to be copied before a volume can be made of its snapshot: M, n = 1, 11 to 12 MiB/s on gp3; slow is assumed.
    copy: [12 * 2 ** 20, 8 * 2 ** 20],
} as const satisfies Record<string, Range>;

/** Classes that give their processor by credits. */
const isWeak = (instanceClass: string) => /^db\.t\d/.test(instanceClass);

/** Writing it may be slower than the dry run was: assumed. */
const slowerDump = 2;

export function forecastMoment(): Forecast {
    return sumOf([
        ["until RDS can restore to it", takes.logUpload],
        ["for the restore", takes.momentRestored],
        ["for the new password", takes.passwordAfterMoment],
    ]);
}

export function forecastSnapshot(): Forecast {
    return sumOf([
        ["for RDS's snapshot", takes.serverSnapshotTaken],
        ["for its restore", takes.serverSnapshotRestored],
        ["of the provider's waits", takes.providerOfSnapshot],
    ]);
}

/** @param instanceClass RDS's, as "db.t4g.medium" */
export function forecastDump({ dumpBytes, databaseBytes, seconds }: DryRun, instanceClass = ""): Forecast {
    const load = isWeak(instanceClass) ? speeds.loadWeak : speeds.load;
    return sumOf([
        ["for the dump", [seconds, seconds * slowerDump]],
        ["for its copy to S3", atSpeed(dumpBytes, speeds.copy)],
        ["for a new server", takes.freshServer],
        ["to load it", atSpeed(databaseBytes, load)],
    ]);
}

/** How long production may be closed at least: the part of it that is waited for there, twice. */
export const closedForSnapshot = 2 * takes.serverSnapshotTaken[0];
export const closedForDump = ({ seconds }: DryRun): number => Math.ceil(slowerDump * seconds);

function atSpeed(bytes: number, [usual, slow]: Range): Range {
    return [bytes / usual, bytes / slow];
}

function sumOf(parts: [what: string, range: Range][]): Forecast {
    const sum = (of: (range: Range) => number) => parts.reduce((seconds, [, range]) => seconds + of(range), 0);
    return {
        usual: sum(([usual]) => usual),
        slow: sum(([, slow]) => slow),
        parts: parts.map(([what, [usual]]) => `${duration(usual)} ${what}`),
    };
}

/** "40 s", "12 min". */
export function duration(seconds: number): string {
    return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
