// The present program takes over what an earlier one has made: both previews are looked at before anything is done, then both stacks are brought up,
// and nothing must be left to do, nothing be lost, and no user notice.
import * as fs from "node:fs";
import * as path from "node:path";
import type { EnvironmentOutputs } from "../../../contract/environment";
import { checkout } from "../../paths";
import { say, step } from "../../progress";
import { prepareProject, pulumi, stackFilePath } from "../../project";
import * as now from "../commits";
import { canonical } from "../proofs/compare";
import type { Rehearsal } from "../rehearsal";
import { type Commit, exportState, perform, prove, setSecrets, type Stack, type StackName } from "../stack";
import { type ConfigValues, readStackFile, writeStackFile } from "../stackFile";
import { commitNames, type EarlierLab } from "./lab";
import { forbidden, lostInState, plannedChanges, type Preview } from "./plan";
import { added, changedPlaces, changesBetween, otherReceipts, untold } from "./told";

/** Production first: its contract is what the environment's next restore reads. */
const order: StackName[] = ["prod", "staging"];

interface Planned {
    values: ConfigValues;
    preview: Preview;
    /** The places of the stack file that had to be written otherwise. */
    places: string[];
    /** What the program said to the earlier stack file, where it did not take it. */
    refused?: string;
}

export async function takeOver(rehearsal: Rehearsal, earlier: EarlierLab): Promise<void> {
    const { recorder, client } = rehearsal;
    const since = Date.now();
    recorder.report.plugins = await prepareProject();
    const told = added(...([earlier.folder, checkout].map(changelog) as [string, string]));
    const planned: Partial<Record<StackName, Planned>> = {};
    for (const name of order) planned[name] = await plan(rehearsal, rehearsal.stacks[name], told);
    const reports = [];
    for (const name of order) reports.push(await bringUp(rehearsal, rehearsal.stacks[name], planned[name]));
    await Promise.all(reports.map((report) => prove(rehearsal, report, true)));
    const outages = client.outages().filter(({ from }) => from >= since);
    recorder.check("No product was away while the present program took over", outages.length === 0, {
        before: [],
        after: outages,
    });
    await acceptAgain(rehearsal, told);
}

const changelog = (folder: string): string => fs.readFileSync(path.join(folder, "CHANGELOG.md"), "utf8");

/** With the stack file as it is; where the present program does not take that, with the one that its own lab writes. */
async function plan(rehearsal: Rehearsal, stack: Stack, told: string): Promise<Planned> {
    const { report, check } = rehearsal.recorder;
    let planned: Planned = { values: stack.values, places: [], ...(await preview(stack)) };
    if (planned.refused !== undefined) {
        const { refused } = planned;
        say(`    ${stack.name}: the present program does not take the earlier stack file: ${refused.slice(0, 600)}`);
        const values = presentValues(rehearsal, stack.name);
        const secrets = await presentSecrets(rehearsal, stack);
        writeStackFile(stack.file, values);
        const again = await preview(stack);
        if (again.refused !== undefined)
            throw new Error(
                `The present program refuses what was made by an earlier one (${stack.name}): ${again.refused}`,
            );
        planned = { values, places: [...changedPlaces(stack.values, values), ...secrets], ...again, refused };
    }
    const missing = untold(planned.places, told);
    check(
        `Stack file of ${stack.name}: CHANGELOG.md tells of all that had to be written otherwise`,
        missing.length === 0,
        {
            before: planned.places,
            after: missing,
        },
    );
    const changes = plannedChanges(planned.preview.steps ?? []);
    const found = forbidden(changes);
    check(
        `${stack.name}: the present program deletes, replaces and renames nothing but commands whose triggers changed`,
        found.length === 0,
        { before: [], after: found },
    );
    for (const { urn, what, properties } of changes) say(`    ${what} ${nameOf(urn)}: ${properties.join(", ")}`);
    const { places, refused } = planned;
    report.takeOver?.stacks.push({ stack: stack.name, changes, places, ...(refused !== undefined && { refused }) });
    return planned;
}

