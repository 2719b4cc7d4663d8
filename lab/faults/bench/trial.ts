// One fault in one capture: a capture is begun, something breaks, and afterwards production must be open with all its data, or stay closed
// on purpose as a whole; the capture must be what its fate says, and the next run must succeed.
import type { ProductionContract } from "../../../contract/production";
import { callCloud } from "../../cloud/client";
import { say, step } from "../../progress";
import { pulumi } from "../../project";
import { compareObservations } from "../../rehearse/proofs/compare";
import { oldHosts } from "../../rehearse/proofs/hostFacts";
import { look } from "../../rehearse/proofs/measure";
import { readOutputs, type Stack, up } from "../../rehearse/stack";
import { writeStackFile } from "../../rehearse/stackFile";
import { finalDatabase } from "../../rehearse/values";
import type { RunResult } from "../../run";
import { type Bench, untouched } from "./bench";
import type { Breakage, Mend, Strike } from "../strikes/breakages";
import { describe, isOpen, markers, openByForce, stands, stays } from "./hosts";
import { type Moment, moments, snapshotsOf } from "../strikes/moments";
import { makeRecover } from "./operator";
import type { Fate, Row, Tried } from "../row";

export interface Fault {
    name: string;
    what: string;
    /** About, for the whole row, on two cores. */
    seconds?: number;
    /** Beside the token. */
    capture?: Record<string, unknown>;
    /** Broken before the run begins. */
    before?: Breakage;
    /** Broken in the middle of it. */
    strike?: { at: Moment; with: Strike };
    /** Of `pulumi up`. */
    flags?: string[];
    /** Any of these is right: a strike may come a moment earlier or later. */
    fate: Fate[];
    /** What the run must say. */
    says?: RegExp;
    /** Seconds that production may stay closed beyond a window without fault, or after a strike that ended the run. */
    closedBeyond: number;
    /** What the operator runs before the next `up`; nothing when absent. */
    operator?: "make recover" | "pulumi cancel";
    /** One host may be left closed by the run itself: what the operator does in `also` ends that. */
    mayStandApart?: boolean;
    /** How long production is given to settle before the fault is mended, where it can't look open before that. */
    settlesSeconds?: number;
    /** Looked at when the run has ended and everything was mended; answers what is wrong. */
    also?: (bench: Bench, token: string) => Promise<string[]>;
    /** Of a final capture that is complete: what befalls production while it stays closed. Answers what is wrong, and leaves it open. */
    meanwhile?: (bench: Bench, token: string) => Promise<string[]>;
}

const maxClosedSeconds = 30;
const usualSeconds = 26;
/** It stays, is given up, and its token is dropped. */
const finalSeconds = 24;

export function rowOf(fault: Fault): Row {
    const seconds = fault.seconds ?? (fault.capture?.reopen === false ? finalSeconds : usualSeconds);
    return {
        name: fault.name,
        what: fault.what,
        seconds,
        attempt: (bench, window) => tryFault(bench, fault, window),
    };
}

/** As one of a capture's trial goes on. */
interface Trial {
    bench: Bench;
    fault: Fault;
    token: string;
    capture: Record<string, unknown>;
    problems: string[];
}

async function tryFault(bench: Bench, fault: Fault, window: number): Promise<Tried> {
    const { name: token } = fault;
    const warmUp = fault.before?.warmUp ?? false;
    const capture = { token, reopen: true, warmUp, maxClosedSeconds, drainSeconds: 2, ...fault.capture };
    const trial: Trial = { bench, fault, token, capture, problems: [] };
    const { problems } = trial;
    const { result, began, struck, settledAlone } = await upWithFault(trial);
    if (fault.says && !fault.says.test(`${result.stdout}\n${result.stderr}`)) {
        problems.push(`did not say ${fault.says}`);
        say(result.stdout.slice(-2500));
    }
    const staying = await standsAsOne(trial, settledAlone);
    // A strike that the run survives has the rest of a window without fault after it.
    const since = result.code === 0 ? undefined : struck;
    const closedBeyondSeconds = staying ? 0 : closedBeyond(bench, began, since, window);
    if (closedBeyondSeconds > fault.closedBeyond) problems.push(`closed ${closedBeyondSeconds.toFixed(1)} s beyond`);
    problems.push(...((await fault.also?.(bench, token)) ?? []));
    await operatorsTurn(trial, staying);
    const outcome = await fateOf(trial, staying);
    if (outcome !== "unknown" && !(fault.fate as string[]).includes(outcome))
        problems.push(`the capture is ${outcome}`);
    if (fault.meanwhile && outcome === "complete") problems.push(...(await fault.meanwhile(bench, token)));
    // A void one is refused at each `up`, which opens what stays for it.
    else if (staying && outcome !== "void") await giveUp(trial);
    if (!(await opensWithin(bench, 5))) {
        problems.push("production was left closed; the bench opened it");
        await openByForce(bench);
    }
    const dataIntact = await compareData(bench, token, problems);
    await dropped(bench.stacks.prod, problems);
    return { closedBeyondSeconds, outcome, dataIntact, problems };
}

