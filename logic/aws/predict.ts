// What a capture, its restore and the cutover will take on AWS, for one installation: some thousand turns of events, drawn from the table of
// timings. The same installation is told the same.
import { chances, drawn, longestOf, Spread, spreadOf } from "./draws";
import { AwsTiming, AwsTimingName, awsTimings } from "./timing";

/**
 * How a database gets from one side to the other. "folder": its server's own files come along with the volumes, and are dumped and loaded there;
 * "onVolume": it comes along and stays what it is.
 */
export type CarriedHow = "pointInTime" | "snapshot" | "dumped" | "folder" | "onVolume";

/** Of a database that is dumped and loaded, or of all on a server that are, as far as somebody has asked. */
export interface DatabaseSize {
    bytes: number;
    /** Of its dump, as it lies on a volume; `usualDump` of the database when absent. */
    dumpBytes?: number;
    /** What a dump to nowhere took. */
    dumpSeconds?: number;
    /** Its server's class has its processor by credits, and the new one's is taken to be alike. */
    weak?: boolean;
}

export interface MovedDatabase {
    how: CarriedHow;
    /** Of one that is loaded; without it nothing of that is counted but the new server. */
    size?: DatabaseSize;
    /** The server that it is loaded into stands before the capture. */
    prepared?: boolean;
}

export function isLoaded({ how }: MovedDatabase): boolean {
    return how === "dumped" || how === "folder";
}

interface WarmedVolume {
    /** Of what it holds, or of the volume, as if it were full; for warm-up snapshots only. */
    gib?: number;
    /** It has a completed snapshot, so that only what has changed since is copied to the next. */
    copied?: boolean;
    /** Seconds that the last such copy took. */
    lastCopy?: number;
    /** Since its warm-up snapshot; what changes in some minutes when absent. */
    changedMib?: number;
}

