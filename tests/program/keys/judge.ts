// Which keys of the configuration have an effect: each leaf of the schema is changed to another valid value in situations where it stands, until
// a run differs from the situation's own.
import assert from "node:assert/strict";
import { z } from "zod";
import { showPath } from "../../../config/explain";
import { ConfigError, parseConfig } from "../../../config/parse";
import { StackConfig } from "../../../config/schema";
import { child } from "../../../config/schemaTree";
import { kinds } from "../../../databases";
import { databaseOf, entryPointsOf, Leaf, leavesOf, othersOf, patternsOf, withValue } from "../../unit/config/leaves";
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

export interface Keys {
    stack: StackTemplate;
    /** Of the configuration and of its secrets. */
    schemas: [z.ZodType, z.ZodType];
    /** Patterns that are one key, though they stand in several places. */
    same?: (pattern: string) => string;
    situations: Situation[];
}

export interface Judgement {
    /** Keys that change nothing, by their patterns, with what was tried. */
    dead: Record<string, string[]>;
    /** What came of each of the others, for whoever doubts. */
    seen: Record<string, string>;
}

/** Of those that need no effect, `exceptions` has the reason. */
export function withoutEffect({ dead }: Judgement, exceptions: Record<string, string>): string[] {
    return Object.entries(dead)
        .filter(([pattern]) => exceptions[pattern] === undefined)
        .map(([pattern, tried]) => [`posit:${pattern.slice(1)}`, ...tried].join("\n    "));
}

export function assertEffects(judgement: Judgement, exceptions: Record<string, string>): void {
    assert.deepEqual(
        withoutEffect(judgement, exceptions),
        [],
        "accepted, and without an effect in any situation: give it one, or take it out of the schema",
    );
}

/** Exceptions that are none: they have an effect by now, or are gone. */
export function idleExceptions({ dead, seen }: Judgement, exceptions: Record<string, string>): string[] {
    return Object.keys(exceptions)
        .filter((pattern) => dead[pattern] === undefined)
        .map((pattern) => `${pattern}: ${seen[pattern] ?? "is no key"}`);
}

export async function judge({ stack, schemas, same = (pattern) => pattern, situations }: Keys): Promise<Judgement> {
    const [schema, secrets] = schemas;
    const tries: Try[] = [];
    for (const situation of situations) {
        const { values } = situation;
        const base = await standing(situation, stack);
        const leaves = [...leavesOf(schema, values), ...leavesOf(secrets, values.secrets, ["secrets"], ".secrets")];
        tries.push(...leaves.map((leaf) => ({ leaf, situation, base })));
    }
    const result: Judgement = { dead: {}, seen: {} };
    const patterns = [...patternsOf(schema), ...patternsOf(secrets, ".secrets")].map(same);
    for (const pattern of new Set(patterns)) {
        const tried: string[] = [];
        for (const one of tries.filter(({ leaf }) => same(leaf.pattern) === pattern)) {
            const { effect, what } = await effectOf(one, stack);
            if (effect !== undefined) {
                result.seen[pattern] = effect.slice(0, 300);
                break;
            }
            tried.push(what);
        }
        if (result.seen[pattern] === undefined) {
            result.dead[pattern] = tried.length > 0 ? tried : ["stands in none of the situations here"];
        }
    }
    return result;
}

/** What happens without a change, twice: a situation that is refused, or that differs from itself, could show anything. */
async function standing(situation: Situation, stack: StackTemplate): Promise<Footprint> {
    const { name, values } = situation;
    const base = await footprint(situation, stack, values);
    assert.deepEqual(difference(base, await footprint(situation, stack, values)), [], `${name}, run again`);
    assert.deepEqual(
        base.filter((line) => /^refused:|^ended: ./.test(line)),
        [],
        name,
    );
    return base;
}

interface Try {
    leaf: Leaf;
    situation: Situation;
    base: Footprint;
}

async function effectOf(
    { leaf, situation, base }: Try,
    stack: StackTemplate,
): Promise<{ effect?: string; what: string }> {
    const what = `${situation.name}: ${showPath(leaf.path)}`;
    const changed = changedAt(stack, situation, leaf);
    if (changed === undefined) {
        return { what: `${what} can be nothing else there` };
    }
    const [first] = difference(base, await footprint(situation, stack, changed.values));
    return {
        what: `${what} = ${JSON.stringify(changed.to)}`,
        ...(first !== undefined && { effect: `${situation.name}: ${first}` }),
    };
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
    const known =
        leaf.pattern in others ? [{ path: leaf.path, to: others[leaf.pattern] }] : changesOf(leaf, value, values);
    for (const { path, to } of known) {
        const changed = withValue(values, path, to);
        if (isAccepted(stack, changed)) {
            return { values: changed, to };
        }
    }
    return undefined;
}

function changesOf(leaf: Leaf, value: unknown, values: Values): { path: PropertyKey[]; to: unknown }[] {
    const holder = leaf.path.slice(0, -1);
    if (leaf.path[leaf.path.length - 1] === "kind") {
        // Another kind has other keys.
        if (holder[0] === "entryPoints") {
            const points = value === "external" ? "route53" : "external";
            return [{ path: holder, to: entryPointsOf(points, holder.reduce<unknown>(child, values)) }];
        }
        return kinds.filter((kind) => kind !== value).map((kind) => ({ path: holder, to: databaseOf(kind) }));
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
