// The dress rehearsal by the program of an earlier commit, and what the present one makes of it. Nothing here reads what the earlier program has
// published: the present one takes over first, and publishes it in its own form.
import { callCloud } from "../../cloud/client";
import { changeProduction } from "../proofs/changes";
import { measureWindow, recordPhases } from "../proofs/firstWindow";
import { newHosts } from "../proofs/hostFacts";
import { checkSidesApart } from "../proofs/isolation";
import { checkSame, look } from "../proofs/measure";
import { watchQuarantine } from "../proofs/oldAndNew";
import { tokens } from "../commits";
import type { Rehearsal } from "../rehearsal";
import { type Commit, perform } from "../stack";
import type { EarlierLab } from "./lab";
import { takeOver } from "./takeOver";

export async function dressRehearsalBy(earlier: EarlierLab, rehearsal: Rehearsal, operatorKey: string): Promise<void> {
    const { commits, commit, subject } = earlier;
    rehearsal.recorder.report.takeOver = { commit, subject, stacks: [], acceptedAgain: [] };
    await perform(rehearsal, commits.describeProduction);
    await openRoutesFor(rehearsal, commits.install);
    await perform(rehearsal, commits.install);
    await look(rehearsal, "before the first capture");
    await measureWindow(rehearsal, commits.firstCapture, tokens.rehearsal);
    await look(rehearsal, "after the first capture");
    checkSame(rehearsal, "Production opened again", "before the first capture", "after the first capture");
    await changeProduction(rehearsal);
    await look(rehearsal, "production after the change");
    await perform(rehearsal, commits.firstRestore);
    await perform(rehearsal, commits.acceptMigration);

    await takeOver(rehearsal, earlier);
    recordPhases(rehearsal, tokens.rehearsal);
    await checkSidesApart(rehearsal, newHosts(rehearsal, operatorKey));
    await look(rehearsal, "the first restore", newHosts(rehearsal, operatorKey));
    checkSame(rehearsal, "First restore, taken over", "before the first capture", "the first restore");
    await watchQuarantine(rehearsal, newHosts(rehearsal, operatorKey), tokens.rehearsal);
}

/** A lab of before there were routes in it writes a network from which none leads anywhere: there everybody reaches everybody, as then. */
async function openRoutesFor(rehearsal: Rehearsal, { changes }: Commit): Promise<void> {
    const { transitGatewayId } = changes(rehearsal)["posit:network"] as { transitGatewayId?: string };
    await callCloud("OpenRoutes", { open: transitGatewayId === undefined });
}
