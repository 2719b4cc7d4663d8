// An installation as the predictor wants it: from how its databases are captured, and from what its earlier captures say.
import type { CaptureManifest } from "../../contract/production";
import type { MethodChoice } from "../capture/methods";
import type { MovedDatabase, CarriedHow, Installation } from "./predict";

/** "folder": the server's own files; it is started from them, dumped and loaded once they are restored. */
const carriedHow: Record<MethodChoice["method"], CarriedHow> = {
    pointInTime: "pointInTime",
    snapshot: "snapshot",
    dump: "dumped",
    folder: "folder",
    sqlite: "onVolume",
};

interface KnownInstallation {
    volumeIds: string[];
    methods: Pick<MethodChoice, "method" | "size">[];
    /** The new side has the server that dumps are loaded into. */
    prepared?: boolean;
    /** That are records of this program. */
    names: number;
}

/** @param earlier captures of it, in any order. */
export function installationOf(
    { volumeIds, methods, prepared, names }: KnownInstallation,
    earlier: Pick<CaptureManifest, "takenAt" | "volumes" | "phases">[],
): Installation {
    const sizes = new Map(
        earlier.flatMap(({ volumes }) => volumes.map(({ volumeId, size }): [string, number] => [volumeId, size])),
    );
    return {
        volumes: volumeIds.map((volumeId) => ({ gib: sizes.get(volumeId) })),
        databases: methods.map((choice) => carriedBy(choice, prepared)),
        names,
        measured: measuredIn(earlier),
    };
}

export function carriedBy(
    { method, size }: Pick<MethodChoice, "method" | "size">,
    prepared: boolean | undefined = false,
): MovedDatabase {
    return { how: carriedHow[method], ...(size && { size }), ...(prepared && { prepared }) };
}

/** As the last one that opened again has it: how long this installation's own products take to end and to answer again. */
function measuredIn(earlier: Pick<CaptureManifest, "takenAt" | "phases">[]): Installation["measured"] {
    const opened = earlier.filter(({ phases }) => Object.keys(phases).length > 0);
    const last = opened.sort((a, b) => (a.takenAt ?? "").localeCompare(b.takenAt ?? "")).at(-1);
    if (last === undefined) {
        return undefined;
    }
    const slowest = (part: "stop" | "start") => Math.max(...Object.values(last.phases).map((phase) => phase[part]));
    return { stop: slowest("stop"), start: slowest("start") };
}
