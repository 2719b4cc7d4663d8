// How long the procedures will take, from the sizes that the account tells, and whether what is configured leaves them the time.
import type { CaptureConfig, PlainProduction } from "../../config/schema";
import { carriedBy, installationOf } from "../../logic/aws/installation";
import { Installation, isLoaded, predict, Prediction } from "../../logic/aws/predict";
import { ChosenCapture, chooseMethods, MethodChoice } from "../../logic/capture/methods";
import { inOrder, mapProducts } from "../../products";
import { CloudAnswer } from "../answer";
import type { ServerStanding, SnapshotFacts, VolumeFacts } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";

export interface Times extends Prediction {
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
    /** RDS servers of production's databases. */
    servers: string[];
    answers: SizeAnswers;
    /** GiB of each database that is dumped: only its own server knows. */
    dumpGib?: number;
    /** The environment's stack file has a server stand before a capture (posit:prepare). */
    prepared?: boolean;
}

const gib = 2 ** 30;

/** What a capture is like that says nothing of it. */
const usualCapture: ChosenCapture = { database: "auto", reopen: true, maxClosedSeconds: Infinity };

/**
 * Window and restore of the capture that comes next, or came last; cutover and notice of one that is taken as a final one would be. `undefined`
 * where the account does not tell the sizes.
 */
export function timesOf({ production, servers, answers, dumpGib, prepared }: AskedTimes): Times | undefined {
    const { current, captures, entryPoints } = production;
    const { volumes, snapshots } = answers;
    if (!("known" in volumes) || !("known" in answers.servers) || volumes.known.length === 0 || "stack" in current) {
        return undefined;
    }
    const standing = answers.servers.known.filter(({ server }) => servers.includes(server));
    const next = captures[captures.length - 1] ?? usualCapture;
    const methodsOf = (capture: ChosenCapture) =>
        chooseMethods(
            capture,
            mapProducts(current, ({ databases }) => databases),
            Object.fromEntries(standing.map((facts) => [facts.server, factsOf(facts)])),
        ).map((choice) => sized(choice, dumpGib));
    const taken = "known" in snapshots ? snapshots.known : [];
    const installation = (methods: MethodChoice[], stands = false): Installation => ({
        ...installationOf(
            {
                volumeIds: [],
                methods,
                prepared: stands,
                names: entryPoints?.kind === "route53" ? inOrder.length : 0,
            },
            [],
        ),
        volumes: volumes.known.map((volume) => warmedVolume(volume, taken)),
    });
    const [methods, finalMethods] = [methodsOf(next), methodsOf({ ...next, reopen: false, prepared })];
    const { warmUp, window, restore } = predict(installation(methods));
    const { cutover, longest, backMinutes } = predict(installation(finalMethods, prepared));
    return {
        ...{ warmUp, window, restore, cutover, longest, backMinutes },
        notes: notesOf({ production, volumes: volumes.known, taken, methods, finalMethods, prepared }),
    };
}

const factsOf = ({ backupRetentionPeriod, instanceClass, encrypted }: ServerStanding) => ({
    backupRetentionPeriod,
    dbInstanceClass: instanceClass,
    storageEncrypted: encrypted,
});

function sized(choice: MethodChoice, dumpGib: number | undefined): MethodChoice {
    return isLoaded(carriedBy(choice)) && dumpGib !== undefined
        ? { ...choice, size: { bytes: dumpGib * gib } }
        : choice;
}

/** What a snapshot holds is what the volume holds; without one all of it may be data. */
function warmedVolume({ id, size }: VolumeFacts, snapshots: SnapshotFacts[]): Installation["volumes"][number] {
    const completed = completedOf(id, snapshots);
    const last = completed[completed.length - 1];
    const seconds =
        last?.completed === undefined ? NaN : (Date.parse(last.completed) - Date.parse(last.started)) / 1000;
    return {
        gib: last?.fullBytes === undefined ? size : last.fullBytes / gib,
        copied: completed.length > 0,
        // The first one copied everything, which the next will not.
        ...(completed.length > 1 && seconds > 0 && { lastCopy: seconds }),
    };
}

