// One rehearsal from an empty lab to its verdict; writes the report however it ends.
import * as fs from "node:fs";
import * as path from "node:path";
import { readAsked } from "../aws/asked";
import { startClient } from "../client/process";
import { writeNewHosts } from "../hosts";
import { buildLegacy } from "../legacy/build";
import { type LegacyFacts, legacySecrets } from "../legacy/facts";
import { logFolder, reportFolder } from "../paths";
import { say, seconds } from "../progress";
import { prepareProject } from "../project";
import { endChildren } from "../run";
import { outages } from "../client/prober";
import { switches } from "./report/downtime";
import { buildExistingNetwork } from "./existingNetwork";
import { loadEarlierLab, secretsAsNow } from "./earlier/lab";
import { newHosts } from "./proofs/hostFacts";
import { renderHtml } from "./report/html";
import { procedure } from "./procedure";
import { probeTargets } from "./proofs/questions";
import { startRecorder, type Recorder } from "./report/recorder";
import type { Rehearsal, RehearsalOptions } from "./rehearsal";
import { createStack, exportState } from "./stack";
import { outsidePolicies } from "./proofs/permissions";
import { forgetStates } from "./states";
import { findLeaks, textsBelow } from "./proofs/secrets";
import { newSecrets, type StackSecrets } from "./values";

export async function rehearse(options: RehearsalOptions): Promise<number> {
    const recorder = startRecorder(options.size, options.sources);
    forgetStates();
    const interrupted = new Promise<never>((_resolve, reject) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) {
            process.once(signal, () => reject(new Error("Interrupted.")));
        }
    });
    try {
        await Promise.race([perform(recorder, options), interrupted]);
        recorder.report.verdict = recorder.report.checks.every((check) => check.passed) ? "passed" : "failed";
    } catch (error) {
        recorder.report.failure = (error as Error).message;
        say(`Stopped: ${(error as Error).message}`);
        if (process.env.DEBUG) console.error((error as Error).stack);
        endChildren("SIGINT");
    }
    return finish(recorder);
}

async function perform(recorder: Recorder, options: RehearsalOptions): Promise<void> {
    const facts = await buildLegacy(options.size, options.sources);
    const { secrets, earlier } = await secretsOf(facts, options);
    const client = startClient((event) => {
        say(
            `    users: ${event.product} ${event.event === "down" ? `away (${event.reason})` : event.event === "up" ? "back" : "moved"}`,
        );
        recorder.report.outages = outages(client.events);
        recorder.report.dnsSwitch = switches(client.events);
    });
    try {
        await client.probe(probeTargets());
        recorder.report.plugins = await prepareProject(earlier?.lab.folder);
        const written = earlier?.secrets ?? secrets;
        const stacks = {
            prod: await createStack("prod", { ...written.prod }),
            staging: await createStack("staging", { ...written.staging }),
        };
        const existing = options.existing ? await buildExistingNetwork() : undefined;
        const shared = { facts, secrets, earlier, recorder, client, stacks, options, existing };
        const rehearsal: Rehearsal = { ...shared, observed: {}, moments: {} };
        await procedure(rehearsal, facts.sshPrivateKey);
        writeNewHosts(newHosts(rehearsal, facts.sshPrivateKey));
        await checkSecrets(rehearsal, facts, secrets);
        checkPermissions(recorder);
    } finally {
        client.stop();
    }
}

/** An earlier program gets them as its own lab writes them. */
async function secretsOf(
    facts: LegacyFacts,
    { from }: RehearsalOptions,
): Promise<Pick<Rehearsal, "secrets" | "earlier">> {
    const secrets = newSecrets(facts);
    if (from === undefined) return { secrets };
    const lab = await loadEarlierLab(from);
    say(`Up to the dress rehearsal's restore by the program of ${from.commit.slice(0, 12)}, ${from.subject}`);
    const theirs = lab.newSecrets(facts);
    return { secrets: secretsAsNow(theirs, secrets), earlier: { lab, secrets: theirs } };
}

/** The exported state of both stacks, every log and the report, searched for every secret. */
async function checkSecrets(rehearsal: Rehearsal, facts: LegacyFacts, secrets: StackSecrets): Promise<void> {
    const all = {
        ...legacySecrets(facts),
        "bootstrap host key": secrets.staging.bootstrapHostKey,
        "new database master password": secrets.staging.databaseMasterPassword,
        ...Object.fromEntries(
            Object.entries(secrets.staging.databasePasswords).map(([id, { main: value }]) => [
                `new database password of ${id}`,
                value,
            ]),
        ),
    };
    const texts = {
        "state of prod": await exportState(rehearsal.stacks.prod),
        "state of staging": await exportState(rehearsal.stacks.staging),
        "report.json": JSON.stringify(rehearsal.recorder.report),
        ...textsBelow(logFolder, "logs"),
    };
    const leaks = findLeaks(all, texts);
    const name = `None of ${Object.keys(all).length} secrets in ${Object.keys(texts).length} states, logs and reports`;
    rehearsal.recorder.check(name, leaks.length === 0, { before: [], after: leaks });
}

/** What was asked of the lab's provider, whatever the rehearsal was, against the policies that are offered. */
function checkPermissions(recorder: Recorder): void {
    const asked = readAsked();
    const outside = outsidePolicies(asked);
    const name = `All ${asked.length} kinds of requests to the cloud are in the policies of deploy/iam`;
    recorder.check(name, asked.length > 0 && outside.length === 0, { before: [], after: outside });
}

function finish(recorder: Recorder): number {
    const { report } = recorder;
    recorder.stop();
    recorder.save();
    const html = path.join(reportFolder, "report.html");
    fs.writeFileSync(html, renderHtml(report));
    const failed = report.checks.filter((check) => !check.passed);
    say(
        `Verdict: ${report.verdict}. ${report.checks.length - failed.length} of ${report.checks.length} checks held in ${seconds(report.seconds * 1000)}.`,
    );
    for (const check of failed) say(`  ✗ ${check.name}`);
    for (const [token, times] of Object.entries(report.closedSeconds))
        say(`  closed for capture ${token}: ${downtimes(times)}`);
    for (const [token, phases] of Object.entries(report.windowPhases))
        for (const [product, phase] of Object.entries(phases))
            say(`    of capture ${token}, ${product}: ${split(phase)}`);
    if (report.cutoverSeconds !== undefined)
        say(`  cutover: ${report.cutoverSeconds.toFixed(1)} s (${downtimes(report.cutoverPerProduct)})`);
    for (const line of report.onAws?.lines ?? []) say(`  ${line}`);
    for (const [way, times] of Object.entries(report.baselineSeconds)) say(`  by hand, ${way}: ${downtimes(times)}`);
    say(`  report: ${html}`);
    return report.verdict === "passed" ? 0 : 1;
}

function split(phase: object): string {
    return Object.entries(phase)
        .map(([name, seconds]) => `${name} ${(seconds as number).toFixed(2)} s`)
        .join(", ");
}

function downtimes(times: Record<string, number | undefined>): string {
    return Object.entries(times)
        .map(([product, time]) => `${product} ${time?.toFixed(2) ?? "?"} s`)
        .join(", ");
}
