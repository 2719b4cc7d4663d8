// What runs in the operator's network, behind the commands of cli.ts.
import { callCloud } from "./cloud/client";
import { timingMode } from "./cloud/timing";
import { readHosts } from "./hosts";
import { tryFaults } from "./faults/main";
import { openShell } from "./shell";
import { buildLegacy } from "./legacy/build";
import { mostVolumes, sources, type SourcesName } from "./legacy/sources";
import { measure } from "./measures/measure";
import { windowFigures } from "./measures/windowFigures";
import { findCommit } from "./rehearse/earlier/checkout";
import { rehearse } from "./rehearse/main";

const defaultSize = 0.2;

export async function inside(args: string[]): Promise<number> {
    leaveWithParent();
    const size = readSize(process.env.SIZE);
    const mode = timingMode(process.env.TIMING || undefined);
    if (args[0] !== "shell") await callCloud("SetTiming", { mode });
    const from = readSources(process.env.SOURCES);
    switch (args[0]) {
        case "rehearse":
            return await rehearse({
                size,
                sources: from,
                baseline: process.env.BASELINE === "1",
                destroy: process.env.DESTROY === "1",
                mistakes: process.env.MISTAKES === "1",
                external: process.env.EXTERNAL === "1",
                existing: process.env.EXISTING === "1",
                ...(process.env.FROM && { from: await findCommit(process.env.FROM) }),
            });
        case "faults":
            return await tryFaults({
                only: process.env.FAULT || undefined,
                resume: process.env.RESUME === "1",
                seed: readSeed(process.env.SEED),
                size,
                sources: from,
            });
        case "measure":
            return await measure({
                size,
                sources: from,
                volumes: readVolumes(process.env.VOLUMES, from),
                windows: readWindows(process.env.WINDOWS),
            });
        case "window-figures":
            return await windowFigures(size, readWindows(process.env.WINDOWS));
        case "legacy":
            await buildLegacy(size, from, readVolumes(process.env.VOLUMES, from));
            console.log("Production stands. Look at it with: make lab-status; node … lab/cli.ts shell old-connect");
            return 0;
        case "shell": {
            const access = readHosts()[args[1] ?? ""];
            return access === undefined ? 2 : await openShell(access);
        }
        default:
            return 2;
    }
}

function readSources(text: string | undefined): SourcesName {
    if (text === undefined || text === "") return "plain";
    if (!(text in sources)) throw new Error(`SOURCES=${text}: there are ${Object.keys(sources).join(", ")}.`);
    return text as SourcesName;
}

function readWindows(text: string | undefined): number | undefined {
    if (text === undefined || text === "") return undefined;
    const windows = Number(text);
    if (!Number.isInteger(windows) || windows < 1) throw new Error(`WINDOWS=${text}: say how many, 1 or more.`);
    return windows;
}

function readVolumes(text: string | undefined, from: SourcesName): number | undefined {
    if (text === undefined || text === "") return undefined;
    const volumes = Number(text);
    if (!Number.isInteger(volumes) || volumes < 1 || volumes > mostVolumes)
        throw new Error(`VOLUMES=${text}: say how many a host has, 1 to ${mostVolumes}.`);
    if (from !== "plain")
        throw new Error("VOLUMES= goes with SOURCES=plain: others say themselves where their data lies.");
    return volumes;
}

function readSize(text: string | undefined): number {
    if (text === undefined || text === "") return defaultSize;
    const size = Number(text);
    if (!(size > 0 && size <= 100)) throw new Error(`SIZE=${text}: say how many GiB of data, between 0 and 100.`);
    return size;
}

function readSeed(text: string | undefined): number | undefined {
    if (text === undefined || text === "") return undefined;
    const seed = Number(text);
    if (!Number.isInteger(seed)) throw new Error(`SEED=${text}: say a whole number, as an earlier run has printed it.`);
    return seed;
}

/** Killed from outside, the outer command can't end its inner one: that looks after itself. */
function leaveWithParent(): void {
    const parent = process.ppid;
    setInterval(() => {
        if (process.ppid !== parent) process.exit(1);
    }, 1000).unref();
}
