// One stack as its operator works with it: edit the file, `pulumi up`, look at the outputs.
import { say, step } from "../progress";
import { pulumi, type PulumiOptions, stackFilePath } from "../project";
import type { RunResult } from "../run";
import { personAtTheZone } from "./externalNames";
import { canonical } from "./proofs/compare";
import type { Rehearsal } from "./rehearsal";
import type { StepReport } from "./report/reportTypes";
import { keepState } from "./states";
import { changedKeys, type ConfigValues, readStackFile, type StackFile, writeStackFile } from "./stackFile";

export type StackName = "staging" | "prod";

export interface Stack {
    name: StackName;
    file: StackFile;
    values: ConfigValues;
    outputs: Record<string, unknown>;
}

/** A new stack whose secrets the engine has encrypted; all else is written by the commits. */
export async function createStack(name: StackName, secrets: object): Promise<Stack> {
    await pulumi(["stack", "init", name]);
    await setSecrets(name, secrets);
    return { name, file: readStackFile(stackFilePath(name)), values: {}, outputs: {} };
}

export async function setSecrets(name: StackName, secrets: object): Promise<void> {
    await pulumi(["config", "set", "--stack", name, "--secret", "posit:secrets"], { input: JSON.stringify(secrets) });
}

export interface Commit {
    name: string;
    title: string;
    stack: StackName;
    /** The keys that the commit changes; undefined takes a key away. */
    changes(rehearsal: Rehearsal): ConfigValues;
    /** What is proved after the `up`; nothing while users wait. */
    proof: "nothing" | "preview" | "refresh";
}

export async function perform(rehearsal: Rehearsal, commit: Commit): Promise<StepReport> {
    const stack = rehearsal.stacks[commit.stack];
    const values = { ...stack.values, ...commit.changes(rehearsal) };
    const report: StepReport = {
        name: commit.name,
        title: commit.title,
        stack: stack.name,
        commit: changedKeys(stack.values, values),
        startedAt: new Date().toISOString(),
        seconds: 0,
    };
    rehearsal.recorder.report.steps.push(report);
    rehearsal.recorder.note("operator", `${commit.title}: pulumi up`);
    for (const line of report.commit) say(`    ${line.slice(0, 150)}`);
    stack.values = values;
    writeStackFile(stack.file, values);
    const person = rehearsal.options.external ? personAtTheZone(rehearsal.facts.zoneId) : undefined;
    const started = Date.now();
    try {
        await step(`${commit.title}: pulumi up (${stack.name})`, (progress) => {
            const show = lastLine(progress);
            return up(stack, {
                onLine: (line) => {
                    show(line);
                    person?.hear(line);
                },
            });
        });
    } finally {
        report.seconds = (Date.now() - started) / 1000;
    }
    if (person) rehearsal.led = { ...rehearsal.led, [commit.name]: { changes: person.changes, endedAt: Date.now() } };
    await person?.finished();
    keepState(commit.name, stack.name);
    stack.outputs = await readOutputs(stack);
    if (commit.proof !== "nothing") await prove(rehearsal, report, commit.proof === "refresh");
    return report;
}

/** A plain `pulumi up`, as an operator runs it after reading the preview. */
export function up(stack: Stack, options: PulumiOptions = {}, flags: string[] = []): Promise<RunResult> {
    return pulumi(["up", "--yes", "--skip-preview", "--stack", stack.name, ...flags], options);
}

/** Shows the newest line that says something. */
function lastLine(progress: (text: string) => void): (line: string) => void {
    let last = "";
    return (line) => {
        if (line.trim() !== "") last = line.trim().slice(0, 120);
        progress(last);
    };
}

export async function readOutputs(stack: Stack): Promise<Record<string, unknown>> {
    const { stdout } = await pulumi(["stack", "output", "--json", "--show-secrets", "--stack", stack.name], {
        quiet: true,
    });
    return JSON.parse(stdout) as Record<string, unknown>;
}

/** As anyone with access to the backend could read it. */
export async function exportState(stack: Stack): Promise<string> {
    return (await pulumi(["stack", "export", "--stack", stack.name], { quiet: true })).stdout;
}

/**
 * Nothing to do: the preview says so; after a refresh a second `up` says so too; and the outputs, which the preview's flag
 * overlooks, are what they were.
 */
export async function prove(rehearsal: Rehearsal, report: StepReport, refresh: boolean): Promise<void> {
    const stack = rehearsal.stacks[report.stack as StackName];
    const problems: string[] = [];
    const timed = async (what: string, args: string[]): Promise<number> => {
        const started = Date.now();
        await step(`${report.title}: ${what}`, () => pulumi([...args, "--stack", stack.name])).catch((error: Error) =>
            problems.push(`${what}: ${error.message}`),
        );
        return (Date.now() - started) / 1000;
    };
    if (refresh) {
        report.refreshSeconds = await timed("refresh", ["refresh", "--yes", "--skip-preview"]);
        report.secondUpSeconds = await timed("a second up", ["up", "--yes", "--skip-preview", "--expect-no-changes"]);
    }
    report.previewSeconds = await timed("preview", ["preview", "--expect-no-changes"]);
    const changed = changedOutputs(stack.outputs, await readOutputs(stack));
    if (changed.length > 0) problems.push(`outputs changed: ${changed.join(", ")}`);
    report.noChanges = problems.length === 0;
    rehearsal.recorder.check(
        `${report.title}: no changes afterwards${refresh ? ", also after a refresh" : ""}, outputs included`,
        report.noChanges,
        problems.length === 0 ? {} : { after: problems },
    );
}

/** Names only: outputs may be secret. Backups are what was seen of an environment that serves, and it may have begun to meanwhile. */
export function changedOutputs(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
        (key) => lasting(before[key]) !== lasting(after[key]),
    );
}

function lasting(output: unknown): string {
    return canonical(
        JSON.parse(JSON.stringify(output ?? null, (key, value: unknown) => (key === "backups" ? undefined : value))),
    );
}
