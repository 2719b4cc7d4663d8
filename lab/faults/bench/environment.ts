// The new environment of the bench: installed, migrated and served once. From then on rows follow each other back and forth on the same
// two sides, with the overrides that such play needs.
import { settle } from "../../rehearse/proofs/afterwards";
import {
    acceptMigration,
    finalCapture,
    finalRestore,
    firstCapture,
    firstRestore,
    install,
    serveNew,
    tokens,
} from "../../rehearse/commits";
import { type HostsOf, newHosts, oldHosts } from "../../rehearse/proofs/hostFacts";
import { type Commit, perform, type Stack } from "../../rehearse/stack";
import { writeStackFile } from "../../rehearse/stackFile";
import { finalDatabase } from "../../rehearse/values";
import type { RunResult } from "../../run";
import type { Bench } from "./bench";
import type { SideName } from "../row";
import { tryUp } from "./trial";

export interface Environment {
    hosts: Record<SideName, HostsOf>;
    /** What the production stack publishes as serving. */
    keys: Record<SideName, string>;
    /** Of the undisturbed move forward. */
    moveSeconds: number;
    /** The side that a row has proved to serve as it should, with nothing done since. */
    proved?: SideName;
}

/** A restore that is struck is the first one, or takes the environment to another capture: a rehearsal's comes before it. */
const rehearsalCapture: Commit = {
    ...firstCapture,
    changes: () => ({ "posit:captures": [{ token: tokens.rehearsal, reopen: true, database: finalDatabase }] }),
};

/** Straight to the cutover where no rehearsal was restored: the final capture's restore is accepted while users wait. */
export const restoreFinal: Commit = {
    ...finalRestore,
    changes: (rehearsal) => ({
        // The receipt of an installation is accepted once.
        ...(rehearsal.stacks.staging.values["posit:phase"] !== "migrate" && firstRestore.changes(rehearsal)),
        ...finalRestore.changes(rehearsal),
    }),
};

const overrides = ["final", "serve.window", "serve.back"].map((gate) => ({
    gate,
    reason: "The fault bench moves back and forth, and nobody works there.",
}));

/** Seconds that it takes, for the estimate; the last of them where rows have restored the final capture. */
export const environmentSeconds = { whole: 180, last: 55 };

/** Leaves the new side serving. */
export function environmentOf(bench: Bench): Promise<Environment> {
    bench.environment ??= build(bench).catch((error: Error) => {
        bench.environment = undefined; // the next row tries again, from where this one came to
        throw error;
    });
    return bench.environment;
}

const straight = [install, finalCapture, restoreFinal, acceptMigration];
const rehearsed = [install, rehearsalCapture, firstRestore, finalCapture, restoreFinal];

async function performOnce(bench: Bench, commit: Commit): Promise<void> {
    if (bench.performed.has(commit.name)) return;
    await perform(bench, { ...commit, proof: "nothing" });
    bench.performed.add(commit.name);
}

/** What comes before `commit` is performed, and the stack file says that one. */
export async function comeTo(bench: Bench, commit: Commit): Promise<Stack> {
    if (bench.performed.has(commit.name) || bench.performed.has(restoreFinal.name)) {
        throw new Error(`the bench has performed "${commit.title.trim()}" already, so nothing can strike it`);
    }
    for (const before of rehearsed.slice(0, rehearsed.indexOf(commit))) await performOnce(bench, before);
    const stack = bench.stacks[commit.stack];
    stack.values = { ...stack.values, ...commit.changes(bench) };
    writeStackFile(stack.file, stack.values);
    return stack;
}

async function build(bench: Bench): Promise<Environment> {
    for (const commit of straight) await performOnce(bench, commit);
    const { seconds } = await perform(bench, { ...serveNew, proof: "nothing" });
    await settle(bench, "new");
    const { prod } = bench.stacks;
    prod.values = { ...prod.values, "posit:overrides": overrides };
    const { serving } = prod.outputs.contract as { serving: { side: string } };
    return {
        hosts: { old: oldHosts(bench.facts), new: newHosts(bench, bench.facts.sshPrivateKey) },
        keys: { old: "listed", new: serving.side },
        moveSeconds: seconds,
    };
}

/** The commit that says which side serves. */
export function say(bench: Bench, side: SideName): void {
    const { prod } = bench.stacks;
    prod.values = { ...prod.values, "posit:serve": side === "new" ? { stack: "staging" } : "current" };
    writeStackFile(prod.file, prod.values);
}

export function move(
    bench: Bench,
    side: SideName,
    onStart?: (pid: number) => void,
    onLine?: (line: string) => void,
): Promise<RunResult> {
    say(bench, side);
    return tryUp(bench.stacks.prod, [], onStart, onLine);
}
