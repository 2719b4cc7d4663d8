// `make measure`: only the closed window, side by side with the ways by hand, on one production of SIZE and SOURCES. Prints the
// seconds, writes rehearsal/measure.json. With WINDOWS=N: that many windows instead, one after the other, and the median of each part.
// Nothing is broken and nothing restored.
import * as fs from "node:fs";
import * as path from "node:path";
import type { CaptureManifest, ProductionContract } from "../contract/production";
import { productIds } from "../products/ids";
import { type Bench, captureWithoutFault, prepareBench } from "./faults/bench/bench";
import type { SourcesName } from "./legacy/sources";
import { reportFolder } from "./paths";
import { say } from "./progress";
import { measureBaseline } from "./rehearse/byHand/baseline";
import { startRecorder } from "./rehearse/report/recorder";
import type { Downtime } from "./rehearse/report/reportTypes";
import { endChildren } from "./run";

interface Measured {
    size: number;
    sources: SourcesName;
    /** As the client saw it, seconds. */
    closed: Downtime;
    /** As the hosts' clocks have it. */
    phases: CaptureManifest["phases"];
    /** Each way by hand; not where data lies in ways that the plain ones don't know. */
    byHand?: Record<string, Downtime>;
}

export async function measure(size: number, sources: SourcesName, windows?: number): Promise<number> {
    const recorder = startRecorder(size, sources);
    const bench = await prepareBench(recorder, size, sources);
    try {
        if (windows !== undefined) {
            reportMedians(await takeWindows(bench, windows));
            return 0;
        }
        const byHand = sources === "mixed" ? undefined : await measureBaseline(bench.facts);
        const closed = await captureWithoutFault(bench);
        report({ size, sources, closed, phases: phasesTaken(bench), byHand });
        return 0;
    } finally {
        bench.client.stop();
        recorder.stop();
        endChildren("SIGINT");
    }
}

type Phases = CaptureManifest["phases"];

/** Of the one capture that the stack has. */
function phasesTaken(bench: Bench): Phases {
    const { captures } = bench.stacks.prod.outputs.contract as ProductionContract;
    return Object.values(captures)[0].phases;
}

async function takeWindows(bench: Bench, windows: number): Promise<Phases[]> {
    const taken: Phases[] = [];
    for (let turn = 1; turn <= windows; turn++) {
        await captureWithoutFault(bench, `window-${turn}`);
        taken.push(phasesTaken(bench));
    }
    return taken;
}

/** Each part of each product's windows, by the hosts' clocks. */
function reportMedians(taken: Phases[]): void {
    fs.mkdirSync(reportFolder, { recursive: true });
    fs.writeFileSync(path.join(reportFolder, "windows.json"), `${JSON.stringify(taken, null, 2)}\n`);
    say(`Median (longest) of ${taken.length} windows, seconds:`);
    for (const product of productIds) {
        const parts = [...new Set(taken.flatMap((phases) => Object.keys(phases[product] ?? {})))];
        const figures = parts.map((part) => {
            const values = taken.flatMap(
                (phases) => (phases[product] as Record<string, number> | undefined)?.[part] ?? [],
            );
            return `${part} ${median(values).toFixed(3)} (${Math.max(...values).toFixed(3)})`;
        });
        say(`  ${product.padEnd(15)} ${figures.join(", ")}`);
    }
}

function median(values: number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function report(measured: Measured): void {
    fs.mkdirSync(reportFolder, { recursive: true });
    fs.writeFileSync(path.join(reportFolder, "measure.json"), `${JSON.stringify(measured, null, 2)}\n`);
    say(`Closed at ${measured.size} GiB (${measured.sources}), seconds:`);
    for (const product of productIds) {
        const { stop = 0, proveQuiet = 0, request = 0, start = 0 } = measured.phases[product] ?? {};
        const parts = Object.entries({ stop, "prove quiet": proveQuiet, request, start });
        const hands = Object.entries(measured.byHand ?? {}).map(
            ([way, times]) => `${way} ${times[product]?.toFixed(2)}`,
        );
        say(
            `  ${product.padEnd(15)} ${measured.closed[product]?.toFixed(2)} (${parts.map(([name, time]) => `${name} ${time.toFixed(2)}`).join(", ")})` +
                (hands.length > 0 ? `; by hand: ${hands.join(", ")}` : ""),
        );
    }
}
