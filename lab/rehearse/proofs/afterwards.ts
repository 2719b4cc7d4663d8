// After the cutover: the old side stays retired through a reboot, the way back works, a harmless edit changes just that,
// and a next upgrade's first capture works on what now serves.
import { step } from "../../progress";
import { tokens } from "../commits";
import { checkLed } from "../externalNames";
import { type HostsOf, oldHosts } from "./hostFacts";
import { checkSame, look } from "./measure";
import { checkRetired, checkSchedulesRun, rebootNewHosts, rebootOldHosts } from "./oldAndNew";
import type { Rehearsal } from "../rehearsal";
import { type Commit, perform } from "../stack";

const harmlessEdits: Commit[] = [
    {
        name: "edit-staging",
        title: "A harmless edit of the environment",
        stack: "staging",
        changes: ({ stacks }) => ({
            "posit:network": {
                ...(stacks.staging.values["posit:network"] as object),
                userCidrs: [
                    ...(stacks.staging.values["posit:network"] as { userCidrs: string[] }).userCidrs,
                    "10.1.1.0/24",
                ],
            },
        }),
        proof: "preview",
    },
    {
        name: "edit-production",
        title: "A harmless edit of production",
        stack: "prod",
        changes: ({ stacks, options }) => ({
            "posit:entryPoints": {
                ...(stacks.prod.values["posit:entryPoints"] as object),
                ...(options.external ? { patienceMinutes: 11 } : { ttl: 6 }),
            },
        }),
        proof: "preview",
    },
];

const nextCapture: Commit = {
    name: "next-capture",
    title: "The next upgrade's first capture",
    stack: "prod",
    changes: ({ stacks }) => ({
        "posit:current": { stack: "staging" },
        "posit:serve": "current",
        "posit:captures": [...(stacks.prod.values["posit:captures"] as object[]), { token: tokens.next, reopen: true }],
    }),
    proof: "preview",
};

const revert: Commit = {
    name: "revert",
    title: "Back to the old side",
    stack: "prod",
    changes: () => ({
        "posit:serve": "current",
        "posit:overrides": [{ gate: "serve.back", reason: "The rehearsal proves that the way back works." }],
    }),
    proof: "preview",
};

const serveAgain: Commit = {
    name: "serve-again",
    title: "Forward again",
    stack: "prod",
    changes: () => ({
        "posit:serve": { stack: "staging" },
        // The old side was opened by the revert: what stands there is a rehearsal's capture, and its window is over.
        "posit:overrides": ["final", "serve.window"].map((gate) => ({
            gate,
            reason: "The rehearsal goes forward again and loses nothing.",
        })),
    }),
    proof: "refresh",
};

export async function afterwards(rehearsal: Rehearsal, fresh: HostsOf): Promise<void> {
    await rebootOldHosts(rehearsal);
    await checkRetired(rehearsal, "after its hosts were rebooted");
    await checkSchedulesRun(rehearsal, fresh);

    await perform(rehearsal, revert);
    await settle(rehearsal, "old");
    await checkLed(rehearsal, revert.name, oldHosts(rehearsal.facts));
    await look(rehearsal, "after the revert");
    checkSame(rehearsal, "Reverted", "before the final capture", "after the revert");
    await perform(rehearsal, serveAgain);
    await settle(rehearsal, "new");
    await checkLed(rehearsal, serveAgain.name, fresh);
    await look(rehearsal, "served again");
    checkSame(rehearsal, "Served again", "after the cutover", "served again");
    await checkRetired(rehearsal, "after serving again");

    await rebootNewHosts(rehearsal, fresh);
    await settle(rehearsal, "new");
    await look(rehearsal, "new hosts rebooted");
    checkSame(rehearsal, "New hosts rebooted", "served again", "new hosts rebooted");

    await Promise.all(harmlessEdits.map((edit) => perform(rehearsal, edit)));
    await perform(rehearsal, nextCapture);
}

/** Until every name is answered, and the last outage is over. */
export async function settle(rehearsal: Rehearsal, side: "old" | "new"): Promise<void> {
    await step(`Waiting until the ${side} side answers under every name`, async () => {
        const until = Date.now() + 60_000;
        // A client may keep the name's former address for as long as its TTL says.
        await new Promise((resolve) => setTimeout(resolve, 7000));
        while (rehearsal.client.outages().some((outage) => outage.to === undefined) && Date.now() < until) {
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    });
}
