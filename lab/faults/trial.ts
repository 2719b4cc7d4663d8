// One fault on the bench: a capture is begun, something breaks, and afterwards production must be open with all its data, the capture
// must be what its fate says, and the next run must succeed.
import * as fs from "node:fs";
import * as path from "node:path";
import type { ProductionContract } from "../../contract/production";
import { productIds } from "../../products/ids";
import { recover } from "../../recovery/recover";
import { thaw } from "../../recovery/thaw";
import { say, step } from "../progress";
import { projectFolder, pulumi } from "../project";
import { compareObservations } from "../rehearse/compare";
import { oldHosts } from "../rehearse/hostFacts";
import { look } from "../rehearse/measure";
import { readOutputs, type Stack, up } from "../rehearse/stack";
import { writeStackFile } from "../rehearse/stackFile";
import type { RunResult } from "../run";
import { type Bench, untouched } from "./bench";
import type { Mend } from "./breakages";
import { type Moment, moments, snapshotsOf } from "./moments";

/** "none": nothing was closed, the token may still be used. */
export type Fate = "complete" | "void" | "none";

export interface Fault {
    name: string;
    what: string;
    /** Beside the token. */
    capture?: Record<string, unknown>;
    /** Broken before the run begins. */
    before?: (bench: Bench) => Promise<Mend>;
    /** Broken in the middle of it. */
    strike?: { at: Moment; with: (bench: Bench, pid: number) => Promise<Mend> };
    /** Of `pulumi up`. */
    flags?: string[];
    /** Any of these is right: a strike may come a moment earlier or later. */
    fate: Fate[];
    /** What the run must say. */
    says?: RegExp;
    /** Seconds that production may stay closed beyond a window without fault, or after the strike. */
    closedBeyond: number;
    /** What the operator runs before the next `up`; nothing when absent. */
    operator?: "make recover" | "pulumi cancel";
}

export interface FaultRow {
    fault: string;
    what: string;
    closedBeyondSeconds: number;
    capture: Fate | "unknown";
    dataIntact: boolean;
    passed: boolean;
    problems: string[];
}

const maxClosedSeconds = 30;

export async function tryFault(bench: Bench, fault: Fault, window: number): Promise<FaultRow> {
    const stack = bench.stacks.prod;
    const token = fault.name;
    const problems: string[] = [];
    const began = Date.now();
    const { result, struck } = await upWithFault(bench, fault, token, problems);
    if (fault.says && !fault.says.test(`${result.stdout}\n${result.stderr}`)) {
        problems.push(`did not say ${fault.says}`);
        say(result.stdout.slice(-2500));
    }
    const closedBeyondSeconds = closedBeyond(bench, began, struck, window);
    if (closedBeyondSeconds > fault.closedBeyond) problems.push(`closed ${closedBeyondSeconds.toFixed(1)} s beyond`);
    if (fault.operator === "make recover") await recoverAsOperator(bench);
    if (fault.operator === "pulumi cancel") await pulumi(["cancel", "--yes", "--stack", stack.name], { quiet: true });
    const dataIntact = await compareData(bench, token);
    if (!dataIntact) problems.push("data or counts differ");
    const capture = await fateOf(bench, token, problems);
    if (capture !== "unknown" && !fault.fate.includes(capture)) problems.push(`the capture is ${capture}`);
    await dropped(stack, problems);
    const row = { fault: fault.name, what: fault.what, closedBeyondSeconds, capture, dataIntact };
    return { ...row, passed: problems.length === 0, problems };
}

async function upWithFault(
    bench: Bench,
    fault: Fault,
    token: string,
    problems: string[],
): Promise<{ result: RunResult; struck?: number }> {
    const stack = bench.stacks.prod;
    const mends: Mend[] = [];
    const capture = { token, reopen: true, maxClosedSeconds, drainSeconds: 2, ...fault.capture };
    writeStackFile(stack.file, { ...stack.values, "posit:captures": [capture] });
    try {
        if (fault.before) mends.push(await fault.before(bench));
        const striking: { at?: number; done?: Promise<unknown> } = {};
        const result = await step(`${fault.name}: ${fault.what}`, () =>
            tryUp(stack, fault.flags, (pid) => {
                const { strike } = fault;
                if (!strike) return;
                striking.done = moments[strike.at](bench, token).then(async () => {
                    striking.at = Date.now();
                    mends.push(await strike.with(bench, pid));
                });
                striking.done.catch(() => undefined); // awaited below
            }),
        );
        await striking.done?.catch((error: Error) => {
            problems.push(`did not come to the strike: ${error.message}`);
            say(result.stdout.slice(-2500));
        });
        await allOpen(bench);
        return { result, struck: striking.at };
    } finally {
        for (const mend of mends.reverse()) await mend();
    }
}

