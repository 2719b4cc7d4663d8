// Which of the programs that are there runs: the real one wherever it is installed, else the lab's stand-in. Pure: what lies where is asked
// through `has`.
import * as path from "node:path";

export interface Places {
    /** The engine that was found: the folder it lies in, and the one that a link to it leads to. */
    engine: { folders: string[]; version: string };
    /** Folders of PATH, in order. */
    searched: string[];
    /** Folders in which engines keep the plugins that they have fetched. */
    pluginFolders: string[];
    /** Is there a program that can be run? */
    has(file: string): boolean;
}

export interface Choice {
    kind: "real" | "lab";
    path: string;
    /** Where it was found, in words. */
    how: string;
    /** Where the place tells. */
    version?: string;
}

const pulumi = "pulumi";
const languageHost = "pulumi-language-nodejs";

/** Where a `pulumi` may lie, best first: on PATH, then where the official installer puts it. */
export function engineCandidates({ searched, has }: Pick<Places, "searched" | "has">, homes: string[]): Choice[] {
    const real = (folder: string, how: string): Choice => ({ kind: "real", path: path.join(folder, pulumi), how });
    return [
        ...searched.map((folder) => real(folder, "on PATH")),
        ...homes.map((home) => real(path.join(home, "bin"), "where the installer puts it")),
    ].filter((candidate) => has(candidate.path));
}

/** A language host speaks the language of the engine that it came with, so one that lies beside another engine is none of ours. */
export function chooseLanguageHost(places: Places, standIn: string): Choice {
    const { engine, has } = places;
    const foreign = (folder: string) => !engine.folders.includes(folder) && has(path.join(folder, pulumi));
    const [beside, kept, searched] = real({
        ...places,
        program: languageHost,
        keptAs: `language-nodejs-v${engine.version}`,
        searched: places.searched.filter((folder) => !foreign(folder)),
        version: engine.version,
    });
    // Installed as one with the engine.
    const { version } = engine;
    return first([...beside.map((one) => ({ ...one, version })), ...kept, ...searched], standIn, has);
}

/** A provider of the pinned version, as an engine has fetched it, comes before one whose version nobody knows. */
export function chooseProvider(places: Places, name: string, version: string, standIn: string): Choice {
    const [beside, kept, searched] = real({
        ...places,
        program: `pulumi-resource-${name}`,
        keptAs: `resource-${name}-v${version}`,
        version,
    });
    return first([...kept, ...beside, ...searched], standIn, places.has);
}

function real(wanted: Places & { program: string; keptAs: string; version: string }): [Choice[], Choice[], Choice[]] {
    const choice = (folder: string, how: string): Choice => ({
        kind: "real",
        path: path.join(folder, wanted.program),
        how,
    });
    return [
        wanted.engine.folders.map((folder) => choice(folder, "beside the engine")),
        wanted.pluginFolders.map((folder) => ({
            ...choice(path.join(folder, wanted.keptAs), "among an engine's plugins"),
            version: wanted.version,
        })),
        wanted.searched.map((folder) => choice(folder, "on PATH")),
    ];
}

/** The stand-in may lie on PATH too. */
function first(candidates: Choice[], standIn: string, has: Places["has"]): Choice {
    const found = candidates.find((candidate) => candidate.path !== standIn && has(candidate.path));
    return found ?? { kind: "lab", path: standIn, how: "the lab's stand-in: no real one is installed" };
}
