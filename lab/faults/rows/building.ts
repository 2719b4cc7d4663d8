// What the rows of an environment that is being built have in common: how a commit stands in the end, and what came of the row.
import { step } from "../../progress";
import { type Commit, readOutputs, type Stack } from "../../rehearse/stack";
import type { Bench } from "../bench/bench";
import { tryUp } from "../bench/trial";
import type { Tried } from "../row";
import { lastWords } from "./moves";

/** The commit stands, and a second `up` has nothing to do. */
export async function stands(bench: Bench, stack: Stack, commit: Commit, problems: string[]): Promise<void> {
    const whole = await step("The same commit, undisturbed", () => tryUp(stack));
    if (whole.code !== 0) {
        problems.push(`the undisturbed up fails: ${lastWords(whole.stdout)}`);
        return;
    }
    const again = await step("A second up changes nothing", () => tryUp(stack, ["--expect-no-changes"]));
    if (again.code !== 0) problems.push("a second up fails or changes something");
    stack.outputs = await readOutputs(stack);
    bench.performed.add(commit.name);
}

/** `began`: when the captures that the row needs had been taken. */
export const outcome = (bench: Bench, began: number, problems: string[]): Tried => {
    const away = bench.client.outages().some(({ from }) => from >= began);
    if (away) problems.push("production was away while another environment was built");
    return { closedBeyondSeconds: 0, outcome: "none", dataIntact: true, problems };
};