const nameOf = (urn: string): string => urn.split("::").slice(2).join("::");

async function preview(stack: Stack): Promise<{ preview: Preview; refused?: string }> {
    // Also what stays the same: the engine shows a name that an alias has changed in no other way.
    const args = ["preview", "--json", "--show-sames", "--stack", stack.name];
    const { code, stdout, stderr } = await step(`The present program's preview (${stack.name})`, () =>
        pulumi(args, { mayFail: true, quiet: true }),
    );
    const start = stdout.indexOf("{");
    const found: Preview = start < 0 ? {} : (JSON.parse(stdout.slice(start)) as Preview);
    if (code === 0) return { preview: found };
    const errors = (found.diagnostics ?? []).filter(({ severity }) => severity === "error");
    return { preview: found, refused: errors.map(({ message }) => message.trim()).join("\n") || stderr.trim() };
}

/** As the present lab would have written the stack file by now. */
function presentValues(rehearsal: Rehearsal, name: StackName): ConfigValues {
    const then = withReceipts(rehearsal);
    return commitNames
        .map((commit): Commit => now[commit])
        .filter(({ stack }) => stack === name)
        .reduce<ConfigValues>((values, commit) => ({ ...values, ...commit.changes(then) }), {});
}

/** A phase publishes its own receipt; that of the one before is what was accepted of it. */
function withReceipts(rehearsal: Rehearsal): Rehearsal {
    const { staging } = rehearsal.stacks;
    const { install, migrate } = staging.values["posit:accepted"] as Record<string, string>;
    const outputs = { installReceipt: install, migrationReceipt: migrate, ...staging.outputs };
    return { ...rehearsal, stacks: { ...rehearsal.stacks, staging: { ...staging, outputs } } };
}

/** Written anew where their form is another. */
async function presentSecrets({ earlier, secrets }: Rehearsal, stack: Stack): Promise<string[]> {
    const [before, after] = [earlier?.secrets[stack.name], secrets[stack.name]];
    if (canonical(before) === canonical(after)) return [];
    await setSecrets(stack.name, after);
    stack.file = readStackFile(stackFilePath(stack.name));
    return changedPlaces(before, after, "posit:secrets");
}

async function bringUp(rehearsal: Rehearsal, stack: Stack, planned?: Planned): ReturnType<typeof perform> {
    const before = await exportState(stack);
    const report = await perform(rehearsal, {
        name: `take-over-${stack.name}`,
        title: `   The present program takes over (${stack.name})`,
        stack: stack.name,
        changes: () => changesBetween(stack.values, planned?.values ?? stack.values),
        proof: "preview",
    });
    const lost = lostInState(before, await exportState(stack));
    rehearsal.recorder.check(`${stack.name}: nothing in its state is gone or another thing`, lost.length === 0, {
        before: [],
        after: lost,
    });
    return report;
}

/** A receipt whose digest is another must be read and accepted again, before a cutover, by people who were told. */
async function acceptAgain(rehearsal: Rehearsal, told: string): Promise<void> {
    const { recorder, stacks } = rehearsal;
    const accepted = stacks.staging.values["posit:accepted"] as Record<string, string>;
    const changed = otherReceipts(accepted, stacks.staging.outputs.contract as EnvironmentOutputs);
    recorder.check(
        "Receipts stay as they were accepted, or CHANGELOG.md tells that their digest is another",
        Object.keys(changed).length === 0 || /receipt[^]{0,200}digest|digest[^]{0,200}receipt/i.test(told),
        { before: accepted, after: changed },
    );
    if (recorder.report.takeOver) recorder.report.takeOver.acceptedAgain = Object.keys(changed);
    if (Object.keys(changed).length === 0) return;
    await perform(rehearsal, {
        name: "accept-again",
        title: "   Accept the receipts again",
        stack: "staging",
        changes: () => ({ "posit:accepted": { ...accepted, ...changed } }),
        proof: "preview",
    });
}
