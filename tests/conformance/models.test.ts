// The recorded stacks against AWS's models and rules; and each rule against a stack that only it finds.
//
// Proves that what the program asks for has the form that AWS's models state, and breaks none of the rules that are written down here. Does not
// prove that AWS takes it: no account was ever asked.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import { password, operatorKey, bootstrapKey, secretsOf } from "../unit/config/samples";
import { recordAll, wayless } from "./configurations";
import type { StackState } from "./exports";
import { Checked, Finding, findingsIn, modelRules, unfoundedRules } from "./findings";
import { expectedOf, keyOf, known } from "./known";
import { mutations } from "./mutations";
import { exportFolder, recordedStacks } from "./recorded";
import { rules } from "./rules";

describe("what the program asks of AWS", () => {
    let stacks: StackState[];
    let found: Finding[];
    before(async () => {
        stacks = await recordedStacks();
        found = findingsIn([...stacks, ...mutations.map((mutation) => mutated(stacks, mutation))]);
    });

    it("is recorded for both roles and left as exports without a secret", () => {
        assert.ok(stacks.length >= 28);
        const secrets = [
            password,
            operatorKey.private,
            bootstrapKey.private,
            String(secretsOf.staging.databaseMasterPassword),
        ];
        for (const file of fs.readdirSync(exportFolder)) {
            const text = fs.readFileSync(`${exportFolder}/${file}`, "utf8");
            for (const secret of secrets) assert.ok(!text.includes(JSON.stringify(secret).slice(1, -1)), file);
        }
    });

    it("is refused where nobody could come in", async () => {
        await assert.rejects(recordAll([wayless]), /\[network\] posit:network\.transitGatewayId/);
    });

    it("is what AWS's models and rules allow, but for what is known", () => {
        const own = found.filter(({ stack }) => stacks.some(({ name }) => name === stack));
        console.log(`      conformance findings: ${new Set(own.map(keyOf)).size}`);
        assert.deepEqual(
            [...new Set(own.map(keyOf))].sort(),
            expectedOf(known),
            `known.ts, and what was found:\n${own.map(told).join("\n")}`,
        );
    });

    for (const [index, mutation] of mutations.entries()) {
        it(`breaks ${mutation.rule}, and nothing else, in a stack that is spoilt for it (${index + 1})`, () => {
            const about = ({ rule, resource, about: what }: Finding) => `${rule}: ${resource}: ${what}`;
            const before = new Set(found.filter(({ stack }) => stack === mutation.of).map(about));
            const after = found.filter(({ stack }) => stack === nameOf(mutation, index));
            const fresh = after.filter((finding) => !before.has(about(finding)));
            assert.deepEqual([...new Set(fresh.map(({ rule }) => rule))], [mutation.rule], fresh.map(told).join("\n"));
        });
    }

    it("is held by rules that each have such a stack", () => {
        const names = [...rules.map(({ name }) => name), ...modelRules, "unmapped"];
        assert.deepEqual([...new Set(mutations.map(({ rule }) => rule))].sort(), [...names].sort());
        assert.equal(new Set(names).size, names.length);
    });

    it("is held by rules whose words AWS's models have", () => {
        assert.deepEqual(unfoundedRules(), []);
        assert.ok(rules.every(({ text, source }) => text.length > 3 && source.length > 10));
    });
});

const told = ({ stack, rule, resource, says }: Finding) => `${stack}: ${rule}: ${resource}: ${says}`;
const nameOf = ({ rule }: { rule: string }, index: number) => `spoilt-${index}-${rule}`;

function mutated(stacks: StackState[], mutation: (typeof mutations)[number]): Checked {
    const base = stacks.find(({ name }) => name === mutation.of);
    assert.ok(base, `${mutation.of} was not recorded`);
    const state = structuredClone(base);
    mutation.change(state);
    return { ...state, name: nameOf(mutation, mutations.indexOf(mutation)), mappings: mutation.mappings };
}
