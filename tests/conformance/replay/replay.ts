// Plays stacks on moto, reads back what stands then, and says what the provider would make of it at the next `up`.
import { typeMappings } from "../calls";
import { Call, callsOf } from "../calls/mapping";
import { logicalName, Resource, StackState } from "../exports";
import type { Finding } from "../findings";
import { ask } from "../python";
import { Gap, gapOf } from "./gaps";
import { readBacks } from "./readBack";
import type { Property } from "./reads/read";
import { worldOf } from "./world";

export interface Play {
    state: StackState;
    /** What differs in production's servers, as parameters of CreateDBInstance. */
    server: Record<string, unknown>;
}

interface Answer {
    plays: { refused: { call: number; says: string }[]; reads: Record<string, unknown>[] }[];
}

interface Reading {
    resource: Resource;
    operation: string;
    parameters: object;
    at: string;
    inputs: Record<string, Property>;
}

export interface Replayed {
    findings: Finding[];
    /** Those of gaps.ts that hid a difference. */
    gaps: Set<Gap>;
}

/** What can be found here. */
export const replayRules = ["replay.refused", "replay.replacement", "replay.change"];

export function replayed(plays: Play[]): Replayed {
    const prepared = plays.map(({ state, server }) => ({
        state,
        world: worldOf(state, server),
        calls: callsOf(state, typeMappings),
        readings: readingsOf(state),
    }));
    const answer = ask<Answer>("play", {
        plays: prepared.map(({ world, calls, readings }) => ({
            calls: [...world, ...calls],
            reads: readings.map(({ operation, parameters, at }) => ({ operation, parameters, at })),
        })),
    });
    const met = new Set<Gap>();
    const findings = prepared.flatMap(({ state, world, calls, readings }, index) => {
        const { refused, reads } = answer.plays[index];
        const all: Call[] = [...world, ...calls];
        return [
            ...refused.map(({ call, says }) => ({
                ...{ stack: state.name, rule: "replay.refused", resource: all[call].resource },
                ...{ about: all[call].operation, says },
            })),
            ...readings.flatMap((reading, number) =>
                differences(state.name, reading, reads[number], (gap) => met.add(gap)),
            ),
        ];
    });
    return { findings, gaps: met };
}

function readingsOf({ resources }: StackState): Reading[] {
    return resources
        .filter(({ type }) => type in readBacks)
        .flatMap((resource) =>
            readBacks[resource.type].reads.map(({ parameters, ...read }) => ({
                ...read,
                resource,
                parameters: parameters(String(resource.id), resource.inputs),
            })),
        );
}

/** @param met takes each gap that kept a difference from being told. */
function differences(
    stack: string,
    { resource, operation, inputs }: Reading,
    read: Record<string, unknown>,
    met: (gap: Gap) => void,
): Finding[] {
    const of = { stack, resource: logicalName(resource) };
    if ("missing" in read) {
        return [{ ...of, rule: "replay.refused", about: operation, says: String(read.missing) }];
    }
    return Object.entries(inputs).flatMap(([input, property]) => {
        const finding = difference(resource, input, property, read);
        const gap = finding && gapOf(resource, input);
        if (gap) met(gap);
        return finding && !gap ? [{ ...of, ...finding }] : [];
    });
}

function difference(
    resource: Resource,
    input: string,
    { at, replaces, absent }: Property,
    read: Record<string, unknown>,
): Pick<Finding, "rule" | "about" | "says"> | undefined {
    const ignored = (resource.ignoreChanges ?? []).some((one) => input === one || input.startsWith(`${one}.`));
    const given = valueAt(resource.inputs, input) ?? absent;
    const [wanted, is] = [comparable(given), comparable(valueAt(read, at) ?? absent)];
    // What the cloud computes where nothing is given is taken as it is.
    if (ignored || given === undefined || wanted === is) return undefined;
    return {
        rule: replaces ? "replay.replacement" : "replay.change",
        about: `${resource.type}.${input}`,
        says: `${input} given ${wanted}, read back ${is ?? "nothing"}: the next \`up\` ${replaces ? "REPLACES it" : "changes it"}`,
    };
}

function valueAt(value: unknown, path: string): unknown {
    return path
        .split(".")
        .reduce<unknown>((inner, step) => (inner as Record<string, unknown> | undefined | null)?.[step], value);
}

/** AWS's lists of pairs, of things with one id, and sets: in one form with what the program gives. */
function comparable(value: unknown): string | undefined {
    if (Array.isArray(value)) {
        const items = value as unknown[];
        return JSON.stringify(items.map(single).sort());
    }
    if (typeof value === "object" && value !== null) {
        return JSON.stringify(
            Object.entries(value)
                .map(([key, item]) => `${key}=${String(item)}`)
                .sort(),
        );
    }
    return value === undefined || value === null ? undefined : JSON.stringify(value);
}

/** Of a list's item: a tag as "key=value", a group, subnet or value by what tells it. */
function single(item: unknown): string {
    if (typeof item !== "object" || item === null) return String(item);
    const { Key, Value, VpcSecurityGroupId, SubnetIdentifier } = item as Record<string, unknown>;
    return Key === undefined
        ? String(VpcSecurityGroupId ?? SubnetIdentifier ?? Value)
        : `${String(Key)}=${String(Value)}`;
}
