// Unknown → typed configuration, in one pure function: all problems at once, each with its path and a hint.
import { z } from "zod";
import { Refusal } from "../logic/refusal";
import { sealTexts } from "../logic/secret";
import { crossChecks } from "./checks";
import { givenByRole } from "./databaseChecks";
import { explain, Problem, showPath, unsaid } from "./explain";
import { placeholders } from "./placeholders";
import { plainSecrets, readAsNumbers } from "./stackFile";
import {
    environmentSchema,
    environmentSecrets,
    PlainConfig,
    productionSchema,
    productionSecrets,
    StackConfig,
} from "./schema";
import { bare, exampleOf, schemaAt } from "./schemaTree";

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
 * @param stackFile text of the stack's own file, where there is one: only it tells a plain leaf from an encrypted one.
 * @throws ConfigError with every problem.
 */
export function parseConfig(
    values: Record<string, string>,
    secretKeys: string[],
    stack: string,
    stackFile?: string,
): StackConfig {
    const [schema, secretsSchema] = schemasOf(values, stack);
    const { secrets: secretText, ...plainTexts } = values;
    const plain = decoded(plainTexts, schema);
    const secrets = secretText === undefined ? {} : givenByRole(decode(secretText, secretsSchema));
    const parsed = schema.safeParse(plain, { error: () => unsaid });
    const parsedSecrets = secretsSchema.safeParse(secrets, { error: () => unsaid });
    const problems = [
        ...plainProblems(schema, plain, parsed, secrets, stack),
        ...(parsedSecrets.success ? [] : secretProblems(parsedSecrets.error, secretsSchema, secrets)),
        ...(secretText !== undefined && !secretKeys.includes("secrets") ? [storedPlain("posit:secrets")] : []),
        ...plainLeaves(stackFile, secretKeys),
        ...otherTexts(stackFile, plainTexts, schema),
    ];
    if (problems.length > 0 || !parsed.success || !parsedSecrets.success) {
        throw new ConfigError([...new Set(problems)], stack);
    }
    return { ...parsed.data, secrets: sealTexts(parsedSecrets.data) } as StackConfig;
}

/**
 * The same for a question that needs no secret: nobody has to decrypt one, and what is wrong with them is not said.
 * @throws ConfigError with every other problem.
 */
export function parseWithoutSecrets(values: Record<string, string>, stack: string): PlainConfig {
    const [schema] = schemasOf(values, stack);
    const plain = decoded(Object.fromEntries(Object.entries(values).filter(([key]) => key !== "secrets")), schema);
    const parsed = schema.safeParse(plain, { error: () => unsaid });
    const problems = plainProblems(schema, plain, parsed, {}, stack).filter(
        (problem) => !problem.startsWith("posit:secrets"),
    );
    if (problems.length > 0 || !parsed.success) {
        throw new ConfigError([...new Set(problems)], stack);
    }
    return parsed.data;
}

function schemasOf({ role }: Record<string, string>, stack: string) {
    if (role !== "environment" && role !== "production") {
        throw new ConfigError(
            [`posit:role: must be "environment" or "production"${role === undefined ? "" : `, not ${short(role)}`}`],
            stack,
        );
    }
    return role === "environment"
        ? ([environmentSchema, environmentSecrets] as const)
        : ([productionSchema, productionSecrets] as const);
}

function decoded(texts: Record<string, string>, schema: z.ZodType): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(texts).map(([key, text]) => [key, decode(text, schemaAt(schema, [key], undefined))]),
    );
}

/** JSON may have this key, and the schema library passes it over. */
function unseenKeys(value: unknown, path: PropertyKey[] = []): Problem[] {
    return typeof value !== "object" || value === null
        ? []
        : Object.entries(value).flatMap(([key, item]) =>
              key === "__proto__"
                  ? [{ path: [...path, key], says: "unknown key" }]
                  : unseenKeys(item, [...path, Array.isArray(value) ? Number(key) : key]),
          );
}

function short(text: string): string {
    return text.length > 40 ? "a longer text" : JSON.stringify(text);
}

