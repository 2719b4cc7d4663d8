// What happens around a move of the names while no run is under way: hosts that are dead, stopped, started again or rebooted, a harmless
// edit, and the next restore after a revert.
import { acceptMigration } from "../../rehearse/commits";
import { callCloud } from "../../cloud/client";
import { step } from "../../progress";
import { oldHosts } from "../../rehearse/proofs/hostFacts";
import { oldUnits, rebootOldHosts } from "../../rehearse/proofs/oldAndNew";
import { perform, readOutputs } from "../../rehearse/stack";
import { writeStackFile } from "../../rehearse/stackFile";
import { finalDatabase } from "../../rehearse/values";
import { productIds, type ProductId } from "../../../products/ids";
import { waitForHost } from "../../ssh";
import type { Bench } from "../bench/bench";
import { environmentOf, move, say as commit } from "../bench/environment";
import { cloud } from "../strikes/breakages";
import { bring, lastWords, longestOutage, proved } from "./moves";
import { makeState, makeThaw } from "../bench/operator";
import type { Row, SideName, Tried } from "../row";
import { compareData, tryUp } from "../bench/trial";

/** The end of a row after which that side is to serve. */
export async function result(
    bench: Bench,
    side: SideName,
    began: number,
    name: string,
    problems: string[],
): Promise<Tried> {
    await proved(bench, side, problems);
    const dataIntact = await compareData(bench, name, problems);
    return { closedBeyondSeconds: longestOutage(bench, began), outcome: `${side} serves`, dataIntact, problems };
}

async function stop({ facts }: Bench, products: readonly ProductId[]): Promise<void> {
    await Promise.all(
        products.map((product) => callCloud("StopInstance", { instanceId: facts.hosts[product].instanceId })),
    );
}

async function start({ facts }: Bench, products: readonly ProductId[]): Promise<void> {
    for (const product of products) {
        await callCloud("StartInstance", { instanceId: facts.hosts[product].instanceId });
        (await waitForHost(oldHosts(facts)[product])).close();
    }
    // Units that were going to start would have done so by now.
    await new Promise((resolve) => setTimeout(resolve, 5000));
}

/** An old host is dead when the names move; later somebody starts it again. */
async function deadOldHost(bench: Bench): Promise<Tried> {
    const problems: string[] = [];
    await bring(bench, "old");
    const began = Date.now();
    await stop(bench, ["connect"]);
    const { prod } = bench.stacks;
    const refused = await step("serve, with a dead old host", () => move(bench, "new"));
    const text = `${refused.stdout}\n${refused.stderr}`;
    if (refused.code === 0)
        problems.push("served although an old host could not be asked, and nobody said that it is dead");
    else if (!/serve\.unreachable/.test(text)) problems.push("the refusal does not name the gate serve.unreachable");
    const overrides = prod.values["posit:overrides"];
    const gate = { gate: "serve.unreachable", reason: "The old Connect is dead, and the fault bench knows it." };
    prod.values = { ...prod.values, "posit:overrides": [...(overrides as object[]), gate] };
    const served = await step("serve, with the override", () => move(bench, "new"));
    if (served.code !== 0)
        problems.push(`served not even with the override serve.unreachable: ${lastWords(served.stdout)}`);
    await start(bench, ["connect"]);
    prod.values = { ...prod.values, "posit:overrides": overrides };
    const { code } = await makeState(bench);
    if (code === 0) problems.push("make state says that exactly one side serves, and an old host came back to life");
    commit(bench, "new");
    if ((await tryUp(prod)).code !== 0) problems.push("the next up fails");
    const state = await makeState(bench);
    if (state.code !== 0) problems.push(`make state ends with ${state.code} after the next up`);
    return result(bench, "new", began, "serve-dead-old-host", problems);
}

/** The old servers were switched off for good, weeks ago. */
async function harmlessEdits(bench: Bench): Promise<Tried> {
    const problems: string[] = [];
    await bring(bench, "new");
    const began = Date.now();
    const { prod } = bench.stacks;
    const points = prod.values["posit:entryPoints"] as { ttl: number };
    await stop(bench, productIds);
    for (const ttl of [points.ttl + 1, points.ttl]) {
        writeStackFile(prod.file, { ...prod.values, "posit:entryPoints": { ...points, ttl } });
        const { code } = await step("A harmless edit of production", () => tryUp(prod));
        if (code !== 0) problems.push("a harmless edit fails while the old hosts are off");
    }
    await start(bench, productIds);
    return result(bench, "new", began, "serve-old-hosts-off", problems);
}

