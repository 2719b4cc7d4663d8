// The recorded stacks played on moto and read back, from productions whose servers differ: what the next `up` would change or replace.
//
// Proves what the provider's tables (replay/readBack.ts) make of what moto answers. Does not prove that AWS answers as moto does (replay/gaps.ts has
// where it is known that it does not), nor that the provider is as the tables say.
import assert from "node:assert/strict";
import { recordAll } from "./configurations";
import { exportOf, readExport, Resource, StackState } from "./exports";
import { expectedOf, keyOf, knownReplays } from "./known";
import { recordedStacks } from "./recorded";
import { gaps } from "./replay/gaps";
import { Play, Replayed, replayed, replayRules } from "./replay/replay";
import { sources, unencrypted } from "./replay/sources";

const server = "aws:rds/instance:Instance";

/** Make the same calls as the stacks that are played, with other names. */
const alikes = ["6-restore-staging", "8-serving-staging", "shared-2-install-staging", "mixed-2-install-staging"];

/** Most of a stack's calls are for its security rules, which no server of production changes. */
const withoutRules = (state: StackState): StackState => ({
    ...state,
    resources: state.resources.filter(({ type }) => !type.startsWith("aws:vpc/securityGroup")),
});

/** A stack and a production in which only this is found. */
interface Spoilt {
    rule: string;
    of: string;
    server: Record<string, unknown>;
    change(restored: Resource): void;
}

const spoilt: Spoilt[] = [
    {
        rule: "replay.replacement",
        of: "another-key-4-migrate-staging",
        server: sources[1].made,
        // A key of the environment's own, which no restore takes.
        change: (restored) => {
            restored.inputs.kmsKeyId = "arn:aws:kms:us-east-1:210987654321:key/11111111-1111-4111-8111-111111111111";
            restored.ignoreChanges = restored.ignoreChanges?.filter((input) => input !== "kmsKeyId");
        },
    },
    {
        rule: "replay.change",
        of: "as-the-environment-4-migrate-staging",
        server: sources[0].made,
        // As a restore was before it took its source's retention.
        change: (restored) => {
            restored.inputs.backupRetentionPeriod = 30;
            restored.ignoreChanges = restored.ignoreChanges?.filter((input) => input !== "backupRetentionPeriod");
        },
    },
    {
        rule: "replay.refused",
        of: "as-the-environment-4-migrate-staging",
        server: sources[0].made,
        change: ({ inputs }) => (inputs.dbSubnetGroupName = "nobody-made-it"),
    },
];

describe("what the program builds, played on moto and read back", () => {
    let plays: Play[];
    let result: Replayed;
    before(async () => {
        const stacks = (await recordedStacks())
            .filter(({ name }) => !alikes.some((alike) => name.endsWith(alike)))
            .map((state) => ({ state, server: sources[0].made }));
        const bySource = Object.entries(await recordAll(sources))
            // What comes before a restore knows nothing of production's servers.
            .filter(([name]) => /-(capture|migrate)-/.test(name))
            .map(([name, recording]) => ({
                state: withoutRules(readExport(name, JSON.stringify(exportOf(recording)))),
                server: sources.find((source) => name.replace(/-\d-.*/, "") === source.name)!.made,
            }));
        plays = [...stacks, ...bySource];
        result = replayed([...plays, ...spoilt.map((one, index) => broken(plays, one, index))]);
    });

    it("is neither changed nor replaced by the next `up`, but for what is known", () => {
        const own = result.findings.filter(({ stack }) => plays.some(({ state }) => state.name === stack));
        console.log(`      findings at the next up: ${new Set(own.map(keyOf)).size}`);
        assert.deepEqual(
            [...new Set(own.map(keyOf))].sort(),
            expectedOf(knownReplays),
            `known.ts, and what was found:\n${own.map(({ stack, resource, says }) => `${stack}: ${resource}: ${says}`).join("\n")}`,
        );
    });

    it("is refused for a production whose server is not encrypted", async () => {
        await assert.rejects(recordAll([unencrypted]), /\[encryption\]/);
    });

    for (const [index, one] of spoilt.entries()) {
        it(`is found to be ${one.rule.replace("replay.", "")} where it is spoilt so`, () => {
            const { findings } = result;
            const before = new Set(findings.filter(({ stack }) => stack === one.of).map(({ about }) => about));
            const fresh = findings.filter(({ stack, about }) => stack === nameOf(one, index) && !before.has(about));
            const rules = new Set(fresh.map(({ rule }) => rule));
            assert.deepEqual([...rules], [one.rule], JSON.stringify(fresh, null, 1));
        });
    }

    it("is held by rules that each have such a stack, and by no gap that hides nothing", () => {
        assert.deepEqual(spoilt.map(({ rule }) => rule).sort(), [...replayRules].sort());
        assert.deepEqual(
            gaps.filter((gap) => !result.gaps.has(gap)),
            [],
        );
    });
});

const nameOf = ({ rule }: Spoilt, index: number) => `spoilt-${index}-${rule}`;

function broken(plays: Play[], one: Spoilt, index: number): Play {
    const base = plays.find(({ state }) => state.name === one.of);
    assert.ok(base, `${one.of} was not recorded`);
    const state: StackState = structuredClone(base.state);
    const restored = state.resources.find(({ type }) => type === server)!;
    one.change(restored);
    return { state: { ...state, name: nameOf(one, index) }, server: one.server };
}