function writeCapture({ bench, capture }: Trial, change: Record<string, unknown> = {}): void {
    const { file, values } = bench.stacks.prod;
    writeStackFile(file, { ...values, "posit:captures": [{ database: finalDatabase, ...capture, ...change }] });
}

interface Struck {
    result: RunResult;
    /** Milliseconds since 1970. */
    began: number;
    struck?: number;
    /** Production was open, or stayed closed, as a whole while the fault still stood. */
    settledAlone: boolean;
}

async function upWithFault(trial: Trial): Promise<Struck> {
    const { bench, fault, token, problems } = trial;
    const mends: Mend[] = [];
    writeCapture(trial);
    try {
        if (fault.before) mends.push(await fault.before(bench));
        const began = Date.now();
        const striking: { at?: number; done?: Promise<unknown>; over?: boolean } = {};
        const result = await step(`${fault.name}: ${fault.what}`, () =>
            tryUp(bench.stacks.prod, fault.flags, (pid) => {
                const { strike } = fault;
                if (!strike) return;
                striking.done = moments[strike.at](bench, token).then(async () => {
                    if (striking.over) return;
                    striking.at = Date.now();
                    mends.push(await strike.with(bench, pid));
                });
                striking.done.catch(() => undefined); // looked at below
            }),
        );
        if (striking.at === undefined && fault.strike) {
            striking.over = true;
            problems.push("the run ended before the strike");
            say(result.stdout.slice(-2500));
        } else {
            await striking.done;
        }
        return { result, began, struck: striking.at, settledAlone: await settled(trial) };
    } finally {
        for (const mend of mends.reverse()) await mend();
    }
}

/** Failing is an answer here, and one that hangs is ended. */
export function tryUp(
    stack: Stack,
    flags: string[] = [],
    onStart?: (pid: number) => void,
    onLine?: (line: string) => void,
): Promise<RunResult> {
    return up(stack, { mayFail: true, onStart, onLine, timeoutSeconds: 300 }, flags);
}

export const isAway = (bench: Bench): boolean => bench.client.outages().some(({ to }) => to === undefined);

