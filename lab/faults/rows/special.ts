// Faults that are no single strike in one run: two runs at once, and a state that is older than the capture.
import { step } from "../../progress";
import { pulumi } from "../../project";
import { exportState } from "../../rehearse/stack";
import { writeStackFile } from "../../rehearse/stackFile";
import type { Bench } from "../bench/bench";
import { moments, snapshotsOf } from "../strikes/moments";
import type { Row, Tried } from "../row";
import { closedBeyond, compareData, manifestOf, tryUp } from "../bench/trial";

async function twoAtOnce(bench: Bench, window: number): Promise<Tried> {
    const stack = bench.stacks.prod;
    const token = "two-at-once";
    const began = Date.now();
    writeStackFile(stack.file, { ...stack.values, "posit:captures": [{ token, reopen: true }] });
    const problems: string[] = [];
    await step("Two runs at the same time", async () => {
        const first = tryUp(stack);
        await moments["before the freeze"](bench);
        const second = await tryUp(stack);
        if (second.code === 0) problems.push("the second run was let in");
        if ((await first).code !== 0) problems.push("the first run failed");
    });
    return finish(bench, {
        token,
        began,
        window,
        problems,
        snapshots: bench.volumes,
    });
}

async function stateOlderThanCapture(bench: Bench, window: number): Promise<Tried> {
    const stack = bench.stacks.prod;
    const token = "older-state";
    const began = Date.now();
    const before = await exportState(stack);
    writeStackFile(stack.file, { ...stack.values, "posit:captures": [{ token, reopen: true }] });
    const problems: string[] = [];
    await step("A capture, and its state lost", async () => {
        if ((await tryUp(stack)).code !== 0) problems.push("the capture failed");
        await pulumi(["stack", "import", "--stack", stack.name], { input: before, quiet: true });
    });
    return finish(bench, {
        token,
        began,
        window,
        problems,
        snapshots: bench.volumes,
    });
}

interface Special {
    token: string;
    began: number;
    window: number;
    problems: string[];
    snapshots: number;
}

/** A plain `up` must find the capture complete, with not one more snapshot. */
async function finish(bench: Bench, { token, began, window, problems, snapshots }: Special): Promise<Tried> {
    const stack = bench.stacks.prod;
    const beyond = closedBeyond(bench, began, undefined, window);
    const dataIntact = await compareData(bench, token, problems);
    if ((await tryUp(stack)).code !== 0) problems.push("the plain up failed");
    const state = (await manifestOf(bench, token))?.state;
    if (state !== "complete") problems.push(`the capture is ${state}`);
    if ((await snapshotsOf(token)).length !== snapshots) problems.push("snapshots were taken again");
    writeStackFile(stack.file, stack.values);
    if ((await tryUp(stack)).code !== 0) problems.push("the next normal run failed");
    const outcome = state === "complete" || state === "void" ? state : "unknown";
    return { closedBeyondSeconds: beyond, outcome, dataIntact, problems };
}

export const specialRows: Row[] = [
    { name: "two-at-once", what: "two `up` at the same time", seconds: 40, attempt: twoAtOnce },
    {
        name: "older-state",
        what: "the state file is restored to before the capture",
        seconds: 45,
        attempt: stateOlderThanCapture,
    },
];