/** Objects, lists, numbers and switches come as JSON text, texts as they are: "20261121" and "12e3" are tokens as good as others. */
function decode(text: string, schema: z.ZodType | undefined): unknown {
    const kind = schema && bare(schema);
    if (
        kind === undefined ||
        kind instanceof z.ZodString ||
        kind instanceof z.ZodEnum ||
        kind instanceof z.ZodLiteral
    ) {
        return text;
    }
    try {
        const value = JSON.parse(text) as unknown;
        return kind instanceof z.ZodUnion && (typeof value !== "object" || value === null) ? text : value;
    } catch {
        return text;
    }
}

/**
 * The schema's findings, the template's left-overs, and what is wrong between settings. These are asked even where a setting is wrong
 * in itself: an example stands in for it, and what is said about that example is left out.
 */
function plainProblems(
    schema: typeof environmentSchema | typeof productionSchema,
    plain: unknown,
    parsed: ReturnType<typeof environmentSchema.safeParse> | ReturnType<typeof productionSchema.safeParse>,
    secrets: unknown,
    stack: string,
): string[] {
    const leftOver = [...placeholders(plain), ...unseenKeys(plain)];
    const wrong = parsed.success ? [] : parsed.error.issues.flatMap((issue) => explain(issue, schema, plain));
    const own = [
        ...leftOver,
        ...wrong.filter(({ path }) => !leftOver.some((other) => showPath(other.path) === showPath(path))),
    ];
    const whole = parsed.success ? parsed : schema.safeParse(repaired(schema, plain, wrong), { error: () => unsaid });
    const between = whole.success ? crossChecks(whole.data, secrets, stack) : [];
    const touched = own.map(({ path }) => showPath(path));
    return [
        ...own.map(({ path, says }) => `${showPath(path)}: ${says}`),
        ...between
            .filter(({ at, also = [] }) => ![at, ...also].some((place) => touched.some((path) => meets(place, path))))
            .map(({ at, says }) => `${at}: ${says}`),
    ];
}

/** Whether one is the other, or lies within it. */
function meets(a: string, b: string): boolean {
    const below = (inner: string, outer: string) =>
        inner.startsWith(outer) && (inner.length === outer.length || /[.[]/.test(inner[outer.length]));
    return below(a, b) || below(b, a);
}

/** A copy with an example at each place that has a problem; unknown keys are gone. */
function repaired(schema: z.ZodType, value: unknown, problems: Problem[]): unknown {
    const copy = structuredClone(value);
    for (const { path } of problems) {
        const key = path[path.length - 1];
        const holder = path
            .slice(0, -1)
            .reduce<unknown>((here, part) => (here as Record<PropertyKey, unknown>)?.[part], copy);
        if (key === undefined || typeof holder !== "object" || holder === null) {
            continue;
        }
        const place = schemaAt(schema, path, value);
        const example = place && exampleOf(place);
        if (example === undefined) {
            delete (holder as Record<PropertyKey, unknown>)[key];
        } else {
            (holder as Record<PropertyKey, unknown>)[key] = example;
        }
    }
    return copy;
}

function secretProblems(error: z.ZodError, schema: z.ZodType, secrets: unknown): string[] {
    return error.issues
        .flatMap((issue) => explain(issue, schema, secrets))
        .map(({ path, says }) => {
            const key = showPath(["secrets", ...path]);
            return says.startsWith("unknown key") ? `${key}: ${says}` : `${key}: ${says}. ${howToSet(key)}`;
        });
}

function howToSet(key: string): string {
    return `Set it with \`pulumi config set --secret --path ${key}\`.`;
}

function storedPlain(key: string): string {
    return `${key}: is stored as plain text. Set each value anew with \`pulumi config set --secret --path ${key === "posit:secrets" ? "posit:secrets.NAME" : key}\`, and change what was exposed.`;
}

/** The whole key's being plain was said already. */
function plainLeaves(stackFile: string | undefined, secretKeys: string[]): string[] {
    return stackFile === undefined || !secretKeys.includes("secrets")
        ? []
        : (plainSecrets(stackFile) ?? []).map((path) => storedPlain(showPath(path)));
}

function otherTexts(stackFile: string | undefined, values: Record<string, string>, schema: z.ZodType): string[] {
    return (stackFile === undefined ? [] : readAsNumbers(stackFile, values))
        .filter(({ key }) => {
            const field = schemaAt(schema, [key], undefined);
            return field !== undefined && bare(field) instanceof z.ZodString;
        })
        .map(
            ({ key, written }) =>
                `${showPath([key])}: is read as the number ${values[key]}; put it in quotes: "${written}"`,
        );
}
