// Which keys of the configuration have an effect: each leaf of the schema is changed to another valid value in situations where it stands, until
// a run differs from the situation's own.
import assert from "node:assert/strict";
import { z } from "zod";
import { showPath } from "../../../config/explain";
import { ConfigError, parseConfig } from "../../../config/parse";
import { StackConfig } from "../../../config/schema";
import { child } from "../../../config/schemaTree";
import { databaseOf, Leaf, leavesOf, othersOf, patternsOf, withValue } from "../../unit/config/leaves";
import { handedOver, StackTemplate, Values } from "../../unit/config/samples";
import { difference, Footprint } from "./footprint";

/** A configuration, and what happens with it in a world that stays the same. */
export interface Situation {
    name: string;
    /** With its secrets. */
    values: Values;
    /** Other values, by a key's pattern, where only the situation knows one. */
    others?: Record<string, unknown>;
    run(config: StackConfig): Promise<Footprint>;
}

export interface Judgement {
    /** Patterns of keys that change nothing, with what was tried. */
    dead: Record<string, string[]>;
    /** How the last of each was seen, for whoever doubts. */
    seen: Record<string, string>;
}

/** The test itself; `exceptions`: patterns of keys that need no effect, and why. */
export function everyKeyHasAnEffect(
    stack: StackTemplate,
    schemas: [z.ZodType, z.ZodType],
    situations: () => Situation[],
    exceptions: Record<string, string>,
): void {
    let judgement: Judgement;
    before(async function () {
        this.timeout(240_000);
        judgement = await judge(stack, schemas, situations());
    });

    it("change something, each of them", () => {
        const silent = Object.entries(judgement.dead).filter(([pattern]) => exceptions[pattern] === undefined);
        assert.deepEqual(
            silent.map(([pattern, tried]) => [`posit:${pattern.slice(1)}`, ...tried].join("\n    ")),
            [],
            "accepted, and without an effect in any situation: give it one, or take it out of the schema",
        );
    });

    it("are no exceptions any longer once they do", () => {
        const idle = Object.keys(exceptions).filter((pattern) => judgement.dead[pattern] === undefined);
        assert.deepEqual(
            idle.map((pattern) => `${pattern}: ${judgement.seen[pattern] ?? "is no key"}`),
            [],
        );
    });
}

async function judge(
    stack: StackTemplate,
    [schema, secrets]: [z.ZodType, z.ZodType],
    situations: Situation[],
): Promise<Judgement> {
    const own: Footprint[] = [];
    for (const situation of situations) {
        const base = await footprint(situation, stack, situation.values);
        // A situation that is refused, or that differs from itself, could show anything.
        assert.deepEqual(
            difference(base, await footprint(situation, stack, situation.values)),
            [],
            `${situation.name}, run again`,
        );
        assert.deepEqual(
            base.filter((line) => /^(refused|ended): ./.test(line)),
            [],
            situation.name,
        );
        own.push(base);
    }
    const tries = situations.flatMap((situation, index) =>
        [
            ...leavesOf(schema, situation.values),
            ...leavesOf(secrets, situation.values.secrets, ["secrets"], ".secrets"),
        ].map((leaf) => ({ leaf, situation, base: own[index] })),
    );
    const result: Judgement = { dead: {}, seen: {} };
    for (const pattern of [...patternsOf(schema), ...patternsOf(secrets, ".secrets")]) {
        const tried: string[] = [];
        for (const { leaf, situation, base } of tries.filter(({ leaf }) => leaf.pattern === pattern)) {
            const changed = changedAt(stack, situation, leaf);
            if (changed === undefined) {
                tried.push(`${situation.name}: ${showPath(leaf.path)} can be nothing else there`);
                continue;
            }
            const found = difference(base, await footprint(situation, stack, changed.values));
            if (found.length > 0) {
                result.seen[pattern] = `${situation.name}: ${found[0]}`;
                break;
            }
            tried.push(`${situation.name}: ${showPath(leaf.path)} = ${JSON.stringify(changed.to)}`);
        }
        if (result.seen[pattern] === undefined) {
            result.dead[pattern] = tried;
        }
    }
    return result;
}

function footprint({ run }: Situation, stack: StackTemplate, values: Values): Promise<Footprint> {
    return run(parseConfig(handedOver(values), ["secrets"], stack));
}

/** The first other value that the whole configuration is accepted with. */
function changedAt(
    stack: StackTemplate,
    { values, others = {} }: Situation,
    leaf: Leaf,
): { values: Values; to: unknown } | undefined {
    const value = leaf.path.reduce<unknown>(child, values);
    const known = leaf.pattern in others ? [{ path: leaf.path, to: others[leaf.pattern] }] : changesOf(leaf, value);
    for (const { path, to } of known) {
        const changed = withValue(values, path, to);
        if (isAccepted(stack, changed)) {
            return { values: changed, to };
        }
    }
    return undefined;
}

function changesOf(leaf: Leaf, value: unknown): { path: PropertyKey[]; to: unknown }[] {
    const holder = leaf.path.slice(0, -1);
    if (leaf.path[leaf.path.length - 1] === "kind") {
        // Another kind has other keys.
        const kinds = (["rds", "sqlite", "external", "local"] as const).filter((kind) => kind !== value);
        return kinds.map((kind) => ({ path: holder, to: databaseOf(kind) }));
    }
    if (value === "current") {
        return [{ path: leaf.path, to: { stack: "staging" } }];
    }
    return othersOf(leaf, value).map((to) => ({ path: leaf.path, to }));
}

function isAccepted(stack: StackTemplate, values: Values): boolean {
    try {
        parseConfig(handedOver(values), ["secrets"], stack);
        return true;
    } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        return false;
    }
}