/** Failing is an answer here, and one that hangs is ended. */
export function tryUp(stack: Stack, flags: string[] = [], onStart?: (pid: number) => void): Promise<RunResult> {
    return up(stack, { mayFail: true, onStart, timeoutSeconds: 240 }, flags);
}

/** Whatever was broken is still broken: production must open by itself. */
async function allOpen(bench: Bench): Promise<void> {
    const until = Date.now() + (maxClosedSeconds + 60) * 1000;
    await new Promise((resolve) => setTimeout(resolve, 300)); // for the client to notice what just happened
    while (bench.client.outages().some(({ to }) => to === undefined) && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

/** After the strike, or else longer than a window without fault. */
export function closedBeyond(bench: Bench, began: number, struck: number | undefined, window: number): number {
    const outages = bench.client.outages().filter(({ from }) => from >= began);
    const seconds = outages.map(({ from, to }) => {
        const end = to ?? Date.now();
        return struck === undefined ? (end - from) / 1000 - window : (end - struck) / 1000;
    });
    return Math.max(0, ...seconds);
}

export async function compareData(bench: Bench, token: string): Promise<boolean> {
    const after = await look(bench, token);
    const failed = compareObservations(bench.observed[untouched], after).filter(({ passed }) => !passed);
    for (const { name, before, after: now } of failed)
        say(`  ✗ ${name}: ${JSON.stringify({ before, now }).slice(0, 300)}`);
    return failed.length === 0;
}

/** What a plain `up` makes of the token now. A complete or void one must not get one more snapshot. */
async function fateOf(bench: Bench, token: string, problems: string[]): Promise<FaultRow["capture"]> {
    const stack = bench.stacks.prod;
    const snapshots = await snapshotsOf(token);
    const began = Date.now();
    const result = await step(`${token}: a plain up`, () => tryUp(stack));
    const text = `${result.stdout}\n${result.stderr}`;
    const taken = (await snapshotsOf(token)).length - snapshots.length;
    const closedAgain = bench.client.outages().some(({ from }) => from >= began);
    if (result.code !== 0) {
        if (taken > 0) problems.push(`${taken} more snapshots under a token that was used`);
        if (closedAgain) problems.push("production was closed a second time");
        if (new RegExp(`capture ${token} is void`).test(text)) return "void";
        problems.push("the plain up failed");
        say(text.slice(-2500));
        return "unknown";
    }
    const { captures } = (await readOutputs(stack)).contract as ProductionContract;
    const state = captures[token]?.state;
    if (state !== "complete") return state === "void" ? "void" : "unknown";
    if (snapshots.length === 0 && taken > 0) return "none";
    if (taken > 0) problems.push(`${taken} more snapshots under a token that was used`);
    if (closedAgain) problems.push("production was closed a second time");
    return "complete";
}

/** The next normal run. */
async function dropped(stack: Stack, problems: string[]): Promise<void> {
    writeStackFile(stack.file, stack.values);
    const { code, stdout } = await step("The token is dropped", () => tryUp(stack));
    if (code !== 0) {
        problems.push("the next normal run failed");
        say(stdout.slice(-2500));
    }
}

/** As `make recover` does it, with the engine and the backend of this lab. */
async function recoverAsOperator(bench: Bench): Promise<void> {
    const hosts = Object.fromEntries(
        productIds.map((product) => [product, oldHosts(bench.facts)[product]]),
    ) as ReturnType<typeof oldHosts>;
    await recover({
        project: projectFolder,
        pulumi: async (args) => (await pulumi(args, { quiet: true })).stdout,
        stack: bench.stacks.prod.name,
        thaw: () => thaw(hosts, { log: (line) => say(`    ${line}`) }),
        log: (line) => say(`    ${line}`),
    });
}

export function writeFaults(folder: string, rows: FaultRow[]): void {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "faults.json"), `${JSON.stringify(rows, null, 2)}\n`);
}
