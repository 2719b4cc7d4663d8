// The new environment of the bench: installed, migrated and served once. From then on rows follow each other back and forth on the same
// two sides, with the overrides that such play needs.
import { settle } from "../../rehearse/proofs/afterwards";
import { acceptMigration, finalCapture, finalRestore, firstRestore, install, serveNew } from "../../rehearse/commits";
import { type HostsOf, newHosts, oldHosts } from "../../rehearse/proofs/hostFacts";
import { type Commit, perform } from "../../rehearse/stack";
import { writeStackFile } from "../../rehearse/stackFile";
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

/** Straight to the cutover: the final capture's restore is the first one, and is accepted while users wait. */
export const restoreFinal: Commit = {
    ...firstRestore,
    changes: (rehearsal) => ({ ...firstRestore.changes(rehearsal), ...finalRestore.changes(rehearsal) }),
};

const overrides = ["final", "serve.window", "serve.back"].map((gate) => ({
    gate,
    reason: "The fault bench moves back and forth, and nobody works there.",
}));

/** Seconds that it takes, for the estimate. */
export const environmentSeconds = 180;

/** Leaves the new side serving. */
export function environmentOf(bench: Bench): Promise<Environment> {
    bench.environment ??= build(bench).catch((error: Error) => {
        bench.environment = undefined; // the next row tries again, from where this one came to
        throw error;
    });
    return bench.environment;
}

const commits = [install, finalCapture, restoreFinal, acceptMigration];

async function build(bench: Bench): Promise<Environment> {
    while (bench.prepared < commits.length) {
        await perform(bench, { ...commits[bench.prepared], proof: "nothing" });
        bench.prepared += 1;
    }
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
