// The old side after the cutover: whatever could revive it is tried (a reboot, the thaw command), and users must not notice.
import { thaw } from "../../recovery/thaw";
import { say, step } from "../progress";
import { acceptMigration, finalCapture, finalRestore, firstRestore, install, serveNew } from "../rehearse/commits";
import { settle } from "../rehearse/afterwards";
import { oldHosts } from "../rehearse/hostFacts";
import { oldUnits, rebootOldHosts } from "../rehearse/oldAndNew";
import { type Commit, perform } from "../rehearse/stack";
import type { Bench } from "./bench";
import { closedBeyond, compareData, type FaultRow, tryUp } from "./trial";

/** Straight to the cutover: the final capture's restore is the first one, and is accepted while users wait. */
const restoreFinal: Commit = {
    ...firstRestore,
    changes: (rehearsal) => ({ ...firstRestore.changes(rehearsal), ...finalRestore.changes(rehearsal) }),
};

export async function oldHostsAfterServe(bench: Bench): Promise<FaultRow> {
    const fault = "old-hosts-after-serve";
    const problems: string[] = [];
    for (const commit of [install, finalCapture, restoreFinal, acceptMigration, serveNew]) {
        await perform(bench, { ...commit, proof: "nothing" });
    }
    await settle(bench, "new");
    const served = Date.now();
    await rebootOldHosts(bench);
    problems.push(...(await aliveAfter(bench, "the reboot")));
    const status = await step("make thaw, without saying that even a retired side is meant", () =>
        thaw(oldHosts(bench.facts), { log: (line) => say(`    ${line}`) }),
    );
    if (status === 0) problems.push("make thaw says that the old side is open");
    problems.push(...(await aliveAfter(bench, "make thaw")));
    const dataIntact = await compareData(bench, fault);
    if (!dataIntact) problems.push("data or counts differ");
    if ((await tryUp(bench.stacks.prod)).code !== 0) problems.push("the next normal run failed");
    return {
        fault,
        what: "old hosts are rebooted after `serve`, and `make thaw` is called",
        closedBeyondSeconds: closedBeyond(bench, served, undefined, 0),
        capture: "complete",
        dataIntact,
        passed: problems.length === 0,
        problems,
    };
}

async function aliveAfter(bench: Bench, what: string): Promise<string[]> {
    const { alive } = await oldUnits(bench);
    return alive.map((unit) => `after ${what} the old side runs again: ${unit}`);
}
