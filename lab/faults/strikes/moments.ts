// Moments of a closed window, as seen from outside: what a host has noted on its disk, what the cloud shows.
import { callCloud } from "../../cloud/client";
import { hostScript } from "../../hostScript";
import { captureTagNames } from "../../../logic/names";
import { productIds, type ProductId } from "../../../products/ids";
import { oldHosts } from "../../rehearse/proofs/hostFacts";
import { onHost } from "../../ssh";
import type { Bench } from "../bench/bench";

export const moments = {
    "before the freeze": (bench: Bench) => hostState(bench, "connect", "armed|draining|drained"),
    "after the first freeze": (bench: Bench) => hostState(bench, "connect", "frozen"),
    "after the last freeze": (bench: Bench) => hostState(bench, "packageManager", "frozen"),
    "while snapshots are requested": (_bench: Bench, token: string) => snapshotsVisible(token, 1),
    "after the requests, before the thaw": (bench: Bench, token: string) => snapshotsVisible(token, bench.volumes),
    "when it is open again, with its snapshots pending": async (bench: Bench, token: string) => {
        await snapshotsVisible(token, bench.volumes);
        await until(
            () => bench.client.outages().length > 0 && bench.client.outages().every(({ to }) => to !== undefined),
        );
        // Somebody's last product may be noticed late.
        await pause(1000);
    },
    "when Workbench stays, before it says so": (bench: Bench) => hostState(bench, "workbench", "staying"),
    "when it stays": (bench: Bench) => Promise.all(productIds.map((product) => hostState(bench, product, "staying"))),
} as const;

export type Moment = keyof typeof moments;

async function hostState({ facts }: Bench, product: ProductId, states: string): Promise<void> {
    await onHost(oldHosts(facts)[product], hostScript(["faults/strikes/scripts/awaitState"], { STATES: states }));
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(condition: () => boolean): Promise<void> {
    for (const end = Date.now() + 60_000; !condition(); await pause(50)) {
        if (Date.now() > end) throw new Error("production never opened again");
    }
}

async function snapshotsVisible(token: string, count: number): Promise<void> {
    for (const until = Date.now() + 60_000; (await snapshotsOf(token)).length < count;) {
        if (Date.now() > until) throw new Error(`${count} snapshots of ${token} never became visible.`);
        await pause(20);
    }
}

/** Ids of the volume snapshots that carry the token. */
export async function snapshotsOf(token: string): Promise<string[]> {
    const filters = [{ name: `tag:${captureTagNames.token}`, values: [token] }];
    const { snapshots } = await callCloud("DescribeSnapshots", { filters });
    return snapshots.map(({ snapshotId }) => snapshotId).sort();
}
