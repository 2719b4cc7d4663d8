// What a capture, its restore and the cutover will take on AWS, for one installation: some thousand turns of events, drawn from the table of
// timings. The same installation is told the same.
import { chances, drawn, longestOf, Spread, spreadOf } from "./draws";
import { AwsTiming, AwsTimingName, awsTimings } from "./timing";

/**
 * How a database gets from one side to the other. "folder": its server's own files come along with the volumes, and are dumped and loaded there;
 * "onVolume": it comes along and stays what it is.
 */
export type CarriedHow = "pointInTime" | "snapshot" | "dumped" | "folder" | "onVolume";

export interface Installation {
    /** Each once, however many of its folders are data. */
    volumes: {
        /** Of the volume, as if it were full; for the first snapshots only. */
        gib?: number;
        /** Since its warm-up snapshot; what changes in some minutes when absent. */
        changedMib?: number;
    }[];
    /** A server that is restored counts once, with whatever databases it has. */
    databases: {
        how: CarriedHow;
        /** Asked of one that is loaded; without it nothing of that is counted. */
        bytes?: number;
    }[];
    /** That are records of this program; 0 where people lead the names, which is not counted. */
    names: number;
    /** MiB/s at which restored volumes are filled; at EBS's own pace when absent. */
    initializationRate?: number;
    /** Seconds that something took in this very installation, in an earlier window or rehearsal: they count instead of the table's. */
    measured?: Partial<Record<AwsTimingName, number>>;
}

const partNames = [
    "stop",
    "dump",
    "quiet and requests",
    "database snapshot",
    "start",
    "copies complete",
    "between commits",
    "volumes",
    "load",
    "database restore",
    "repairs and checks",
    "serve",
    "names",
] as const;
export type PartName = (typeof partNames)[number];

export interface PredictedPart extends Spread {
    name: PartName;
}

export interface PredictedTime extends Spread {
    /** In their order; what happens side by side with something longer is named and not added. */
    parts: PredictedPart[];
}

/** Seconds, all of them. */
export interface Prediction {
    /** The first snapshots of all volumes, while everything serves; `undefined` where their sizes are not known. */
    warmUp?: Spread;
    /** The closed window of a capture that opens again. */
    window: PredictedTime;
    /** Of any capture, from the beginning of its `up`. */
    restore: PredictedTime;
    /** From the first product closed for good to the last name that leads to the new side; resolvers' TTL comes on top. */
    cutover: PredictedTime;
    /** Of the cutover, in half of all cases. */
    longest: PredictedPart;
    /** For the notice: nine of ten cutovers are over by then; in steps of five. */
    backMinutes: number;
}

/** Each part's seconds in one turn of events; 0 for what does not happen. */
type Turn = Record<PartName, number>;
type Draw = (name: AwsTimingName) => number;

const turns = 4000;
/** A measured time is no promise: nine of ten take less than half as long again (assumed). */
const measuredSpread = 1.5;
const mib = 2 ** 20;
const mb = 1e6;

export function predict(installation: Installation): Prediction {
    const chance = chances(1);
    const draw: Draw = (name) => drawn(timingOf(installation, name), chance);
    const drawnTurns = Array.from({ length: turns }, () => turnOf(installation, draw));
    const cutover = timeOf(drawnTurns, cutoverSeconds, cutoverParts);
    return {
        warmUp: warmUpOf(installation, draw),
        window: timeOf(drawnTurns, windowSeconds, windowParts),
        restore: timeOf(drawnTurns, restoreSeconds, restoreParts),
        cutover,
        longest: cutover.parts.reduce((one, other) => (other.p50 > one.p50 ? other : one)),
        backMinutes: Math.max(5, Math.ceil(cutover.p90 / 300) * 5),
    };
}

function warmUpOf({ volumes }: Installation, draw: Draw): Spread | undefined {
    const sizes = volumes.flatMap(({ gib }) => gib ?? []);
    return sizes.length < volumes.length
        ? undefined
        : spreadOf(
              Array.from({ length: turns }, () =>
                  longestOf(sizes, (gib) => draw("unchangedCopy") + (gib * 1024) / draw("firstCopy")),
              ),
          );
}

function timingOf({ measured }: Installation, name: AwsTimingName): AwsTiming {
    const seconds = measured?.[name];
    return seconds === undefined
        ? awsTimings[name]
        : {
              ...{ p50: Math.max(seconds, 0.1), p90: Math.max(seconds, 0.1) * measuredSpread },
              rank: "measured",
              source: "this installation",
          };
}