export async function opensWithin(bench: Bench, seconds: number): Promise<boolean> {
    await pause(300); // for the client to notice what just happened
    for (const until = Date.now() + seconds * 1000; isAway(bench) && Date.now() < until;) await pause(100);
    return !isAway(bench);
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Whatever was broken is still broken: production must open by itself, or stay closed as a whole where that is wanted. Whether it did. */
async function settled({ bench, fault, capture }: Trial): Promise<boolean> {
    const opening = Number(capture.maxClosedSeconds) + 60;
    const usual = capture.reopen ? opening : Math.max(fault.closedBeyond, 15) + 15;
    const patience = fault.settlesSeconds ?? (fault.mayStandApart ? 5 : usual);
    // Users may have noticed nothing of hosts that were armed and not closed yet: those have to say that they are open, too. One that can't
    // be asked is asked when its cable is whole again.
    for (const until = Date.now() + patience * 1000; Date.now() < until;) {
        if ((await opensWithin(bench, 2)) && (await openAsFarAsAsked(bench))) return true;
        if (!capture.reopen && (await allStay(bench))) return true;
    }
    return false;
}

const openAsFarAsAsked = async ({ facts }: Bench): Promise<boolean> =>
    (await stands(oldHosts(facts))).every((stand) => isOpen(stand) || stand.side === "unknown");

const allStay = async ({ facts }: Bench): Promise<boolean> => (await stands(oldHosts(facts))).every(stays);

/** Milliseconds in which a host that was told before the strike, and closes only when all were seen open, opens by itself. */
const latecomers = 15_000;

/** Answers whether production stays closed. One product open and another closed is neither, whatever was planned. */
async function standsAsOne({ bench, fault, capture, problems }: Trial, settledAlone: boolean): Promise<boolean> {
    const apart = () => !found.every(stays) && !found.every(isOpen) && !fault.mayStandApart;
    let found = await stands(oldHosts(bench.facts));
    // What did not settle by itself is not waited for: it was mended by now.
    const until = Date.now() + (settledAlone ? latecomers : 0);
    while (apart() && Date.now() < until) {
        await pause(500);
        found = await stands(oldHosts(bench.facts));
    }
    const staying = found.every(stays);
    if (apart()) problems.push(`production is not open: ${found.map(describe).join("; ")}`);
    if (staying && capture.reopen) problems.push("production stays closed although it was to open");
    return staying;
}

async function operatorsTurn({ bench, fault, problems }: Trial, staying: boolean): Promise<void> {
    if (fault.operator === "pulumi cancel") {
        await pulumi(["cancel", "--yes", "--stack", bench.stacks.prod.name], { quiet: true });
    }
    if (fault.operator !== "make recover") return;
    await makeRecover(bench);
    if (staying && !(await allStay(bench))) problems.push("make recover opened what stays closed on purpose");
}

/** After a strike that ended the run, or else longer than a window without fault. */
export function closedBeyond(bench: Bench, began: number, struck: number | undefined, window: number): number {
    const outages = bench.client.outages().filter(({ from }) => from >= began);
    const seconds = outages.map(({ from, to }) => {
        const end = to ?? Date.now();
        return struck === undefined ? (end - from) / 1000 - window : (end - struck) / 1000;
    });
    return Math.max(0, ...seconds);
}

/** What differs for users is a problem of the row. */
export async function compareData(bench: Bench, moment: string, problems: string[]): Promise<boolean> {
    const intact = await sameData(bench, moment);
    if (!intact) problems.push("data or counts differ");
    return intact;
}

async function sameData(bench: Bench, moment: string): Promise<boolean> {
    const after = await look(bench, moment).catch((error: Error) => void say(`  ✗ ${error.message}`));
    if (!after) return false;
    const failed = compareObservations(bench.observed[untouched], after).filter(({ passed }) => !passed);
    for (const { name, before, after: now } of failed)
        say(`  ✗ ${name}: ${JSON.stringify({ before, now }).slice(0, 300)}`);
    return failed.length === 0;
}

/** What a plain `up` makes of the token now. A complete or void one must not get one more snapshot. */
async function fateOf(trial: Trial, staying: boolean): Promise<Tried["outcome"]> {
    const { bench, token, problems, capture } = trial;
    const snapshots = await snapshotsOf(token);
    const began = Date.now();
    const result = await step(`${token}: a plain up`, () => tryUp(bench.stacks.prod));
    const text = `${result.stdout}\n${result.stderr}`;
    const taken = (await snapshotsOf(token)).length - snapshots.length;
    const again = () => {
        if (taken > 0) problems.push(`${taken} more snapshots under a token that was used`);
        if (bench.client.outages().some(({ from }) => from >= began))
            problems.push("production was closed a second time");
    };
    if (result.code !== 0) {
        again();
        if (new RegExp(`capture ${token} is void`).test(text)) return "void";
        problems.push("the plain up failed");
        say(text.slice(-2500));
        return "unknown";
    }
    const manifest = await manifestOf(bench, token);
    if (manifest?.state !== "complete") return manifest?.state === "void" ? "void" : "unknown";
    if (snapshots.length === 0 && taken > 0) {
        // The strike came too early to matter: this `up` took the capture.
        if (!capture.reopen) await giveUp(trial);
        return "none";
    }
    again();
    if (!capture.reopen && manifest.final !== staying) {
        problems.push(
            staying ? "it stays closed and is not final" : "adopted as complete and final, although production opened",
        );
    }
    problems.push(...(await requestedWhileClosed(bench, token)));
    return "complete";
}

export async function manifestOf(
    bench: Bench,
    token: string,
): Promise<ProductionContract["captures"][string] | undefined> {
    return ((await readOutputs(bench.stacks.prod)).contract as ProductionContract | undefined)?.captures[token];
}

/** What is adopted was requested while every host was closed, and is there. All clocks are this machine's. */
async function requestedWhileClosed(bench: Bench, token: string): Promise<string[]> {
    const manifest = await manifestOf(bench, token);
    const hosts = await markers(bench, token);
    const closed = Math.max(...hosts.map(({ frozenAt }) => Date.parse(frozenAt ?? "")));
    const opened = Math.min(
        ...hosts.map(({ thawingAt, openedAt }) => Date.parse(thawingAt ?? openedAt ?? new Date().toISOString())),
    );
    const ids = (manifest?.volumes ?? []).map(({ snapshotId }) => snapshotId);
    if (ids.length !== bench.volumes) return [`the manifest has ${ids.length} snapshots of ${bench.volumes} volumes`];
    const { snapshots } = await callCloud("DescribeSnapshots", { snapshotIds: ids });
    return snapshots.flatMap(({ snapshotId, startTime, state }) => {
        const at = Date.parse(startTime);
        if (state === "error") return [`${snapshotId} of the manifest failed in the cloud`];
        return at >= closed && at <= opened
            ? []
            : [
                  `${snapshotId} of the manifest was requested ${((at - opened) / 1000).toFixed(1)} s after a host opened, ${((at - closed) / 1000).toFixed(1)} s after all were frozen`,
              ];
    });
}

/** As docs/runbook.md says it: `reopen: true` on a final capture. */
async function giveUp(trial: Trial): Promise<void> {
    writeCapture(trial, { reopen: true });
    const { code } = await step(`${trial.token}: given up`, () => tryUp(trial.bench.stacks.prod));
    if (code !== 0) trial.problems.push("giving it up failed");
    if (!(await opensWithin(trial.bench, 15))) trial.problems.push("given up, and production is not open");
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

/** For faults that look for themselves: all of production's hosts, in words. */
export async function standing({ facts }: Bench): Promise<string[]> {
    return (await stands(oldHosts(facts))).map(describe);
}