function completedOf(id: string, snapshots: SnapshotFacts[]): SnapshotFacts[] {
    return snapshots
        .filter((one) => one.volumeId === id && one.state === "completed")
        .sort((a, b) => a.started.localeCompare(b.started));
}

interface Noted {
    production: PlainProduction;
    volumes: VolumeFacts[];
    taken: SnapshotFacts[];
    methods: MethodChoice[];
    finalMethods: MethodChoice[];
    prepared?: boolean;
}

function notesOf({ production, volumes, taken, methods, finalMethods, prepared }: Noted): string[] {
    const uncopied = volumes.flatMap(({ id }) => (completedOf(id, taken).length === 0 ? [id] : []));
    const unsized = finalMethods
        .filter((choice) => isLoaded(carriedBy(choice)) && choice.size === undefined)
        .map(({ of }) => of);
    const { entryPoints } = production;
    return [
        "durations that others published, and none of this account's: the dress rehearsal tells them (docs/account.md)",
        ...(uncopied.length > 0
            ? [`${uncopied.join(", ")}: no snapshot yet, so all of the volume is taken for data`]
            : []),
        ...methods.map(({ of, method }) => `window and restore: ${of} by ${method}`),
        ...finalMethods.map(({ of, method }) => `cutover: ${of} by ${method}`),
        ...(finalMethods.some((choice) => isLoaded(carriedBy(choice)))
            ? [
                  prepared
                      ? "cutover: the server for its dumps stands before (posit:prepare)"
                      : "cutover: a server for its dumps is made in it, unless posit:prepare in the environment's stack has one stand before",
              ]
            : []),
        ...(unsized.length > 0
            ? [
                  `dump and load of ${unsized.join(" and ")} are not in them: say DATABASE_GIB=… (\`select pg_database_size(…)\`)`,
              ]
            : []),
        ...(triesDump(production)
            ? ["a final capture tries a dump of what is on RDS first, and takes that way where it is sooner"]
            : []),
        ...(entryPoints?.kind === "route53" ? [] : ["names that people lead are not in them"]),
    ];
}

function triesDump({ captures }: PlainProduction): boolean {
    return (captures[captures.length - 1] ?? usualCapture).database === "auto";
}

/** What the next capture is given, held against what is likely. */
export function judgeTimes(times: Times, captures: CaptureConfig[]): AccountFinding[] {
    const next = captures[captures.length - 1];
    if (!next) {
        return [];
    }
    const about = `capture ${next.token}`;
    const seconds = Math.ceil(times.window.p90);
    const wanted = Math.ceil(Math.max(2 * times.window.p50, seconds) / 60) * 60;
    return [
        times.window.p50 > next.maxClosedSeconds
            ? wrong(
                  about,
                  `may be closed for ${seconds} seconds, and maxClosedSeconds is ${next.maxClosedSeconds}: it would be opened before it is complete, and void`,
                  `set maxClosedSeconds to ${wanted}`,
              )
            : seconds > next.maxClosedSeconds
              ? open(
                    about,
                    `maxClosedSeconds (${next.maxClosedSeconds}) is enough more often than not; one time of ten it takes ${seconds}, and the capture is opened before it is complete, and void`,
                    `set maxClosedSeconds to ${wanted}`,
                )
              : ok(about, `maxClosedSeconds (${next.maxClosedSeconds}) leaves the window its time`),
        ...(next.reopen ? [] : [backFinding(about, next.backMinutes, times)]),
    ];
}

function backFinding(about: string, given: number, { cutover, backMinutes }: Times): AccountFinding {
    const likely = Math.ceil(cutover.p50 / 60);
    return given < likely
        ? wrong(
              about,
              `users are told to come back after ${given} minutes, and the cutover takes ${likely} more likely than not`,
              `set backMinutes to ${backMinutes}`,
          )
        : given < backMinutes
          ? open(
                about,
                `backMinutes ${given} is right more often than not; one time of ten it takes ${backMinutes}`,
                `set backMinutes to ${backMinutes}`,
            )
          : ok(about, `backMinutes ${given} is enough nine times of ten`);
}