// ---- one turn of events ----

function turnOf(installation: Installation, draw: Draw): Turn {
    const { volumes, databases, names } = installation;
    const by = (how: CarriedHow) => databases.filter((database) => database.how === how);
    const bytesOf = (how: CarriedHow) => by(how).reduce((sum, { bytes = 0 }) => sum + bytes, 0);
    const [dumped, inFolders] = [bytesOf("dumped"), bytesOf("folder")];
    const copies = copySeconds(volumes, draw) + draw("copyNoticed");
    const pause = draw("betweenCommits");
    return {
        stop: draw("stop"),
        // Of one server at a time: its disk is the limit, however many ask.
        dump: dumped / mb / draw("dump"),
        "quiet and requests": draw("quietAndRequests"),
        "database snapshot": longestOf(by("snapshot"), () => draw("snapshotTaken")),
        start: draw("start"),
        "copies complete": copies,
        // Twice: before the restore and before the names move.
        "between commits": pause + draw("betweenCommits"),
        volumes: longestOf(volumes, () => draw("providerVolume") + draw("providerAttachment")) + draw("mount"),
        load: loadSeconds(dumped, inFolders, installation, draw),
        "database restore": Math.max(
            // Most of the log's time passes while copies complete.
            longestOf(by("pointInTime"), () => Math.max(0, draw("logUploaded") - copies - pause) + momentSeconds(draw)),
            longestOf(by("snapshot"), () => draw("snapshotRestore") + availableSeconds(draw)),
        ),
        "repairs and checks": draw("repairsAndChecks"),
        serve: draw("serve"),
        names: longestOf(Array.from({ length: names }), () => draw("nameMoved")),
    };
}

function copySeconds(volumes: Installation["volumes"], draw: Draw): number {
    const known = volumes.flatMap(({ changedMib }) => changedMib ?? []);
    return Math.max(
        known.length < volumes.length ? draw("copyAfterWarmUp") : 0,
        longestOf(known, (changedMib) => draw("unchangedCopy") + changedMib / draw("changedCopy")),
    );
}

/** What is loaded is read from a volume that was just restored, and that is still being filled; the server takes one at a time (assumed). */
function loadSeconds(dumped: number, inFolders: number, { initializationRate }: Installation, draw: Draw): number {
    const readRate = initializationRate ?? draw("coldRead");
    const load = draw("load");
    const ofDumps = Math.max(dumped / mib / readRate, dumped / mb / load);
    const ofFolders = Math.max(inFolders / mib / readRate, inFolders / mb / draw("dump")) + inFolders / mb / load;
    return ofDumps + ofFolders;
}

function momentSeconds(draw: Draw): number {
    return draw("pointInTimeRestore") + availableSeconds(draw) + draw("passwordAfterRestore");
}

function availableSeconds(draw: Draw): number {
    return draw("firstBackup") + draw("providerDatabase");
}

// ---- what is added up, and what happens side by side ----

const windowParts: PartName[] = ["stop", "dump", "quiet and requests", "database snapshot", "start"];
const restoreParts: PartName[] = ["volumes", "load", "database restore", "repairs and checks"];
const cutoverParts: PartName[] = partNames.filter((name) => name !== "start");

function windowSeconds(turn: Turn): number {
    return windowParts.reduce((sum, part) => sum + turn[part], 0);
}

function restoreSeconds(turn: Turn): number {
    return Math.max(turn.volumes + turn.load, turn["database restore"]) + turn["repairs and checks"];
}

function cutoverSeconds(turn: Turn): number {
    return (
        turn.stop +
        turn.dump +
        turn["quiet and requests"] +
        Math.max(turn["copies complete"], turn["database snapshot"]) +
        turn["between commits"] +
        restoreSeconds(turn) +
        turn.serve +
        turn.names
    );
}

function timeOf(drawnTurns: Turn[], seconds: (turn: Turn) => number, names: readonly PartName[]): PredictedTime {
    const parts = names.map((name) => ({ name, ...spreadOf(drawnTurns.map((turn) => turn[name])) }));
    return { ...spreadOf(drawnTurns.map(seconds)), parts: parts.filter(({ p90 }) => p90 > 0) };
}