/** After the way back the cutover is tried again another day: the same environment takes the next capture. */
async function nextRestore(bench: Bench): Promise<Tried> {
    const problems: string[] = [];
    await bring(bench, "old");
    const began = Date.now();
    const { prod, staging } = bench.stacks;
    const token = "after-revert";
    const captures = prod.values["posit:captures"] as object[];
    prod.values = {
        ...prod.values,
        "posit:captures": [...captures, { token, reopen: false, drainSeconds: 2, database: finalDatabase }],
    };
    commit(bench, "old");
    const captured = await step("After the revert: a final capture", () => tryUp(prod));
    if (captured.code !== 0) problems.push("the capture after the revert fails");
    staging.values = { ...staging.values, "posit:restore": token };
    writeStackFile(staging.file, staging.values);
    const restored = await step("After the revert: its restore", () => tryUp(staging));
    if (restored.code !== 0) {
        problems.push(`the restore after the revert fails: ${lastWords(restored.stdout)}`);
        throw new Error(problems.join("; ")); // nothing can be served from here any more
    }
    staging.outputs = await readOutputs(staging);
    await perform(bench, { ...acceptMigration, proof: "nothing" });
    const served = await move(bench, "new");
    if (served.code !== 0)
        problems.push(`what was restored after the revert can't be served: ${lastWords(served.stdout)}`);
    return result(bench, "new", began, "revert-next-restore", problems);
}

/** Whatever could revive the old side is tried (a reboot, the thaw command), and users must not notice. */
async function oldHostsAfterServe(bench: Bench): Promise<Tried> {
    const problems: string[] = [];
    await bring(bench, "new");
    const began = Date.now();
    await rebootOldHosts(bench);
    problems.push(...(await aliveAfter(bench, "the reboot")));
    if ((await makeThaw(bench)).code === 0) problems.push("make thaw says that the old side is open");
    problems.push(...(await aliveAfter(bench, "make thaw")));
    if ((await makeThaw(bench, { giveUp: true })).code === 0) problems.push("make thaw GIVE_UP=1 opens the old side");
    problems.push(...(await aliveAfter(bench, "make thaw GIVE_UP=1")));
    if (longestOutage(bench, began) > 0) problems.push("users noticed");
    return result(bench, "new", began, "old-hosts-after-serve", problems);
}

async function aliveAfter(bench: Bench, what: string): Promise<string[]> {
    const { alive } = await oldUnits(bench);
    return alive.map((unit) => `after ${what} the old side runs again: ${unit}`);
}

/** A proof that nothing was moved beside, with the state that was asked by `make state`. */
async function stateOfBoth(bench: Bench): Promise<Tried> {
    const problems: string[] = [];
    const { hosts } = await environmentOf(bench);
    await bring(bench, "new");
    const began = Date.now();
    const { code, text } = await makeState(bench);
    if (code !== 0) problems.push(`make state ends with ${code} although exactly one side serves`);
    const unnamed = productIds.filter(
        (product) => !text.includes(hosts.new[product].address) && !text.includes(product),
    );
    if (code === 0 && unnamed.length > 0) problems.push(`make state says nothing of ${unnamed.join(", ")}`);
    return result(bench, "new", began, "serve-state", problems);
}

/** The names may not be changed: hosts have moved by then, and the next run, with the right to, finishes it. */
async function deniedNames(bench: Bench): Promise<Tried> {
    const problems: string[] = [];
    await bring(bench, "old");
    const began = Date.now();
    const mend = await cloud({ action: "ChangeRecordSet", by: "provider", refuses: "denied" })(bench);
    const refused = await step("serve, without the right to change names", () => move(bench, "new"));
    await mend();
    const text = `${refused.stdout}\n${refused.stderr}`;
    if (refused.code === 0) problems.push("`up` succeeded although no name could be changed");
    else if (!/route53:ChangeResourceRecordSets/.test(text)) problems.push(`not told: ${lastWords(refused.stdout)}`);
    const again = await step("The same commit again", () => move(bench, "new"));
    if (again.code !== 0) problems.push(`the same commit again fails: ${lastWords(again.stdout)}`);
    return result(bench, "new", began, "serve-denied", problems);
}

/** The first of them begins where the moves end; the last but one changes what the environment stands on. */
export const afterServeRows: Row[] = [
    { name: "serve-state", what: "`make state` while the new side serves", seconds: 15, attempt: stateOfBoth },
    {
        name: "serve-denied",
        what: "`serve` without the right to change records; then run again with it",
        seconds: 50,
        attempt: deniedNames,
    },
    {
        name: "serve-old-hosts-off",
        what: "the old hosts are off; production is edited harmlessly, twice",
        seconds: 45,
        attempt: harmlessEdits,
    },
    {
        name: "serve-dead-old-host",
        what: "an old host is dead at `serve`, and started again afterwards",
        seconds: 75,
        attempt: deadOldHost,
    },
    {
        name: "old-hosts-after-serve",
        what: "old hosts are rebooted after `serve`, and `make thaw` is called",
        seconds: 45,
        attempt: oldHostsAfterServe,
    },
    {
        name: "revert-next-restore",
        what: "after the way back: a new final capture, its restore, and it is served",
        seconds: 110,
        attempt: nextRestore,
    },
];
