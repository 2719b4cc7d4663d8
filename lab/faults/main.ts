// `make faults`: tries every fault (or those that FAULT names) on one bench, prints a table, writes rehearsal/faults.json after each row.
// RESUME=1 goes on where a list was interrupted, SEED=… repeats what was left to chance.
import type { SourcesName } from "../legacy/sources";
import { reportFolder } from "../paths";
import { say } from "../progress";
import { startRecorder } from "../rehearse/report/recorder";
import { forgetStates } from "../rehearse/states";
import { endChildren } from "../run";
import { afterServeRows } from "./rows/afterServe";
import { captureWithoutFault, prepareBench } from "./bench/bench";
import { environmentSeconds } from "./bench/environment";
import type { Described } from "./figures";
import { environmentRows } from "./rows/environment";
import { externalRows } from "./rows/externalNames";
import { finalFaults } from "./rows/finals";
import { captureFaults } from "./rows/opening";
import { lostFaults } from "./rows/lost";
import { moveRows } from "./rows/moves";
import { readResults, type Results, treeId, writeResults } from "./results";
import { type FaultRow, type Row, tryRow } from "./row";
import { specialRows } from "./rows/special";
import { stayFaults } from "./rows/stay";
import { type Fault, rowOf } from "./bench/trial";

/** Rows of captures first: from the first restore on production stands on its final capture. */
const faultsInCaptures: Fault[] = [...captureFaults, ...finalFaults, ...lostFaults, ...stayFaults];
const captureRows: Row[] = [...faultsInCaptures.map(rowOf), ...specialRows];
/** On the new environment, which the first of them install and restore. */
const servingRows: Row[] = [...environmentRows, ...moveRows, ...afterServeRows, ...externalRows];
export const allRows: Row[] = [...captureRows, ...servingRows];

/** The lab, the old production, the first capture. */
const beginningSeconds = 80;

export interface FaultOptions {
    /** Beginnings of names, with commas between them; all rows when absent. */
    only?: string;
    resume: boolean;
    seed?: number;
    size: number;
    sources: SourcesName;
}

/** Throws with all names when none fits. */
export function chooseRows(only: string | undefined): Row[] {
    const beginnings = (only ?? "").split(",").filter((one) => one !== "");
    const chosen =
        only === undefined ? allRows : allRows.filter(({ name }) => beginnings.some((one) => name.startsWith(one)));
    if (chosen.length === 0) {
        throw new Error(`There is no fault "${only}". There are: ${allRows.map(({ name }) => name).join(", ")}.`);
    }
    return chosen;
}

export function estimateSeconds(rows: Row[]): number {
    const moves = rows.some((row) => servingRows.includes(row) && !environmentRows.includes(row));
    // The last of the rows that build it has restored the final capture.
    const built = environmentRows.slice(-1).some((row) => rows.includes(row));
    const environment = moves ? environmentSeconds[built ? "last" : "whole"] : 0;
    return beginningSeconds + environment + rows.reduce((sum, { seconds }) => sum + seconds, 0);
}

export async function tryFaults({ only, resume, seed, size, sources }: FaultOptions): Promise<number> {
    const chosen = chooseRows(only);
    const results = begin(resume, seed);
    const open = chosen.filter(({ name }) => !results.rows.some(({ fault }) => fault === name));
    say(`${open.length} faults of ${allRows.length}, about ${minutes(estimateSeconds(open))}; SEED=${results.seed}`);
    if (open.length > 0) await tryAll(open, results, size, sources);
    return summary(chosen, results.rows);
}

function begin(resume: boolean, seed: number | undefined): Results {
    const tree = treeId();
    const fresh: Results = { tree: tree ?? "unknown", seed: seed ?? Date.now() % 1_000_000, rows: [] };
    if (!resume) return fresh;
    const earlier = readResults(reportFolder, tree);
    if (typeof earlier === "string") {
        say(`RESUME=1: ${earlier}; the list begins anew`);
        return fresh;
    }
    say(`RESUME=1: ${earlier.rows.length} rows of this tree are there already`);
    return { ...earlier, seed: seed ?? earlier.seed };
}

async function tryAll(open: Row[], results: Results, size: number, sources: SourcesName): Promise<void> {
    const recorder = startRecorder(size, sources);
    forgetStates();
    const bench = await prepareBench(recorder, size, sources, { seed: results.seed });
    try {
        const window = Math.max(...Object.values(await captureWithoutFault(bench)));
        for (const [index, row] of open.entries()) {
            const tried = await tryRow(row, bench, window);
            results.rows.push(tried);
            writeResults(reportFolder, results);
            say(line(tried));
            say(
                `  ${index + 1} of ${open.length}; about ${minutes(estimateSeconds(open.slice(index + 1)) - beginningSeconds)} to go`,
            );
        }
    } finally {
        bench.client.stop();
        recorder.stop();
        endChildren("SIGINT");
    }
}

function summary(chosen: Row[], rows: FaultRow[]): number {
    const tried = chosen.flatMap(({ name }) => rows.filter(({ fault }) => fault === name));
    say("Faults:");
    for (const row of tried) say(line(row));
    const failed = tried.filter(({ passed }) => !passed).length;
    say(`${minutes(tried.reduce((sum, { seconds }) => sum + seconds, 0))} in rows`);
    say(`${tried.length - failed} passed, ${failed} failed`);
    return failed === 0 && tried.length === chosen.length ? 0 : 1;
}

const minutes = (seconds: number): string => `${(seconds / 60).toFixed(0)} min`;

function line({ fault, what, passed, outcome, closedBeyondSeconds, problems, seconds }: FaultRow): string {
    const beyond = `${closedBeyondSeconds.toFixed(1).padStart(5)} s`;
    const wrong = problems.length > 0 ? ` — ${problems.join("; ")}` : "";
    return `  ${passed ? "✓" : "✗"} ${fault.padEnd(30)} ${beyond}  ${outcome.padEnd(10)} ${seconds.toFixed(0).padStart(4)} s  ${what}${wrong}`;
}

/** As docs/reliability.md describes them. */
export const describedRows: Described[] = allRows.map(({ name, what }) => ({
    name,
    what,
    fault: faultsInCaptures.find((fault) => fault.name === name),
}));
