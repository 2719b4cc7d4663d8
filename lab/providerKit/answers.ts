// What a provider answers of a type that the cloud is asked about: the cloud's own words, and of what was given only what no API answers.
import { alike, named } from "./diff";
import type { ResourceType } from "./resource";
import { Properties } from "./values";

type Behaviour = Pick<ResourceType, "inputs" | "kept" | "sets" | "forceNew" | "optionalComputed">;

const pick = (values: Properties, keys: string[] = []): Properties =>
    Object.fromEntries(keys.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));

/** `answered` is the cloud's; a type that says nothing of its inputs is its own cloud, and what was given stands. */
export function outputsOf(type: Behaviour, given: Properties, answered: Properties): Properties {
    return type.inputs ? { ...pick(given, type.kept), ...answered } : { ...given, ...answered };
}

/** What a program must have given for what stands: after a refresh under the names that it used, after an import under all. */
export function inputsOf(type: Behaviour, given: Properties | undefined, answered: Properties): Properties {
    const { inputs = [], kept = [] } = type;
    if (!given) {
        return pick(answered, inputs);
    }
    const entries = Object.entries(given).map(([key, value]) => {
        const itself = key.startsWith("__") || kept.includes(key) || alike(type, key, answered[key], value);
        const filled = type.optionalComputed?.includes(key) ?? false;
        return [key, itself ? value : filled ? named(answered[key], value) : answered[key]] as const;
    });
    return Object.fromEntries(entries);
}

/** What a type does not have; the real provider refuses such a program too. */
export function strangers(type: Behaviour, given: Properties): string[] {
    return type.inputs ? Object.keys(given).filter((key) => !key.startsWith("__") && !type.inputs?.includes(key)) : [];
}
