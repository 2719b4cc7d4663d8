// A capture that opens again, and how long users and hosts say that it was closed.
import type { ProductionContract } from "../../../contract/production";
import { downtimeWithin } from "../report/downtime";
import type { Rehearsal } from "../rehearsal";
import { type Commit, perform } from "../stack";

export async function measureWindow(rehearsal: Rehearsal, commit: Commit, token: string): Promise<void> {
    const from = Date.now();
    await perform(rehearsal, commit);
    const span = { from, to: Date.now() };
    rehearsal.recorder.report.closedSeconds[token] = downtimeWithin(rehearsal.client.outages(), span);
}

/** As production publishes it. */
export function recordPhases({ recorder, stacks }: Rehearsal, token: string): void {
    const { captures } = stacks.prod.outputs.contract as ProductionContract;
    recorder.report.windowPhases[token] = captures[token]?.phases ?? {};
}
