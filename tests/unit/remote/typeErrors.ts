// What must not compile where a host script is asked or run: each line that is marked is an error, and a mark without one is an error too
// (`tsc --noEmit`, part of `make test`). Nothing here runs.
import * as pulumi from "@pulumi/pulumi";
import { answerOf, Runner } from "../../../components/runner";
import { ask } from "../../../remote/ask";
import type { HostAddress } from "../../../remote/connection";
import { renderScript } from "../../../remote/script";
import type { AnswerOf, VariablesOf } from "../../../remote/scripts";

declare const target: HostAddress;
declare const runner: Runner;
const product = "connect";

// ---- variables ----

export const variables = [
    renderScript({ script: "record", product, variables: { TOKEN: "t1" } }),
    // @ts-expect-error -- one is missing
    renderScript({ script: "record", product, variables: {} }),
    // @ts-expect-error -- all are missing
    renderScript({ script: "record", product }),
    // @ts-expect-error -- one that it never reads
    renderScript({ script: "record", product, variables: { TOKEN: "t1", SINCE: "" } }),
    // @ts-expect-error -- it is given none
    renderScript({ script: "state", product, variables: { TOKEN: "t1" } }),
    // @ts-expect-error -- no text
    renderScript({ script: "record", product, variables: { TOKEN: ["t1"] } }),
    // @ts-expect-error -- not there
    renderScript({ script: "record", product, variables: { TOKEN: undefined } }),
    // @ts-expect-error -- none of its words
    renderScript({ script: "quarantine", product, variables: { ACTION: "away", TOKEN: "t1" } }),
    renderScript({ script: "serve", product, variables: { ACTION: "health", START_SECONDS: 5 } }),
    // @ts-expect-error -- no such script
    renderScript({ script: "windows", product }),
];

// ---- columns ----

const others = { MEMBERSHIPS: [], TEAMS: [] };
export const columns = [
    renderScript({ script: "accounts", product, variables: { ...others, ACCOUNTS: [{ name: "a", uid: 1, gid: 1 }] } }),
    // @ts-expect-error -- a column is missing
    renderScript({ script: "accounts", product, variables: { ...others, ACCOUNTS: [{ name: "a", uid: 1 }] } }),
    renderScript({
        script: "accounts",
        product,
        // @ts-expect-error -- a column that it never reads
        variables: { ...others, ACCOUNTS: [{ name: "a", uid: 1, gid: 1, shell: "/bin/sh" }] },
    }),
    // @ts-expect-error -- rows, not their JSON
    renderScript({ script: "accounts", product, variables: { ...others, ACCOUNTS: "[]" } }),
    // @ts-expect-error -- fields, not rows
    renderScript({ script: "check", product, variables: { PHASE: "install", START_SECONDS: 5, EXPECTED: [] } }),
];

// ---- of what it is ----

export const whose = [
    renderScript({ script: "hostkey" }),
    // @ts-expect-error -- a host's
    renderScript({ script: "hostkey", product }),
    // @ts-expect-error -- a product's
    renderScript({ script: "state" }),
];

// ---- commands and questions are held to the same ----

export const commands = [
    runner.run("x", { script: "record", product, repeat: "idempotent", variables: { TOKEN: pulumi.output("t1") } }),
    // @ts-expect-error -- one is missing
    runner.run("x", { script: "record", product, repeat: "idempotent", variables: {} }),
    // @ts-expect-error -- one that it never reads
    runner.run("x", { script: "record", product, repeat: "idempotent", variables: { TOKEN: "", SINCE: "" } }),
    // @ts-expect-error -- no text comes of it
    runner.run("x", { script: "record", product, repeat: "idempotent", variables: { TOKEN: pulumi.output(["t1"]) } }),
    // @ts-expect-error -- a product's
    runner.run("x", { script: "start", repeat: "once", variables: { START_SECONDS: 5 } }),
    // @ts-expect-error -- one is missing
    ask(target, { script: "record", product, variables: {} }),
];

// ---- answers ----

export const answers = [
    answerOf(runner.ask("x", { script: "check", product, repeat: "once", variables: {} as VariablesOf<"check"> }))
        .checks,
    // @ts-expect-error -- another script's
    answerOf(runner.ask("x", { script: "check", product, repeat: "once", variables: {} as VariablesOf<"check"> })).side,
    // @ts-expect-error -- what is only done answers nothing
    answerOf(runner.run("x", { script: "rebuild", product, repeat: "once" })),
];
// @ts-expect-error -- of another script
export const answer: Promise<AnswerOf<"reopen">> = ask(target, { script: "state", product });
