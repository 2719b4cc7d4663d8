// The stack files' schema for editors (posit.schema.json), from the same schema that the program reads. It knows types, words and patterns;
// what only the program can tell (conditions between settings, keys, ranges) it lets through.
import { z } from "zod";
import { environmentSchema, environmentSecrets, productionSchema, productionSecrets } from "./schema";
import { wordsOf } from "./schemaTree";

interface JsonSchema {
    type?: string;
    description?: string;
    properties?: Record<string, JsonSchema>;
    required?: string[];
    [key: string]: unknown;
}

/** Draft 7: what yaml-language-server reads. */
function written(schema: z.ZodType): JsonSchema {
    const made = z.toJSONSchema(schema, {
        target: "draft-7",
        io: "input",
        override: ({ zodSchema, jsonSchema }) => {
            const { description, must, caution } = wordsOf(zodSchema as unknown as z.ZodType);
            const says = [description, must && `It ${must}.`, caution && `Caution: ${caution}`];
            // Ours, which no editor knows.
            for (const word of ["must", "caution", "instead"]) delete jsonSchema[word];
            if (says.some(Boolean)) jsonSchema.description = says.filter(Boolean).join(" ");
        },
    });
    delete made.$schema; // it is said once, at the top
    return made as JsonSchema;
}

/** In the file a secret is what `pulumi config set --secret` makes of it. */
const encrypted = {
    type: "object",
    properties: { secure: { type: "string" } },
    required: ["secure"],
    additionalProperties: false,
};

function sealed(schema: JsonSchema): JsonSchema {
    const { properties, description } = schema;
    return properties === undefined
        ? { ...encrypted, ...(description !== undefined && { description }) }
        : {
              ...schema,
              properties: Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, sealed(inner)])),
              // They are set one after the other, when the file stands.
              required: [],
          };
}

/** Keys as the file has them: "posit:names"; those of other namespaces are none of ours. */
function role(schema: z.ZodType, secrets: z.ZodType): JsonSchema {
    const { properties = {}, required = [], ...rest } = written(schema);
    const all = { ...properties, secrets: sealed(written(secrets)) };
    return {
        ...rest,
        properties: Object.fromEntries(Object.entries(all).map(([key, inner]) => [`posit:${key}`, inner])),
        required: required.map((key) => `posit:${key}`),
        patternProperties: { "^(?!posit:)": true },
        additionalProperties: false,
    };
}

export function editorSchema(): JsonSchema {
    return {
        $schema: "http://json-schema.org/draft-07/schema#",
        title: "Stack files of Posit Team upgrade",
        description: "Generated from config/schema.ts by `make docs`; do not edit.",
        type: "object",
        properties: {
            config: {
                type: "object",
                properties: {
                    "posit:role": { enum: ["environment", "production"], description: "What this stack is." },
                },
                required: ["posit:role"],
                if: { properties: { "posit:role": { const: "production" } } },
                then: { $ref: "#/definitions/production" },
                else: { $ref: "#/definitions/environment" },
            },
        },
        required: ["config"],
        definitions: {
            environment: role(environmentSchema, environmentSecrets),
            production: role(productionSchema, productionSecrets),
        },
    };
}

export function editorSchemaText(): string {
    return `${JSON.stringify(editorSchema(), null, 2)}\n`;
}