export interface Installation {
    /** Each once, however many of its folders are data. */
    volumes: WarmedVolume[];
    /** A server that is restored counts once, with whatever databases it has. */
    databases: MovedDatabase[];
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
    "dumps' copy",
    "between commits",
    "volumes",
    "new server",
    "load",
    "database restore",
    "repairs and checks",
    "former servers",
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
    /** Snapshots of all volumes, while everything serves; `undefined` where their sizes are not known. */
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
type Draw = (timing: AwsTimingName | AwsTiming) => number;

const turns = 4000;
/** A measured time is no promise: nine of ten take less than half as long again (assumed). */
const measuredSpread = 1.5;
/** Writing a dump may take so many times as long as the dry run did (assumed). */
export const slowerDump = 2;
/** Of a database's bytes: indexes are not in a dump, which is compressed a little (assumed). */
const usualDump = 1 / 3;
/** Of a volume's, since its last snapshot, where nobody knows (assumed). */
const usualChange = 0.1;
const mib = 2 ** 20;
const mb = 1e6;

export function predict(installation: Installation): Prediction {
    const chance = chances(1);
    const draw = drawsOf(installation, chance);
    const drawnTurns = turnsOf(installation, draw);
    const cutover = timeOf(drawnTurns, cutoverSeconds, cutoverParts);
    return {
        warmUp: warmUpOf(installation, draw),
        window: timeOf(drawnTurns, windowSeconds, windowParts),
        restore: timeOf(drawnTurns, restoreSeconds, restoreParts),
        cutover,
        longest: longestPart(cutover),
        backMinutes: Math.max(5, Math.ceil(cutover.p90 / 300) * 5),
    };
}

/** What a cutover waits for one database: what it would be shorter by without. Parts as they are, waited for or not. */
export function predictDatabase(database: MovedDatabase): PredictedTime {
    const installation: Installation = { volumes: [{}], databases: [database], names: 0 };
    const drawnTurns = turnsOf(installation, drawsOf(installation, chances(1)));
    const waited = (turn: Turn) => cutoverSeconds(turn) - cutoverSeconds({ ...turn, ...nothingOf(databaseParts) });
    return timeOf(drawnTurns, waited, databaseParts);
}

export function longestPart({ parts }: PredictedTime): PredictedPart {
    return parts.reduce((one, other) => (other.p50 > one.p50 ? other : one));
}

function drawsOf(installation: Installation, chance: () => number): Draw {
    return (name) => drawn(timingOf(installation, name), chance);
}

function turnsOf(installation: Installation, draw: Draw): Turn[] {
    return Array.from({ length: turns }, () => turnOf(installation, draw));
}

function warmUpOf({ volumes }: Installation, draw: Draw): Spread | undefined {
    return volumes.some(({ gib, lastCopy }) => gib === undefined && lastCopy === undefined)
        ? undefined
        : spreadOf(Array.from({ length: turns }, () => longestOf(volumes, (volume) => warmUpSeconds(volume, draw))));
}

function warmUpSeconds({ gib = 0, copied, lastCopy }: WarmedVolume, draw: Draw): number {
    if (lastCopy !== undefined) {
        return draw(asMeasured(lastCopy));
    }
    const copy = copied ? (gib * usualChange * 1024) / draw("changedCopy") : (gib * 1024) / draw("firstCopy");
    return draw("unchangedCopy") + copy;
}

function timingOf({ measured }: Installation, timing: AwsTimingName | AwsTiming): AwsTiming {
    if (typeof timing !== "string") {
        return timing;
    }
    const seconds = measured?.[timing];
    return seconds === undefined ? awsTimings[timing] : asMeasured(seconds);
}

function asMeasured(seconds: number, spread = measuredSpread): AwsTiming {
    const p50 = Math.max(seconds, 0.1);
    return { p50, p90: p50 * spread, rank: "measured", source: "this installation" };
}

// ---- one turn of events ----

function turnOf(installation: Installation, draw: Draw): Turn {
    const { volumes, databases, names } = installation;
    const by = (how: CarriedHow) => databases.filter((database) => database.how === how);
    const [dumped, inFolders] = [sizesOf(by("dumped")), sizesOf(by("folder"))];
    const copies = copySeconds(volumes, draw) + draw("copyNoticed");
    const pause = draw("betweenCommits");
    return {
        stop: draw("stop"),
        dump: dumpSeconds(dumped, draw),
        "quiet and requests": draw("quietAndRequests"),
        "database snapshot": longestOf(by("snapshot"), () => draw("snapshotTaken") + draw("providerSnapshot")),
        start: draw("start"),
        "copies complete": copies,
        // Taken to lie on the volume whose copy takes longest.
        "dumps' copy": sumOf(dumped, dumpBytesOf) / mib / draw("changedCopy"),
        // Twice: before the restore and before the names move.
        "between commits": pause + draw("betweenCommits"),
        volumes: longestOf(volumes, () => draw("providerVolume") + draw("providerAttachment")) + draw("mount"),
        "new server": databases.some((database) => isLoaded(database) && !database.prepared) ? draw("freshServer") : 0,
        load: loadSeconds(dumped, inFolders, installation, draw),
        "database restore": Math.max(
            // Most of the log's time passes while copies complete.
            longestOf(by("pointInTime"), () => Math.max(0, draw("logUploaded") - copies - pause) + momentSeconds(draw)),
            longestOf(by("snapshot"), () => draw("snapshotRestore") + draw("firstBackup") + restoredSeconds(draw)),
        ),
        "repairs and checks": draw("repairsAndChecks"),
        // The engine deletes last, and what the new side publishes for the move is there when it has ended.
        "former servers": databases.some(({ how }) => how !== "onVolume") ? draw("serverDeleted") : 0,
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

const sizesOf = (databases: MovedDatabase[]) => databases.flatMap(({ size }) => size ?? []);
const dumpBytesOf = ({ bytes, dumpBytes = bytes * usualDump }: DatabaseSize) => dumpBytes;

function sumOf(sizes: DatabaseSize[], of: (size: DatabaseSize) => number): number {
    return sizes.reduce((sum, size) => sum + of(size), 0);
}

/** What was tried goes as it did then, side by side; all else one at a time, since a server's disk is the limit, however many ask. */
function dumpSeconds(dumped: DatabaseSize[], draw: Draw): number {
    const tried = dumped.flatMap((size) => size.dumpSeconds ?? []);
    const others = dumped.filter((size) => size.dumpSeconds === undefined);
    return (
        longestOf(tried, (seconds) => draw(asMeasured(seconds, slowerDump))) +
        sumOf(others, ({ bytes }) => bytes) / mb / draw("dump")
    );
}

/** What is loaded is read from a volume that was just restored, and that is still being filled; the server takes one at a time (assumed). */
function loadSeconds(
    dumped: DatabaseSize[],
    inFolders: DatabaseSize[],
    { initializationRate }: Installation,
    draw: Draw,
): number {
    const readRate = initializationRate ?? draw("coldRead");
    const [load, loadWeak, dump] = [draw("load"), draw("loadWeak"), draw("dump")];
    const loaded = ({ bytes, weak }: DatabaseSize) => bytes / mb / (weak ? loadWeak : load);
    const ofDumps = sumOf(dumped, (size) => Math.max(dumpBytesOf(size) / mib / readRate, loaded(size)));
    const ofFolders = sumOf(
        inFolders,
        (size) => Math.max(size.bytes / mib / readRate, size.bytes / mb / dump) + loaded(size),
    );
    return ofDumps + ofFolders;
}

/** The published restores to a moment have the first backup in them. */
function momentSeconds(draw: Draw): number {
    return draw("pointInTimeRestore") + restoredSeconds(draw);
}

function restoredSeconds(draw: Draw): number {
    return draw("providerDatabase") + draw("passwordAfterRestore");
}

// ---- what is added up, and what happens side by side ----

const windowParts: PartName[] = ["stop", "dump", "quiet and requests", "database snapshot", "start"];
const restoreParts: PartName[] = [
    "volumes",
    "new server",
    "load",
    "database restore",
    "repairs and checks",
    "former servers",
];
const databaseParts = [
    "dump",
    "database snapshot",
    "dumps' copy",
    "new server",
    "load",
    "database restore",
] as const satisfies PartName[];
const cutoverParts: PartName[] = partNames.filter((name) => name !== "start");

function windowSeconds(turn: Turn): number {
    return windowParts.reduce((sum, part) => sum + turn[part], 0);
}

function restoreSeconds(turn: Turn): number {
    const loaded = Math.max(turn.volumes, turn["new server"]) + turn.load;
    return Math.max(loaded, turn["database restore"]) + turn["repairs and checks"] + turn["former servers"];
}

function cutoverSeconds(turn: Turn): number {
    return (
        turn.stop +
        turn.dump +
        turn["quiet and requests"] +
        Math.max(turn["copies complete"] + turn["dumps' copy"], turn["database snapshot"]) +
        turn["between commits"] +
        restoreSeconds(turn) +
        turn.serve +
        turn.names
    );
}

function nothingOf(parts: readonly PartName[]): Partial<Turn> {
    return Object.fromEntries(parts.map((part) => [part, 0]));
}

function timeOf(drawnTurns: Turn[], seconds: (turn: Turn) => number, names: readonly PartName[]): PredictedTime {
    const parts = names.map((name) => ({ name, ...spreadOf(drawnTurns.map((turn) => turn[name])) }));
    return { ...spreadOf(drawnTurns.map(seconds)), parts: parts.filter(({ p90 }) => p90 > 0) };
}
