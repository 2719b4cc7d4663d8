// The schema's findings in words: path, what is wrong, an example. Nothing of a secret is ever repeated.
import { z } from "zod";
import { nearestOf } from "./common";
import { bare, child, optionFor, ruleOf, schemaAt, shownExample, wordsOf } from "./schemaTree";

export interface Problem {
    path: PropertyKey[];
    says: string;
}

type Issue = z.core.$ZodIssue;

/** Stands where the schema says nothing of its own, so that the library's words are never seen. */
export const unsaid = "";

/** @param value what was parsed, from its root. */
export function explain(issue: Issue, schema: z.ZodType, value: unknown, prefix: PropertyKey[] = []): Problem[] {
    const path = [...prefix, ...issue.path];
    const here = schemaAt(schema, path, value);
    const given = path.reduce(child, value);
    if (issue.code === "unrecognized_keys") {
        const known = here ? keysOf(bare(here), given) : [];
        const instead = (here && wordsOf(here).instead) ?? {};
        return issue.keys.map((key) => ({
            path: [...path, key],
            says: Object.hasOwn(instead, key) ? instead[key] : `unknown key${suggest(key, known)}`,
        }));
    }
    if (issue.code === "invalid_key") {
        return issue.issues.map((inner) => ({ path, says: inner.message || "is no name that can stand here" }));
    }
    if (issue.code === "invalid_union" && here) {
        const union = bare(here) as z.ZodUnion;
        const option = optionFor(union, given);
        const inner = issue.errors[(union.options as z.ZodType[]).indexOf(option)] ?? [];
        return inner.length > 0 && bare(option) instanceof z.ZodObject && isObject(given)
            ? inner.flatMap((each) => explain(each, schema, value, path))
            : [{ path, says: sentence(issue, here, given) }];
    }
    return [{ path, says: here ? sentence(issue, here, given) : "can't be here" }];
}

function sentence(issue: Issue, schema: z.ZodType, given: unknown): string {
    const rule = ruleOf(schema);
    const said =
        issue.message !== unsaid
            ? issue.message
            : given === undefined
              ? `is missing; ${rule}`
              : given === null
                ? `is empty; ${rule}`
                : issue.code === "invalid_type" && kindOf(given) !== issue.expected
                  ? `${rule}, not ${article(kindOf(given))}${quoting(schema, given)}`
                  : rule;
    const example = shownExample(schema);
    if (typeof given === "string" && engineDate.test(given)) {
        return `${said} (a date without quotes is read as ${given}: put it in quotes)${example === undefined ? "" : `; for example ${example}`}`;
    }
    return example === undefined || said.includes(example) ? said : `${said}; for example ${example}`;
}

/** How the engine hands over 2026-11-21 without quotes (seen with 3.248.0). */
const engineDate = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} \w+$/;

/** YAML reads 2026 as a number and 2026-11-21 as a date where a text is meant. */
function quoting(schema: z.ZodType, given: unknown): string {
    return bare(schema) instanceof z.ZodString && typeof given !== "object" ? " (put it in quotes)" : "";
}

function kindOf(value: unknown): string {
    return Array.isArray(value) ? "list" : typeof value === "string" ? "text" : typeof value;
}

function article(kind: string): string {
    return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

function isObject(value: unknown): boolean {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keysOf(schema: z.ZodType, value: unknown): string[] {
    if (schema instanceof z.ZodUnion) {
        return keysOf(bare(optionFor(schema, value)), value);
    }
    return schema instanceof z.ZodObject ? Object.keys(schema.shape as object) : [];
}

function suggest(key: string, known: string[]): string {
    const nearest = nearestOf(key, known);
    return nearest !== undefined
        ? `; did you mean "${nearest}"?`
        : known.length > 0
          ? `; known here: ${known.join(", ")}`
          : "";
}

/** "posit:current.connect.dataVolumes[0].mount"; a key of unusual letters stands in quotes. */
export function showPath(path: PropertyKey[]): string {
    const parts = path.map((part, index) =>
        typeof part === "number"
            ? `[${part}]`
            : /^[A-Za-z][\w-]*$/.test(String(part))
              ? `${index > 0 ? "." : ""}${String(part)}`
              : `[${JSON.stringify(part)}]`,
    );
    return `posit:${parts.join("")}`;
}
