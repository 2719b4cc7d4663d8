// The commits of the procedure, as data: which stack, which keys, what is proved afterwards.
import type { Commit } from "./stack";
import { finalDatabase, productionValues, rehearsedDatabase, stagingValues } from "./values";
import type { Rehearsal } from "./rehearsal";

export const tokens = {
    rehearsal: "rehearsal-a",
    final: "final-b",
    again: "final-c",
    next: "next-d",
    lost: "lost-x",
    givenUp: "final-x",
};

export const describeProduction: Commit = {
    name: "inventory",
    title: "Describe production",
    stack: "prod",
    changes: ({ facts, options }) => productionValues(facts, options.external),
    proof: "refresh",
};

export const install: Commit = {
    name: "install",
    title: "1. Install the new environment",
    stack: "staging",
    changes: (rehearsal) => stagingValues(rehearsal),
    proof: "refresh",
};

/** After a `destroy`: as on the first day, whatever the stack had become. */
export const installAfresh: Commit = {
    name: "install-afresh",
    title: "   Install it again",
    stack: "staging",
    changes: (rehearsal) => ({ ...stagingValues(rehearsal), "posit:restore": undefined, "posit:accepted": undefined }),
    proof: "preview",
};

const rehearsalCapture = {
    token: tokens.rehearsal,
    reopen: true,
    ...(rehearsedDatabase !== undefined && { database: rehearsedDatabase }),
};

export const firstCapture: Commit = {
    name: "first-capture",
    title: "2. A capture that opens again",
    stack: "prod",
    changes: () => ({ "posit:captures": [rehearsalCapture] }),
    proof: "refresh",
};

/** Taken to be lost: its token comes and goes again. */
export const lostCapture: Commit = {
    name: "lost-capture",
    title: "   A capture that will lose a snapshot",
    stack: "prod",
    changes: ({ stacks }) => ({
        "posit:captures": [...captures(stacks.prod.values), { token: tokens.lost, reopen: true }],
    }),
    proof: "nothing",
};

export const lostCaptureDropped: Commit = {
    name: "lost-capture-dropped",
    title: "   The lost capture is dropped",
    stack: "prod",
    changes: () => ({ "posit:captures": [rehearsalCapture] }),
    proof: "preview",
};

export const firstRestore: Commit = {
    name: "first-restore",
    title: "3. Restore it into the new environment",
    stack: "staging",
    changes: (rehearsal) => ({
        "posit:phase": "migrate",
        "posit:restore": tokens.rehearsal,
        "posit:accepted": { install: receipt(rehearsal, "installReceipt") },
    }),
    proof: "refresh",
};

/** Nobody waits while a person reads the receipt: its acceptance is a commit of its own, before the cutover. */
export const acceptMigration: Commit = {
    name: "accept-migration",
    title: "   Accept the migration receipt",
    stack: "staging",
    changes: (rehearsal) => ({
        "posit:accepted": {
            ...(rehearsal.stacks.staging.values["posit:accepted"] as object),
            migrate: receipt(rehearsal, "migrationReceipt"),
        },
    }),
    proof: "preview",
};

/** A cutover that begins and is given up. */
export const falseStart: Commit = {
    name: "false-start",
    title: "   A final capture that is given up",
    stack: "prod",
    changes: ({ stacks }) => ({
        "posit:captures": [
            ...captures(stacks.prod.values),
            { token: tokens.givenUp, reopen: false, database: finalDatabase },
        ],
    }),
    proof: "nothing",
};

export const giveUp: Commit = {
    name: "give-up",
    title: "   Production opens again",
    stack: "prod",
    changes: ({ stacks }) => ({
        "posit:captures": captures(stacks.prod.values).map((capture) => ({ ...capture, reopen: true })),
    }),
    proof: "preview",
};

/** While everything serves: the restore of what is dumped need not wait for a server then. */
export const prepareServer: Commit = {
    name: "prepare-server",
    title: "   A server for the final capture's dumps",
    stack: "staging",
    changes: () => ({ "posit:prepare": tokens.final }),
    proof: "refresh",
};

export const finalCapture: Commit = {
    name: "final-capture",
    title: "4. The final capture: production stays closed",
    stack: "prod",
    changes: ({ stacks }) => ({
        "posit:captures": [
            ...captures(stacks.prod.values),
            { token: tokens.final, reopen: false, database: finalDatabase },
        ],
    }),
    proof: "nothing",
};

export const finalRestore: Commit = {
    name: "final-restore",
    title: "5. Restore the final capture",
    stack: "staging",
    // From here on the server is the restore's own.
    changes: () => ({ "posit:restore": tokens.final, "posit:prepare": undefined }),
    proof: "nothing",
};

export const serveNew: Commit = {
    name: "serve",
    title: "6. Serve from the new environment",
    stack: "prod",
    changes: () => ({ "posit:serve": { stack: "staging" } }),
    proof: "nothing",
};

function captures(values: Record<string, unknown>): object[] {
    return (values["posit:captures"] as object[] | undefined) ?? [];
}

function receipt(rehearsal: Rehearsal, name: "installReceipt" | "migrationReceipt"): string {
    const digest = rehearsal.stacks.staging.outputs[name];
    if (typeof digest !== "string") throw new Error(`The staging stack has no ${name} to accept.`);
    return digest;
}
