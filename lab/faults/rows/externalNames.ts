// Names that people lead, and nobody comes: the run ends when its patience is over, nothing is published of a move that nobody has finished, and
// the next one goes on waiting. The names are put back into the program's hands afterwards, for the rows that follow.
import type { ProductionContract } from "../../../contract/production";
import { step } from "../../progress";
import { externalEntryPoints, ledFindings, operatorAsUser, personAtTheZone } from "../../rehearse/externalNames";
import { acceptMigration } from "../../rehearse/commits";
import { perform, readOutputs } from "../../rehearse/stack";
import { publicNames, ports } from "../../legacy/world";
import { productIds } from "../../../products/ids";
import { result } from "./afterServe";
import type { Bench } from "../bench/bench";
import { environmentOf, move, say as commit } from "../bench/environment";
import { bring, lastWords } from "./moves";
import { makeState } from "../bench/operator";
import type { Row, Tried } from "../row";
import { proveServing } from "../bench/serves";
import { tryUp } from "../bench/trial";

const patienceMinutes = 1;

/** The new side lets in whom the names are asked by; its receipt covers that, and is accepted again. */
async function letOperatorIn(bench: Bench): Promise<void> {
    const network = bench.stacks.staging.values["posit:network"] as { userCidrs: string[] };
    if (network.userCidrs.includes(operatorAsUser)) return;
    await perform(bench, {
        name: "let-operator-in",
        title: "The new side lets the operator in",
        stack: "staging",
        changes: () => ({ "posit:network": { ...network, userCidrs: [...network.userCidrs, operatorAsUser] } }),
        proof: "nothing",
    });
    await perform(bench, { ...acceptMigration, proof: "nothing" });
}

const publishedSide = async (bench: Bench): Promise<string | undefined> =>
    ((await readOutputs(bench.stacks.prod)).contract as ProductionContract | undefined)?.serving.side;

async function nobodyComes(bench: Bench): Promise<Tried> {
    const problems: string[] = [];
    await bring(bench, "old");
    const began = Date.now();
    const { hosts, keys } = await environmentOf(bench);
    await letOperatorIn(bench);
    const { prod } = bench.stacks;
    const inTheZone = prod.values["posit:entryPoints"];
    prod.values = { ...prod.values, "posit:entryPoints": externalEntryPoints(patienceMinutes) };
    commit(bench, "old");
    const first = await step("The names are people's to lead", () => tryUp(prod));
    if (first.code !== 0) problems.push(`names that people lead are not taken: ${lastWords(first.stdout)}`);

    const alone = await step("serve, and nobody changes a name", () => move(bench, "new"));
    const text = `${alone.stdout}\n${alone.stderr}`;
    if (alone.code === 0) problems.push("`up` succeeded although no name was changed");
    if (
        !/after 1 minutes these names do not answer from stack \S+, which is open, while the other side is closed/.test(
            text,
        )
    )
        problems.push(`the failure is not told: ${lastWords(alone.stdout)}`);
    for (const name of Object.values(publicNames)) {
        if (!new RegExp(`- ${name} leads to .* → must lead to `).test(text)) problems.push(`${name} is not named`);
    }
    if ((await publishedSide(bench)) !== keys.old) problems.push("a move was published that nobody has finished");
    const state = await makeState(bench);
    if (state.code !== 0) problems.push(`make state ends with ${state.code}: hosts do not say that one side serves`);

    const person = personAtTheZone(bench.facts.zoneId, [200]);
    const again = await step("The same commit again, and somebody changes the names", () =>
        tryUp(prod, [], undefined, (line) => person.hear(line)),
    );
    const endedAt = Date.now();
    await person.finished();
    if (again.code !== 0) problems.push(`the same commit again fails: ${lastWords(again.stdout)}`);
    const wanted = productIds.map((product) => ({
        ...{ name: publicNames[product], address: hosts.new[product].address, port: ports[product] },
    }));
    problems.push(...ledFindings({ changes: person.changes, endedAt }, wanted));
    problems.push(...(await proveServing(bench, "new")));

    prod.values = { ...prod.values, "posit:entryPoints": inTheZone };
    commit(bench, "new");
    const back = await step("The names are the program's again", () => tryUp(prod));
    if (back.code !== 0) problems.push(`the zone's names are not taken back: ${lastWords(back.stdout)}`);
    return result(bench, "new", began, "external-nobody", problems);
}

export const externalRows: Row[] = [
    {
        name: "external-nobody",
        what: "`serve`, people lead the names, and nobody changes one; then run again",
        seconds: 150,
        attempt: nobodyComes,
    },
];
