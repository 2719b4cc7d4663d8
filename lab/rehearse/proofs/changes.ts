// What people do on production after the first capture: absent from its restore, present after the cutover.
import { contentBundle } from "../../legacy/bundle";
import { publicUrl } from "../../legacy/world";
import { hostScript } from "../../hostScript";
import { step } from "../../progress";
import { onHost } from "../../ssh";
import { oldHosts } from "./hostFacts";
import type { Rehearsal } from "../rehearsal";

export const lateFile = "/home/alice/analysis/late-addition.txt";
export const lateContent = "late-addition";

export async function changeProduction(rehearsal: Rehearsal): Promise<void> {
    const { client, facts, recorder } = rehearsal;
    await step("People go on working on production", async () => {
        await client.act({
            deed: "publish",
            url: publicUrl("connect"),
            apiKey: facts.connect.apiKeys.alice ?? "",
            name: lateContent,
            title: "A late addition",
            bundle: await contentBundle(lateContent),
            environment: {},
        });
        // What is shared is there for the copy too.
        if (facts.sources === "shared") return;
        await onHost(
            oldHosts(facts).workbench,
            hostScript(["rehearse/proofs/scripts/late"], { FILE: lateFile, OWNER: "alice" }),
        );
    });
    recorder.note("operator", "People publish on Connect and write files on Workbench");
}
