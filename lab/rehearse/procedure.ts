// The whole procedure, step by step, with what is proved at each.
import { step } from "../progress";
import { downtimesByHand, measureBaseline } from "./byHand/baseline";
import { changeProduction } from "./proofs/changes";
import {
    acceptMigration,
    describeProduction,
    falseStart,
    finalCapture,
    finalRestore,
    firstCapture,
    firstRestore,
    giveUp,
    install,
    installAfresh,
    lostCapture,
    lostCaptureDropped,
    prepareServer,
    serveNew,
    tokens,
} from "./commits";
import { destroyEnvironment } from "./proofs/destroy";
import { cutover, downtimeWithin } from "./report/downtime";
import { dressRehearsalBy } from "./earlier/procedure";
import { checkExistingNetwork } from "./existingNetwork";
import { checkLed } from "./externalNames";
import { measureWindow, recordPhases } from "./proofs/firstWindow";
import { newHosts } from "./proofs/hostFacts";
import { checkSidesApart } from "./proofs/isolation";
import { checkSame, look } from "./proofs/measure";
import { earlyMistakes, firstMistakes, lateMistakes } from "./mistakes/mistakes";
import { existingMistakes } from "./mistakes/openWay";
import { checkRetired, watchQuarantine } from "./proofs/oldAndNew";
import { checkPreparedServer } from "./proofs/prepared";
import type { Rehearsal } from "./rehearsal";
import { recordOnAws } from "./report/onAws";
import { perform, prove } from "./stack";
import { afterwards } from "./proofs/afterwards";
import { tryMistake } from "./mistakes/tryMistake";
import { finalDatabase } from "./values";

export async function procedure(rehearsal: Rehearsal, operatorKey: string): Promise<void> {
    const { earlier } = rehearsal;
    await look(rehearsal, "production before");
    await (earlier ? dressRehearsalBy(earlier.lab, rehearsal, operatorKey) : dressRehearsal(rehearsal, operatorKey));
    await cutOver(rehearsal);
    await checkLed(rehearsal, serveNew.name, newHosts(rehearsal, operatorKey));
    await afterwards(rehearsal, newHosts(rehearsal, operatorKey));
    await checkExistingNetwork(rehearsal, "At the end");
}

/** Up to the acceptance of what was restored. */
async function dressRehearsal(rehearsal: Rehearsal, operatorKey: string): Promise<void> {
    const { recorder, facts } = rehearsal;
    const { mistakes, external } = rehearsal.options;
    // The first ones are of records, which people's names have none of.
    if (mistakes && !external) for (const mistake of firstMistakes) await tryMistake(rehearsal, mistake);
    await perform(rehearsal, describeProduction);
    await checkUntouched(rehearsal, "production was described");
    if (rehearsal.options.baseline) recorder.report.baselineSeconds = downtimesByHand(await measureBaseline(facts));
    await perform(rehearsal, install);
    await checkSidesApart(rehearsal, newHosts(rehearsal, operatorKey));
    await checkExistingNetwork(rehearsal, "Installed");

    if (rehearsal.options.destroy) {
        await destroyEnvironment(rehearsal, "phase install");
        await perform(rehearsal, installAfresh);
    }
    if (rehearsal.options.mistakes) for (const mistake of earlyMistakes) await tryMistake(rehearsal, mistake);

    await look(rehearsal, "before the first capture");
    await measureWindow(rehearsal, firstCapture, tokens.rehearsal);
    recordPhases(rehearsal, tokens.rehearsal);
    await look(rehearsal, "after the first capture");
    checkSame(rehearsal, "Production opened again", "before the first capture", "after the first capture");
    if (rehearsal.options.mistakes) await loseCapture(rehearsal);
    await changeProduction(rehearsal);
    await look(rehearsal, "production after the change");

    if (rehearsal.options.existing) for (const mistake of existingMistakes) await tryMistake(rehearsal, mistake);
    await perform(rehearsal, firstRestore);
    await look(rehearsal, "the first restore", newHosts(rehearsal, operatorKey));
    checkSame(rehearsal, "First restore, without what came later", "before the first capture", "the first restore");
    // The acceptance changes no host, so it need not wait for the end of the watch.
    await Promise.all([
        watchQuarantine(rehearsal, newHosts(rehearsal, operatorKey), tokens.rehearsal),
        perform(rehearsal, acceptMigration),
    ]);

    if (rehearsal.options.destroy) {
        await destroyEnvironment(rehearsal, "phase migrate");
        for (const commit of [installAfresh, firstRestore, acceptMigration]) await perform(rehearsal, commit);
    }
    if (rehearsal.options.mistakes) await changeOnesMind(rehearsal);
}

async function changeOnesMind(rehearsal: Rehearsal): Promise<void> {
    await look(rehearsal, "before a cutover that is given up");
    await perform(rehearsal, falseStart);
    await perform(rehearsal, giveUp);
    await look(rehearsal, "after a cutover that was given up");
    checkSame(rehearsal, "Given up", "before a cutover that is given up", "after a cutover that was given up");
}

async function loseCapture(rehearsal: Rehearsal): Promise<void> {
    await perform(rehearsal, lostCapture);
    for (const mistake of lateMistakes) await tryMistake(rehearsal, mistake);
    await perform(rehearsal, lostCaptureDropped);
}

async function checkUntouched(rehearsal: Rehearsal, why: string): Promise<void> {
    const outages = rehearsal.client.outages();
    rehearsal.recorder.check(`No product was away while ${why}`, outages.length === 0, { before: [], after: outages });
}

/** Users wait: nothing is done here but the three commits; what is to be proved is proved afterwards. */
async function cutOver(rehearsal: Rehearsal): Promise<void> {
    const { recorder, client } = rehearsal;
    const prepares = finalDatabase === "dump";
    if (prepares) await perform(rehearsal, prepareServer);
    await look(rehearsal, "before the final capture");
    const from = Date.now();
    const reports = [];
    for (const commit of [finalCapture, finalRestore, serveNew]) reports.push(await perform(rehearsal, commit));
    await step("Waiting until every name leads to the new side", () => everyProductBack(rehearsal));
    const span = { from, to: Date.now() };
    recorder.report.cutoverSeconds = cutover(client.outages(), span);
    recorder.report.cutoverPerProduct = downtimeWithin(client.outages(), span);
    recorder.report.cutoverParts = reports.map((report) => ({ name: report.title.trim(), seconds: report.seconds }));
    rehearsal.moments.served = Date.now();
    recordOnAws(rehearsal);

    await look(rehearsal, "after the cutover");
    checkSame(rehearsal, "Cutover, with what came later", "before the final capture", "after the cutover");
    await Promise.all(
        reports.filter(({ name }) => name !== "final-capture").map((report) => prove(rehearsal, report, true)),
    );
    await checkRetired(rehearsal, "after the cutover");
    if (prepares) checkPreparedServer(rehearsal);
}

/** A name's old address may be kept by clients for as long as its TTL says. */
async function everyProductBack(rehearsal: Rehearsal): Promise<void> {
    const until = Date.now() + 60_000;
    while (rehearsal.client.outages().some((outage) => outage.to === undefined)) {
        if (Date.now() > until) {
            rehearsal.recorder.check("Every product is back after the cutover", false, {
                after: rehearsal.client.outages().filter((outage) => outage.to === undefined),
            });
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}
