// Unknown → typed configuration, in one pure function: all problems at once, each with its path and a hint.
import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { Refusal } from "../logic/refusal";
import { crossChecks } from "./checks";
import { environmentSchema, environmentSecrets, productionSchema, productionSecrets, StackConfig } from "./schema";

/** Every problem of a configuration, as one message for people. */
export class ConfigError extends Refusal {
    constructor(
        readonly problems: string[],
        stack: string,
    ) {
        super(
            `Pulumi.${stack}.yaml has ${problems.length === 1 ? "a problem" : `${problems.length} problems`} (docs/configuration.md has every key):\n` +
                problems.map((problem) => `  - ${problem}`).join("\n"),
        );
        this.name = "ConfigError";
    }
}

/**
 * @param values configuration of the namespace `posit`, key → raw text (JSON where it is an object).
 * @param secretKeys keys that the engine holds as secrets.
 * @throws ConfigError with every problem.
 */
export function parseConfig(values: Record<string, string>, secretKeys: string[], stack: string): StackConfig {
    const raw = Object.fromEntries(Object.entries(values).map(([key, text]) => [key, decode(text)]));
    const role = raw.role;
    if (role !== "environment" && role !== "production") {
        throw new ConfigError(
            [`posit:role: must be "environment" or "production", not ${JSON.stringify(role)}`],
            stack,
        );
    }
    const { secrets, ...plain } = raw;
    const [schema, secretsSchema] =
        role === "environment" ? [environmentSchema, environmentSecrets] : [productionSchema, productionSecrets];
    const parsed = schema.safeParse(plain);
    const parsedSecrets = secretsSchema.safeParse(secrets ?? {});
    const problems = [
        ...(parsed.success
            ? crossChecks(parsed.data, parsedSecrets.data)
            : parsed.error.issues.flatMap((issue) => explain(issue, [], schema))),
        ...(parsedSecrets.success ? [] : parsedSecrets.error.issues.flatMap((issue) => explainSecret(issue))),
        ...(secrets !== undefined && !secretKeys.includes("secrets")
            ? [
                  "posit:secrets: is stored as plain text. Set each value anew with `pulumi config set --secret --path posit:secrets.NAME`, and change what was exposed.",
              ]
            : []),
    ];
    if (problems.length > 0 || !parsed.success || !parsedSecrets.success) {
        throw new ConfigError(problems, stack);
    }
    return { ...parsed.data, secrets: parsedSecrets.data } as StackConfig;
}

/** Objects and numbers come as JSON text, plain strings as they are. */
function decode(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return text;
    }
}

type Issue = z.core.$ZodIssue;

function explain(issue: Issue, prefix: PropertyKey[], schema: z.ZodType): string[] {
    const path = [...prefix, ...issue.path];
    if (issue.code === "unrecognized_keys") {
        const known = knownKeys(schema, issue.path);
        return issue.keys.map((key) => `${show([...path, key])}: unknown key${suggest(key, known)}`);
    }
    if (issue.code === "invalid_union") {
        // The branch with the fewest problems is the one that was meant.
        const branch = [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? [];
        return branch.length > 0
            ? branch.flatMap((inner) => explain(inner, path, schema))
            : [`${show(path)}: ${issue.message}`];
    }
    return [`${show(path)}: ${issue.message}`];
}

/** A secret's problem must not quote the secret. */
function explainSecret(issue: Issue): string[] {
    const path = ["secrets", ...issue.path].map(String).join(".");
    if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) => `posit:${path}.${key}: unknown key`);
    }
    return [`posit:${path}: ${issue.message}. Set it with \`pulumi config set --secret --path posit:${path}\`.`];
}

function show(path: PropertyKey[]): string {
    return `posit:${path.map((part, index) => (typeof part === "number" ? `[${part}]` : (index > 0 ? "." : "") + String(part))).join("")}`;
}

/** Keys of the object at that path, as far as the schema is made of plain objects. */
function knownKeys(schema: z.ZodType, path: PropertyKey[]): string[] {
    let here: z.ZodType | undefined = schema;
    for (const part of path) {
        here = here && inner(here);
        here =
            here instanceof z.ZodObject
                ? (here.shape as Record<string, z.ZodType>)[String(part)]
                : here instanceof z.ZodArray
                  ? (here.element as z.ZodType)
                  : undefined;
    }
    const object = here && inner(here);
    return object instanceof z.ZodObject ? Object.keys(object.shape as object) : [];
}

function inner(schema: z.ZodType): z.ZodType {
    return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
        ? inner(schema.unwrap() as z.ZodType)
        : schema;
}

function suggest(key: string, known: string[]): string {
    const nearest = [...known].sort((a, b) => distance(a, key) - distance(b, key))[0];
    return nearest !== undefined && distance(nearest, key) <= Math.max(2, key.length / 2)
        ? `; did you mean "${nearest}"?`
        : known.length > 0
          ? `; known here: ${known.join(", ")}`
          : "";
}
