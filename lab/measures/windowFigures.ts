// `make window-figures`: how long windows are closed beyond stop and start, with 3, 4 and 12 volumes, by a quick cloud, by one that takes its time as
// AWS does, and by one that holds calls back, all on one standing production. Prints whether the goal was held.
import { captureTagNames } from "../../logic/names";
import { perProduct, productIds, type ProductId } from "../../products";
import type { Disturbance } from "../cloud/api";
import { callCloud } from "../cloud/client";
import type { Bench } from "../faults/bench/bench";
import type { LegacyHost } from "../legacy/facts";
import { say } from "../progress";
import { judged } from "./beyond";
import { takeWindows, withBench } from "./measure";
import { type BeyondRow, writeMeasured } from "./results";

const volumesOfAHost = 4;

/** In all: one a host, one more, four a host. */
const counts = [productIds.length, productIds.length + 1, productIds.length * volumesOfAHost];

type Case = Pick<BeyondRow, "timing" | "throttled">;

export const cases: Case[] = [
    { timing: "fast", throttled: false },
    { timing: "aws", throttled: false },
    { timing: "aws", throttled: true },
];

/** Whatever a window asks is refused once for its rate: the provider asks again, as AWS's SDK does (lab/aws/asking.ts). */
export const throttling: Disturbance[] = [
    { action: "CreateSnapshot", tag: captureTagNames.token, by: "provider", refuses: "throttled", everyOther: true },
    { action: "DescribeSnapshots", by: "provider", refuses: "throttled", everyOther: true },
];

export async function windowFigures(size: number, windows = 3): Promise<number> {
    return await withBench({ size, sources: "plain", volumes: volumesOfAHost }, async (bench) => {
        const rows: BeyondRow[] = [];
        try {
            for (const volumes of counts) {
                name(bench, volumes);
                for (const one of cases) {
                    await set(one);
                    const word = `${volumes}-${one.timing}${one.throttled ? "-throttled" : ""}`;
                    rows.push({ volumes, ...one, windows: await takeWindows(bench, windows, word) });
                    say(lineOf(rows[rows.length - 1]));
                }
            }
        } finally {
            await set(cases[0]);
        }
        say("Closed beyond stop and start, median (longest), seconds:");
        rows.forEach((row) => say(lineOf(row)));
        say(`${writeMeasured({ kind: "beyond", size, rows })}; make figures writes docs/performance.md from it`);
    });
}

async function set({ timing, throttled }: Case): Promise<void> {
    await callCloud("SetTiming", { mode: timing });
    await callCloud("Disturb", { disturbances: throttled ? throttling : [] });
}

/** Only what the operator names is captured; the others' mounts are nobody's data. */
function name(bench: Bench, volumes: number): void {
    const current = bench.stacks.prod.values["posit:current"] as Record<ProductId, object>;
    const chosen = chosenVolumes(bench.facts.hosts, volumes);
    bench.stacks.prod.values["posit:current"] = perProduct((product) => ({
        ...current[product],
        dataVolumes: chosen[product],
    }));
}

/** So many in all: each host's first, where its product's data lies, and then the others' in turn. */
export function chosenVolumes(
    hosts: Record<ProductId, Pick<LegacyHost, "dataVolumes">>,
    volumes: number,
): Record<ProductId, LegacyHost["dataVolumes"]> {
    const idsOf = (product: ProductId) => [...new Set(hosts[product].dataVolumes.map(({ volumeId }) => volumeId))];
    const most = Math.max(...productIds.map((product) => idsOf(product).length));
    const inTurn = Array.from({ length: most }, (_, turn) =>
        productIds.flatMap((product) => idsOf(product).slice(turn, turn + 1)),
    );
    const wanted = new Set(inTurn.flat().slice(0, volumes));
    if (wanted.size < volumes) throw new Error(`There are ${wanted.size} volumes, not ${volumes}.`);
    return perProduct((product) => hosts[product].dataVolumes.filter(({ volumeId }) => wanted.has(volumeId)));
}

function lineOf(row: BeyondRow): string {
    const { median, longest, goal, verdict } = judged(row);
    const how = `${row.timing}${row.throttled ? ", throttled" : ""}`;
    return `  ${String(row.volumes).padStart(2)} volumes, ${how.padEnd(15)} ${median.toFixed(2)} (${longest.toFixed(2)}); goal ${goal}: ${verdict}`;
}
