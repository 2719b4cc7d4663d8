// The leaves of the configuration, each with its place in a value and in the schema, and what else could stand there.
import { z } from "zod";
import { bare, child, optionFor, wordsOf } from "../../../config/schemaTree";
import type { Kind } from "../../../databases/kinds";
import { certificate, signingKey, type Values } from "./samples";
import { generateKeyPair } from "../../../lab/keyPair";

export interface Leaf {
    path: PropertyKey[];
    schema: z.ZodType;
    /** The same for every place that the same words of the schema describe. */
    pattern: string;
}

/** Leaves of the schema that a value has, and the patterns of all that the schema has. */
export function leavesOf(schema: z.ZodType, value: unknown, path: PropertyKey[] = [], pattern = ""): Leaf[] {
    const here = bare(schema);
    if (here instanceof z.ZodObject) {
        return Object.entries(here.shape as Record<string, z.ZodType>).flatMap(([key, field]) =>
            child(value, key) === undefined
                ? []
                : leavesOf(field, child(value, key), [...path, key], `${pattern}.${key}`),
        );
    }
    if (here instanceof z.ZodArray) {
        return (value as unknown[]).flatMap((item, index) =>
            leavesOf(here.element as z.ZodType, item, [...path, index], `${pattern}[]`),
        );
    }
    if (here instanceof z.ZodRecord) {
        return Object.entries(value as Values).flatMap(([key, item]) =>
            leavesOf(here.valueType as z.ZodType, item, [...path, key], `${pattern}{}`),
        );
    }
    if (here instanceof z.ZodUnion) {
        const option = optionFor(here, value);
        return leavesOf(option, value, path, `${pattern}|${(here.options as z.ZodType[]).indexOf(option)}`);
    }
    return [{ path, schema, pattern }];
}

export function patternsOf(schema: z.ZodType, pattern = ""): string[] {
    const here = bare(schema);
    if (here instanceof z.ZodObject) {
        return Object.entries(here.shape as Record<string, z.ZodType>).flatMap(([key, field]) =>
            patternsOf(field, `${pattern}.${key}`),
        );
    }
    if (here instanceof z.ZodArray) return patternsOf(here.element as z.ZodType, `${pattern}[]`);
    if (here instanceof z.ZodRecord) return patternsOf(here.valueType as z.ZodType, `${pattern}{}`);
    if (here instanceof z.ZodUnion) {
        return (here.options as z.ZodType[]).flatMap((option, index) => patternsOf(option, `${pattern}|${index}`));
    }
    return [pattern];
}

/** The value with something else at that path; `undefined` takes it away. */
export function withValue(value: Values, path: PropertyKey[], wanted: unknown): Values {
    const copy = structuredClone(value) as Values;
    const holder = path.slice(0, -1).reduce<unknown>(child, copy) as Record<PropertyKey, unknown>;
    const key = path[path.length - 1];
    if (wanted === undefined) delete holder[key];
    else holder[key] = wanted;
    return copy;
}

/** A product's fields are the same three times. */
export const alike = (pattern: string) =>
    pattern.replace(/\.(packageManager|workbench|connect)(?=\.|$|\|)/g, ".PRODUCT");

export function databaseOf(kind: Kind): Values {
    const role = "main";
    const named = { name: "n", user: "u" };
    return {
        rds: { role, kind, server: "acme-db", ...named },
        sqlite: { role, kind },
        external: { role, kind, host: "db2.acme.com", port: 5432, ...named },
        local: { role, kind, unit: "pg", dataDirectory: "/home/pg", ...named },
    }[kind];
}

/** With the same names. */
export function entryPointsOf(kind: "route53" | "external", points: unknown): Values {
    const { packageManager, workbench, connect } = points as Values;
    return {
        ...{ kind, packageManager, workbench, connect },
        ...(kind === "route53"
            ? { zone: "Z0A1B2C3D4E5F6G7H8I9J", ttl: 60 }
            : { scheme: "https", port: 8443, patienceMinutes: 30 }),
    };
}

const otherKey = generateKeyPair();
/** What only a person has: other whole ones, by the last word of the place. */
const otherTexts: Record<string, string> = {
    hostKey: otherKey.public,
    sshPrivateKey: otherKey.private,
    bootstrapHostKey: otherKey.private,
    caCertificate: certificate + certificate,
    databaseCaCertificate: certificate + certificate,
    signingKey: signingKey.replace("BAQdA", "BAQdB"),
};

/** What could stand there instead, the likeliest first; whether it may in the whole is the parser's to say. */
export function othersOf({ schema, path }: Leaf, value: unknown): unknown[] {
    const inner = bare(schema);
    const name = String(path[path.length - 1]);
    if (name in otherTexts) {
        return [otherTexts[name]];
    }
    const examples = wordsOf(schema).examples ?? [];
    return [...examples, ...variants(inner, value)].filter((other) => other !== value);
}

function variants(schema: z.ZodType, value: unknown): unknown[] {
    if (schema instanceof z.ZodEnum) return schema.options;
    if (typeof value === "boolean") return [!value];
    if (typeof value === "number") return [value + 1, value - 1];
    if (typeof value !== "string" || schema instanceof z.ZodLiteral) return [];
    const next = (digit: string) => String((Number(digit) + 1) % 10);
    return [
        value.replace(/\d(?=\D*$)/, next),
        value.replace(/\d/, next),
        `${value}x`,
        `x${value}`,
        value.slice(0, -1),
        value.replace(/\w(?=\W*$)/, "b"),
    ];
}
