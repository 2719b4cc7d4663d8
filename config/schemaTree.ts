// Walks the schema: what stands at a path, its words, and an example of it.
import { z } from "zod";

interface Words {
    description?: string;
    examples?: unknown[];
    caution?: string;
    must?: string;
    /** Keys that stood here once, or that others rule out → what to write instead, as "is … now". */
    instead?: Record<string, string>;
}

/** Without what makes it optional or gives it a default. */
export function bare(schema: z.ZodType): z.ZodType {
    return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
        ? bare(schema.unwrap() as z.ZodType)
        : schema;
}

export function wordsOf(schema: z.ZodType): Words {
    const inner = bare(schema);
    return { ...(inner.meta() as Words | undefined), ...(schema.meta() as Words | undefined) };
}

/** The rule that a value at this place must keep, in words that stand in every message about it. */
export function ruleOf(schema: z.ZodType): string {
    const inner = bare(schema);
    const { must } = wordsOf(schema);
    if (must !== undefined) {
        return must;
    }
    if (inner instanceof z.ZodEnum || inner instanceof z.ZodLiteral) {
        return `must be ${choices(inner).join(" or ")}`;
    }
    if (inner instanceof z.ZodBoolean) {
        return "must be true or false";
    }
    if (inner instanceof z.ZodArray) {
        return "must be a list";
    }
    if (inner instanceof z.ZodObject) {
        return `must be an object with ${Object.keys(inner.shape as object).join(", ")}`;
    }
    throw new Error(`a leaf of the configuration has no rule: ${inner.constructor.name}`);
}

function choices(schema: z.ZodEnum | z.ZodLiteral): string[] {
    return (schema instanceof z.ZodEnum ? schema.options : [...schema.values]).map(String);
}

/** How the example stands in the file; texts that YAML reads as something else stand in quotes. */
export function shownExample(schema: z.ZodType): string | undefined {
    const example = wordsOf(schema).examples?.[0];
    return typeof example === "string"
        ? looksLikeNumberOrDate(example)
            ? JSON.stringify(example)
            : example
        : example === undefined
          ? undefined
          : String(example);
}

function looksLikeNumberOrDate(text: string): boolean {
    return /^[\d.:+-]+$|^\d{4}-\d\d-\d\dT|^\d+e\d+$/.test(text);
}

/** A value that this schema takes; undefined where only a person has one (keys, certificates). */
export function exampleOf(schema: z.ZodType): unknown {
    const inner = bare(schema);
    const example = wordsOf(schema).examples?.[0];
    if (example !== undefined) {
        return example;
    }
    if (inner instanceof z.ZodObject) {
        const wanted = Object.entries(inner.shape as Record<string, z.ZodType>).filter(([, field]) =>
            isRequired(field),
        );
        return Object.fromEntries(wanted.map(([key, field]) => [key, exampleOf(field)]));
    }
    if (inner instanceof z.ZodUnion) {
        return exampleOf((inner.options as z.ZodType[])[0]);
    }
    if (inner instanceof z.ZodArray) {
        const item = exampleOf(inner.element as z.ZodType);
        return Array.from({ length: inner.def.checks?.length ? 2 : 0 }, () => item);
    }
    if (inner instanceof z.ZodRecord) {
        return {};
    }
    if (inner instanceof z.ZodEnum || inner instanceof z.ZodLiteral) {
        return inner instanceof z.ZodEnum ? inner.options[0] : [...inner.values][0];
    }
    return inner instanceof z.ZodBoolean ? true : undefined;
}

function isRequired(schema: z.ZodType): boolean {
    return !(schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault);
}

/** What stands at that path; of alternatives the one that `value` is meant for. */
export function schemaAt(schema: z.ZodType, path: PropertyKey[], value: unknown): z.ZodType | undefined {
    const here = bare(schema);
    if (path.length === 0) {
        return schema;
    }
    const [key, ...rest] = path;
    const below = child(value, key);
    if (here instanceof z.ZodObject) {
        const field = Object.hasOwn(here.shape as object, key)
            ? (here.shape as Record<PropertyKey, z.ZodType>)[key]
            : undefined;
        return field && schemaAt(field, rest, below);
    }
    if (here instanceof z.ZodArray) {
        return schemaAt(here.element as z.ZodType, rest, below);
    }
    if (here instanceof z.ZodRecord) {
        return schemaAt(here.valueType as z.ZodType, rest, below);
    }
    return here instanceof z.ZodUnion ? schemaAt(optionFor(here, value), path, value) : undefined;
}

export function child(value: unknown, key: PropertyKey): unknown {
    return typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined;
}

/** Of alternatives, the one that was meant: by its literals (`kind: local`) first, then by the keys that it shares. */
export function optionFor(union: z.ZodUnion, value: unknown): z.ZodType {
    const options = union.options as z.ZodType[];
    const points = (option: z.ZodType): number => {
        const inner = bare(option);
        if (inner instanceof z.ZodArray) {
            return Array.isArray(value) ? 1 : 0;
        }
        if (!(inner instanceof z.ZodObject) || typeof value !== "object" || value === null) {
            return inner instanceof z.ZodObject ? 0 : typeof value === "string" ? 1 : 0;
        }
        return Object.entries(inner.shape as Record<string, z.ZodType>)
            .map(([key, field]): number => {
                const given = child(value, key);
                const literal = bare(field);
                if (given === undefined) {
                    return literal instanceof z.ZodLiteral && !isRequired(field) ? 50 : 0;
                }
                return literal instanceof z.ZodLiteral ? (literal.values.has(given as string) ? 100 : 0) : 1;
            })
            .reduce((sum, point) => sum + point, 0);
    };
    return options.reduce((best, option) => (points(option) > points(best) ? option : best));
}
