// The proofs of who serves, from outside: exactly one side, all three names lead to it, nothing of the other runs, what is published equals
// that, a second `up` changes nothing, and users find their data.
import type { ProductionContract } from "../../../contract/production";
import { productIds } from "../../../products/ids";
import { products } from "../../../products";
import { callCloud } from "../../cloud/client";
import { publicNames } from "../../legacy/world";
import { say, step } from "../../progress";
import { unitStates } from "../../rehearse/proofs/hostFacts";
import { probeTargets } from "../../rehearse/proofs/questions";
import { readOutputs } from "../../rehearse/stack";
import type { Bench } from "./bench";
import { environmentOf } from "./environment";
import { describe, stands } from "./hosts";
import type { SideName } from "../row";
import { tryUp } from "./trial";

export const otherSide = (side: SideName): SideName => (side === "old" ? "new" : "old");

/** Answers what is wrong. */
export async function proveServing(bench: Bench, side: SideName): Promise<string[]> {
    const found = (await Promise.all([hostsSay(bench, side), namesSay(bench, side), stackSays(bench, side)])).flat();
    return [...found, ...(await secondUp(bench))];
}

async function hostsSay(bench: Bench, side: SideName): Promise<string[]> {
    const { hosts } = await environmentOf(bench);
    const other = otherSide(side);
    const [serving, resting, units, restingUnits] = await Promise.all([
        stands(hosts[side]),
        stands(hosts[other]),
        unitStates(hosts[side]),
        unitStates(hosts[other]),
    ]);
    const expected = productIds.reduce((sum, product) => sum + products[product].units.length, 0);
    const active = units.filter((line) => / active /.test(`${line} `));
    const alive = restingUnits.filter((line) => / (active|activating|reloading) /.test(`${line} `));
    return [
        ...serving
            .filter((one) => one.side !== "serving" || !one.answering)
            .map((one) => `the ${side} side is to serve: ${describe(one)}`),
        ...resting
            .filter((one) => one.side === "serving" || one.side === "unknown" || one.side === "closed")
            .map((one) => `the ${other} side is to rest: ${describe(one)}`),
        ...(active.length === expected ? [] : [`of the ${side} side only ${active.length} of ${expected} units run`]),
        ...alive.map((line) => `the ${other} side runs too: ${line}`),
    ];
}

async function namesSay(bench: Bench, side: SideName): Promise<string[]> {
    const { hosts } = await environmentOf(bench);
    const { records } = await callCloud("ListRecordSets", { zoneId: bench.facts.zoneId });
    const seen = await bench.client.where(probeTargets());
    return productIds.flatMap((product) => {
        const { address } = hosts[side][product];
        const record = records.find(({ name, type }) => name === publicNames[product] && type === "A");
        const user = seen.find((one) => one.product === product);
        return [
            ...(record?.records.join() === address
                ? []
                : [`${publicNames[product]} leads to ${record?.records.join()}`]),
            ...(user?.address === address && /^[23]/.test(user.answer)
                ? []
                : [`a user of ${publicNames[product]} comes to ${user?.address} and gets ${user?.answer}`]),
        ];
    });
}

async function stackSays(bench: Bench, side: SideName): Promise<string[]> {
    const { keys } = await environmentOf(bench);
    const outputs = await readOutputs(bench.stacks.prod);
    const published = (outputs.contract as ProductionContract | undefined)?.serving.side;
    return published === keys[side] ? [] : [`the stack publishes that ${published} serves, not ${keys[side]}`];
}

async function secondUp(bench: Bench): Promise<string[]> {
    const { code, stdout } = await step("A second up changes nothing", () =>
        tryUp(bench.stacks.prod, ["--expect-no-changes"]),
    );
    if (code !== 0) say(stdout.slice(-1500));
    return code === 0 ? [] : ["a second up fails or changes something"];
}
