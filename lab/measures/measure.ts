// `make measure`: only the closed window, side by side with the ways by hand, on one production of SIZE, SOURCES and VOLUMES. With WINDOWS=N: that
// many windows instead, one after the other, and the median of each part. Prints the seconds, writes rehearsal/measures. Nothing is broken and
// nothing restored.
import type { ProductionContract } from "../../contract/production";
import { perProduct, productIds } from "../../products";
import { type Bench, captureWithoutFault, prepareBench } from "../faults/bench/bench";
import type { SourcesName } from "../legacy/sources";
import { say } from "../progress";
import { measureBaseline } from "../rehearse/byHand/baseline";
import { startRecorder } from "../rehearse/report/recorder";
import { endChildren } from "../run";
import { median } from "./beyond";
import { type MeasuredSize, type MeasuredWindows, type Phases, writeMeasured } from "./results";

export interface MeasureOptions {
    size: number;
    sources: SourcesName;
    /** Of each host; as the sources have them when absent. */
    volumes?: number;
    windows?: number;
}

export async function measure({ size, sources, volumes, windows }: MeasureOptions): Promise<number> {
    return await withBench({ size, sources, volumes }, async (bench) => {
        const production = { size, sources, volumes: volumesOf(bench) };
        if (windows !== undefined) {
            report({ kind: "windows", ...production, windows: await takeWindows(bench, windows) });
            return;
        }
        const byHand = sources === "mixed" ? undefined : await measureBaseline(bench.facts);
        const closed = await captureWithoutFault(bench);
        report({ kind: "size", ...production, closed, phases: phasesTaken(bench), byHand });
    });
}

export async function withBench(
    { size, sources, volumes }: MeasureOptions,
    work: (bench: Bench) => Promise<void>,
): Promise<number> {
    const recorder = startRecorder(size, sources);
    const bench = await prepareBench(recorder, size, sources, { volumes });
    try {
        await work(bench);
        return 0;
    } finally {
        bench.client.stop();
        recorder.stop();
        endChildren("SIGINT");
    }
}

function volumesOf({ facts }: Bench): MeasuredSize["volumes"] {
    return perProduct((product) => new Set(facts.hosts[product].dataVolumes.map(({ volumeId }) => volumeId)).size);
}

/** Of the one capture that the stack has. */
function phasesTaken(bench: Bench): Phases {
    const { captures } = bench.stacks.prod.outputs.contract as ProductionContract;
    return Object.values(captures)[0].phases;
}

export async function takeWindows(bench: Bench, windows: number, name = "window"): Promise<Phases[]> {
    const taken: Phases[] = [];
    for (let turn = 1; turn <= windows; turn++) {
        await captureWithoutFault(bench, `${name}-${turn}`);
        taken.push(phasesTaken(bench));
    }
    return taken;
}

function report(measured: MeasuredSize | MeasuredWindows): void {
    const lines = measured.kind === "size" ? sizeLines(measured) : medianLines(measured);
    lines.forEach((line) => say(line));
    say(`${writeMeasured(measured)}; make figures writes docs/performance.md from it`);
}

/** Each part of each product's windows, by the hosts' clocks. */
function medianLines({ windows }: MeasuredWindows): string[] {
    return [
        `Median (longest) of ${windows.length} windows, seconds:`,
        ...productIds.map((product) => {
            const parts = [...new Set(windows.flatMap((phases) => Object.keys(phases[product] ?? {})))];
            const figures = parts.map((part) => {
                const values = windows.flatMap(
                    (phases) => (phases[product] as Record<string, number> | undefined)?.[part] ?? [],
                );
                return `${part} ${median(values).toFixed(3)} (${Math.max(...values).toFixed(3)})`;
            });
            return `  ${product.padEnd(15)} ${figures.join(", ")}`;
        }),
    ];
}

function sizeLines({ size, sources, closed, phases, byHand }: MeasuredSize): string[] {
    return [
        `Closed at ${size} GiB (${sources}), seconds:`,
        ...productIds.map((product) => {
            const { stop = 0, proveQuiet = 0, request = 0, start = 0 } = phases[product] ?? {};
            const parts = Object.entries({ stop, "prove quiet": proveQuiet, request, start });
            const hands = Object.entries(byHand ?? {}).map(
                ([way, times]) =>
                    `${way} ${times.closed[product]?.toFixed(2)} (dump ${times.dump[product]?.toFixed(2)})`,
            );
            return (
                `  ${product.padEnd(15)} ${closed[product]?.toFixed(2)} (${parts.map(([name, time]) => `${name} ${time.toFixed(2)}`).join(", ")})` +
                (hands.length > 0 ? `; by hand: ${hands.join(", ")}` : "")
            );
        }),
    ];
}
