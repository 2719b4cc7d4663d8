// Writes what is made from the schema, docs/configuration.md for people and posit.schema.json for editors; with --check it only tells which of
// them is stale.
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { editorSchemaText } from "./editorSchema";
import { environmentSchema, environmentSecrets, productionSchema, productionSecrets } from "./schema";

interface Row {
    path: string;
    type: string;
    required: boolean;
    fallback?: string;
    text: string;
    example?: string;
    caution?: string;
}

interface Meta {
    description?: string;
    examples?: unknown[];
    caution?: string;
}

/** File → its text. */
const made: [file: string, text: () => string][] = [
    [path.join(__dirname, "..", "docs", "configuration.md"), configurationPage],
    [path.join(__dirname, "..", "posit.schema.json"), editorSchemaText],
];

function rowsOf(schema: z.ZodType, prefix: string): Row[] {
    const bare = unwrap(schema).schema;
    if (bare instanceof z.ZodObject) {
        const shape = bare.shape as Record<string, z.ZodType>;
        return Object.entries(shape).flatMap(([key, inner]) => {
            const here = `${prefix}${prefix.endsWith(":") ? "" : "."}${key}`;
            return [rowOf(here, inner), ...nested(inner, here)];
        });
    }
    return [];
}

/** What lies below a key: the fields of an object, of a list's items, of each alternative. */
function nested(schema: z.ZodType, here: string): Row[] {
    const { schema: bare } = unwrap(schema);
    if (bare instanceof z.ZodObject) {
        return rowsOf(bare, here);
    }
    if (bare instanceof z.ZodArray) {
        return nested(bare.element as z.ZodType, `${here}[]`);
    }
    if (bare instanceof z.ZodUnion) {
        const [first, ...others] = (bare.options as z.ZodType[]).map((option) => rowsOf(option, here));
        // What all alternatives have is said once.
        const common = (row: Row) => [first, ...others].every((rows) => rows.some((other) => isSameRow(row, other)));
        return [...first, ...others.flatMap((rows) => rows.filter((row) => !common(row)))];
    }
    return [];
}

function isSameRow(one: Row, other: Row): boolean {
    return JSON.stringify(one) === JSON.stringify(other);
}

function rowOf(here: string, schema: z.ZodType): Row {
    const { schema: bare, optional, fallback, meta } = unwrap(schema);
    return {
        path: here,
        type: typeName(bare),
        required: !optional,
        fallback: fallback === undefined ? undefined : JSON.stringify(fallback),
        text: meta.description ?? "",
        example: meta.examples?.map((example) => `\`${String(example)}\``).join(", "),
        caution: meta.caution,
    };
}

function unwrap(schema: z.ZodType): { schema: z.ZodType; optional: boolean; fallback?: unknown; meta: Meta } {
    const meta = (schema.meta() ?? {}) as Meta;
    if (schema instanceof z.ZodOptional) {
        const inner = unwrap(schema.unwrap() as z.ZodType);
        return { ...inner, optional: true, meta: { ...inner.meta, ...meta } };
    }
    if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
        const inner = unwrap(schema.unwrap() as z.ZodType);
        return { ...inner, optional: true, fallback: schema.def.defaultValue, meta: { ...inner.meta, ...meta } };
    }
    return { schema, optional: false, meta };
}

function typeName(schema: z.ZodType): string {
    if (schema instanceof z.ZodEnum) {
        return schema.options.map((option) => `"${option}"`).join(" \\| ");
    }
    if (schema instanceof z.ZodLiteral) {
        return [...schema.values].map((value) => JSON.stringify(value)).join(" \\| ");
    }
    if (schema instanceof z.ZodArray) {
        return `list of ${typeName(schema.element as z.ZodType)}`;
    }
    if (schema instanceof z.ZodUnion) {
        return [...new Set((schema.options as z.ZodType[]).map(typeName))].join(" \\| ");
    }
    if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) {
        return "object";
    }
    return schema instanceof z.ZodNumber ? "number" : schema instanceof z.ZodBoolean ? "boolean" : "string";
}

function table(rows: Row[]): string {
    const lines = rows.map((row) => {
        const caution = row.caution ? ` **Caution:** ${row.caution}` : "";
        const example = row.example ? ` Example: ${row.example}.` : "";
        const fallback = row.required ? "required" : row.fallback === undefined ? "" : `\`${row.fallback}\``;
        return `| \`${row.path}\` | ${row.type} | ${fallback} | ${row.text}${example}${caution} |`;
    });
    return ["| key | type | default | |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

export function configurationPage(): string {
    return [
        "# Configuration",
        "",
        "<!-- Generated from config/schema.ts by `make docs`; do not edit. -->",
        "",
        "Keys of `Pulumi.<stack>.yaml`. Unknown keys are refused; all problems are shown at once. Secrets are set with",
        "`pulumi config set --secret --path posit:secrets.NAME` and stand in the file encrypted.",
        "",
        "Editors with [yaml-language-server](https://github.com/redhat-developer/yaml-language-server) (VS Code's YAML extension and others)",
        "complete keys, show this page's texts and mark most mistakes where a stack file's first line is",
        "`# yaml-language-server: $schema=posit.schema.json`, as in the templates; the path is seen from the stack file. `pulumi up` tells all.",
        "",
        "## An environment (`posit:role: environment`)",
        "",
        table(rowsOf(environmentSchema, "posit:")),
        "",
        "### Its secrets",
        "",
        table(rowsOf(environmentSecrets, "posit:secrets")),
        "",
        "## The production side (`posit:role: production`)",
        "",
        table(rowsOf(productionSchema, "posit:")),
        "",
        "### Its secrets",
        "",
        table(rowsOf(productionSecrets, "posit:secrets")),
        "",
    ].join("\n");
}

if (require.main === module) {
    if (process.argv.includes("--check")) {
        const stale = made.filter(([file, text]) => !fs.existsSync(file) || fs.readFileSync(file, "utf8") !== text());
        for (const [file] of stale) {
            console.error(`${path.relative("", file)} is stale: run \`make docs\` and commit it.`);
        }
        process.exitCode = stale.length > 0 ? 1 : 0;
    } else {
        for (const [file, text] of made) fs.writeFileSync(file, text());
    }
}
