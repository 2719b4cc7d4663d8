// One mistake, made on purpose: `pulumi up` must refuse it in words that say what to do, production must not notice, and once
// the mistake is taken back everything goes on.
import { say, step } from "../../progress";
import { stackFilePath } from "../../project";
import type { RunResult } from "../../run";
import { canonical } from "../proofs/compare";
import { oldHosts, unitStates } from "../proofs/hostFacts";
import type { Mistake } from "./mistakes";
import type { Rehearsal } from "../rehearsal";
import { readOutputs, setSecrets, type Stack, up } from "../stack";
import { readStackFile, writeStackFile } from "../stackFile";

export async function tryMistake(rehearsal: Rehearsal, mistake: Mistake): Promise<void> {
    const { recorder, client } = rehearsal;
    const stack = rehearsal.stacks[mistake.stack];
    const since = Date.now();
    const result = await upWith(rehearsal, stack, mistake);
    const text = `${result.stdout}\n${result.stderr}`;
    const unsaid = mistake.says.filter((words) => !words.test(text));
    recorder.check(`Mistake: ${mistake.name} is refused, with what to do`, result.code !== 0 && unsaid.length === 0, {
        before: mistake.says.map(String),
        after: unsaid.length > 0 ? text.slice(text.indexOf("Diagnostics:")).slice(0, 1500) : result.code,
    });
    if (mistake.mendedByUp) {
        await step(`Mistake taken back: ${mistake.name}`, () => up(stack));
        const outputs = await readOutputs(stack);
        recorder.check(
            `Mistake: ${mistake.name} leaves nothing behind once it is taken back`,
            canonical(withoutCounts(outputs)) === canonical(withoutCounts(stack.outputs)),
        );
    }
    const outages = client.outages().filter((outage) => outage.from >= since);
    const asleep = (await unitStates(oldHosts(rehearsal.facts))).filter((line) => !/ active /.test(line));
    recorder.check(`Mistake: ${mistake.name} leaves production serving`, outages.length === 0 && asleep.length === 0, {
        before: [],
        after: [...outages, ...asleep],
    });
}

/** Users go on working; a commit that makes the inventory read again counts what they did. */
function withoutCounts(outputs: Record<string, unknown>): unknown {
    return JSON.parse(JSON.stringify(outputs, (key, value: unknown) => (key === "counts" ? undefined : value)));
}

async function upWith(rehearsal: Rehearsal, stack: Stack, mistake: Mistake): Promise<RunResult> {
    const file = stack.file;
    const changes = mistake.changes(rehearsal);
    const mend = await mistake.break?.(rehearsal);
    try {
        if (mistake.secrets) {
            await setSecrets(stack.name, mistake.secrets(rehearsal));
            writeStackFile(readStackFile(stackFilePath(stack.name)), { ...stack.values, ...changes });
        } else {
            writeStackFile(file, { ...stack.values, ...changes });
        }
        say(`    ${mistake.name}: ${Object.keys(changes).join(", ")}`);
        return await step(`Mistake: ${mistake.name}`, () => up(stack, { mayFail: true }));
    } finally {
        writeStackFile(file, stack.values);
        await mend?.();
    }
}
