// The procedures whose length somebody asks for before they begin: warm-up, closed window, restore, cutover. Each as parts with what they take.
import type { ServerMethod } from "../../databases";
import { atRate, changedShare, rates, Timing, timings } from "./accountTiming";
import type { Steps } from "./prediction";

export interface VolumeSize {
    id: string;
    /** GiB that hold data; of the whole volume where nobody knows. */
    used: number;
    /** How long its last incremental snapshot took, where there was one. */
    lastSnapshot?: number;
    /** A completed snapshot is there, and only the difference is copied. */
    hasSnapshot: boolean;
}

export interface MovedSizes {
    volumes: VolumeSize[];
    /** Servers of RDS; GiB at most. */
    servers: { server: string; size: number }[];
    /** Databases that come along on volumes, by a dump; GiB, at most. */
    dumps: { of: string; size: number }[];
    method: ServerMethod;
    /** Names are records that this program moves. */
    records: boolean;
}

const part = (name: string, timing: Timing): Steps => ({ part: name, timing });

/** Twice as long as the last time is what one time of ten takes: derived from the spread of published ones. */
function likeTheLast(seconds: number): Timing {
    return { p50: seconds, p90: 2 * seconds, rank: "measured", source: "this volume's last incremental snapshot" };
}

/** Beforehand, while everything serves. */
export function warmUpSteps({ volumes }: MovedSizes): Steps {
    return {
        parallel: volumes.map(({ id, used, hasSnapshot, lastSnapshot }): Steps => {
            const name = `snapshot of ${id}`;
            if (lastSnapshot !== undefined) {
                return part(name, likeTheLast(lastSnapshot));
            }
            const copied = hasSnapshot
                ? atRate(used * changedShare, rates.laterSnapshot)
                : atRate(used, rates.firstSnapshot);
            return { series: [part(name, timings.snapshotFloor), part(name, copied)] };
        }),
    };
}

/** From the last answer of the old side to its first one after. */
export function windowSteps(sizes: MovedSizes): Steps {
    return { series: [...closing(sizes), part("products start", timings.start)] };
}

function closing({ servers, dumps, method }: MovedSizes): Steps[] {
    return [
        part("products stop", timings.stop),
        {
            parallel: [
                ...dumps.map(({ of, size }) => part(`dump of ${of}`, atRate(size, rates.dump))),
                part("quiet, and requests", timings.quietAndRequests),
            ],
        },
        ...(method === "snapshot"
            ? [{ parallel: servers.map(({ server }) => part(`snapshot of ${server}`, timings.serverSnapshot)) }]
            : []),
    ];
}

/** A capture that is complete becomes an environment. */
export function restoreSteps(sizes: MovedSizes): Steps {
    return {
        series: [
            { parallel: [...files(sizes), ...databases(sizes)] },
            part("repairs, migration of schemas and checks", timings.repairsAndChecks),
        ],
    };
}

/** All of a host's at once, and all hosts at once. */
function files({ volumes }: MovedSizes): Steps[] {
    return volumes.map(({ id }) => ({
        series: [
            part(`volume from the snapshot of ${id}`, timings.volumeAvailable),
            part(`volume from the snapshot of ${id}`, timings.volumeWaits),
            part(`attaching what was ${id}`, timings.attachment),
            part(`mounting what was ${id}`, timings.mount),
        ],
    }));
}

function databases({ servers, dumps, method }: MovedSizes): Steps[] {
    return [
        ...servers.map(({ server }): Steps => {
            const name = `restore of ${server}`;
            return {
                series: [
                    // The drills to a moment had the first backup in them.
                    ...(method === "snapshot"
                        ? [part(name, timings.serverSnapshotRestore), part(name, timings.backupAfterRestore)]
                        : [part(name, timings.pointInTimeRestore), part(name, timings.passwordAfterPointInTime)]),
                    part(name, timings.serverWaits),
                ],
            };
        }),
        ...dumps.map(({ of, size }) => part(`load of ${of}`, atRate(size, rates.load))),
    ];
}

/** From the old side's last answer to the new side's first one under the public name: three commits. */
export function cutoverSteps(sizes: MovedSizes): Steps {
    const { volumes, servers, method, records } = sizes;
    const complete: Steps = {
        series: [
            { parallel: volumes.map(({ id }) => part(`snapshot of ${id}`, timings.snapshotAfterWarmUp)) },
            part("snapshots are seen to be complete", timings.waiterNoticesLate),
            part("the next commit", timings.betweenCommits),
        ],
    };
    // The log runs after the moment while volumes' snapshots are completed.
    const log = servers.length > 0 && method === "pointInTime" ? [part("the server's log", timings.logBehind)] : [];
    return {
        series: [
            ...closing(sizes),
            { parallel: [complete, ...log] },
            restoreSteps(sizes),
            part("the next commit", timings.betweenCommits),
            part("retiring the old side", timings.serve),
            ...(records ? [part("records", timings.records)] : []),
        ],
    };
}
