// How long the procedures will take, from the sizes that the account tells, and whether what is configured leaves them the time.
import type { CaptureConfig, PlainProduction } from "../../config/schema";
import { isDumped, serverMethod } from "../../databases";
import {
    cutoverSteps,
    MovedSizes,
    restoreSteps,
    VolumeSize,
    warmUpSteps,
    windowSteps,
} from "../../logic/aws/procedures";
import { predict, Prediction } from "../../logic/aws/prediction";
import { byProduct, products, withRole } from "../../products";
import { CloudAnswer } from "../answer";
import type { ServerStanding, SnapshotFacts, VolumeFacts } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";

export interface Times {
    warmUp: Prediction;
    window: Prediction;
    restore: Prediction;
    cutover: Prediction;
    /** What the numbers rest on, and what is not in them. */
    notes: string[];
}

export interface SizeAnswers {
    volumes: CloudAnswer<VolumeFacts[]>;
    snapshots: CloudAnswer<SnapshotFacts[]>;
    servers: CloudAnswer<ServerStanding[]>;
}

export interface AskedTimes {
    production: PlainProduction;
    /** `database` of the capture that is meant. */
    option: CaptureConfig["database"];
    /** RDS servers of production's databases. */
    servers: string[];
    answers: SizeAnswers;
    /** GiB of each database that is dumped: only its own server knows. */
    dumpGib?: number;
}

/** `undefined` where the account does not tell the sizes. */
export function timesOf(asked: AskedTimes): Times | undefined {
    const { volumes, servers, snapshots } = asked.answers;
    if (!("known" in volumes) || !("known" in servers) || volumes.known.length === 0) {
        return undefined;
    }
    const taken = "known" in snapshots ? snapshots.known : [];
    const standing = servers.known.filter(({ server }) => asked.servers.includes(server));
    const dumped = dumpedDatabases(asked.production);
    const sizes: MovedSizes = {
        volumes: volumes.known.map((volume) => volumeSize(volume, taken)),
        servers: standing.map(({ server, storage }) => ({ server, size: storage })),
        dumps: asked.dumpGib === undefined ? [] : dumped.map((of) => ({ of, size: asked.dumpGib ?? 0 })),
        method: standing.some((server) => serverMethod(asked.option, server).method === "snapshot")
            ? "snapshot"
            : "pointInTime",
        records: asked.production.entryPoints?.kind === "route53",
    };
    return {
        warmUp: predict(warmUpSteps(sizes)),
        window: predict(windowSteps(sizes)),
        restore: predict(restoreSteps(sizes)),
        cutover: predict(cutoverSteps(sizes)),
        notes: notesOf(sizes, dumped),
    };
}

const gib = 2 ** 30;

/** What a snapshot holds is what the volume holds; without one all of it may be data. */
function volumeSize({ id, size }: VolumeFacts, snapshots: SnapshotFacts[]): VolumeSize {
    const completed = snapshots
        .filter((one) => one.volumeId === id && one.state === "completed")
        .sort((a, b) => a.started.localeCompare(b.started));
    const last = completed[completed.length - 1];
    const seconds =
        last?.completed === undefined ? NaN : (Date.parse(last.completed) - Date.parse(last.started)) / 1000;
    return {
        id,
        used: last?.fullBytes === undefined ? size : last.fullBytes / gib,
        hasSnapshot: completed.length > 0,
        // The first one copied everything, which the next will not.
        ...(completed.length > 1 && seconds > 0 && { lastSnapshot: seconds }),
    };
}

function dumpedDatabases({ current }: PlainProduction): string[] {
    return "stack" in current
        ? []
        : byProduct(current).flatMap(([product, { databases }]) =>
              databases.filter(isDumped).map(({ role }) => withRole(products[product].title, role)),
          );
}

function notesOf({ volumes, dumps, method, servers, records }: MovedSizes, dumped: string[]): string[] {
    const unknown = volumes.filter(({ hasSnapshot }) => !hasSnapshot).map(({ id }) => id);
    return [
        "durations that others published, and none of this account's: the dress rehearsal tells them (docs/account.md)",
        ...(unknown.length > 0
            ? [`${unknown.join(", ")}: no snapshot yet, so all of the volume is taken for data`]
            : []),
        ...(servers.length > 0
            ? [`databases on RDS are captured by ${method === "snapshot" ? "a snapshot" : "a moment to restore to"}`]
            : []),
        ...(dumped.length > 0 && dumps.length === 0
            ? [
                  `the dump of ${dumped.join(" and ")} is not in them: say DATABASE_GIB=… (\`select pg_database_size(…)\`)`,
              ]
            : []),
        ...(records ? [] : ["names that people lead are not in them"]),
    ];
}

/** What the next capture is given, held against what is likely. */
export function judgeTimes(times: Times, captures: CaptureConfig[]): AccountFinding[] {
    const next = captures[captures.length - 1];
    const proposed = backMinutes(times);
    if (!next) {
        return [];
    }
    const about = `capture ${next.token}`;
    const seconds = Math.ceil(times.window.p90);
    return [
        seconds > next.maxClosedSeconds
            ? wrong(
                  about,
                  `may be closed for ${seconds} seconds, and maxClosedSeconds is ${next.maxClosedSeconds}: it would be opened before it is complete, and void`,
                  `set maxClosedSeconds to ${Math.ceil((2 * times.window.p50) / 60) * 60 > seconds ? Math.ceil((2 * times.window.p50) / 60) * 60 : Math.ceil(seconds / 60) * 60}`,
              )
            : ok(about, `maxClosedSeconds (${next.maxClosedSeconds}) leaves the window its time`),
        ...(next.reopen ? [] : [backFinding(about, next.backMinutes, times, proposed)]),
    ];
}

function backFinding(about: string, given: number, { cutover }: Times, proposed: number): AccountFinding {
    const likely = Math.ceil(cutover.p50 / 60);
    return given < likely
        ? wrong(
              about,
              `users are told to come back after ${given} minutes, and the cutover takes ${likely} more likely than not`,
              `set backMinutes to ${proposed}`,
          )
        : given < proposed
          ? open(
                about,
                `backMinutes ${given} is right more often than not; one time of ten it takes ${proposed}`,
                `set backMinutes to ${proposed}`,
            )
          : ok(about, `backMinutes ${given} is enough nine times of ten`);
}

/** For the notice: what is enough nine times of ten, in steps of five. */
export function backMinutes({ cutover }: Times): number {
    return Math.ceil(cutover.p90 / 300) * 5;
}
