// What editors are told of stack files: nothing is marked that the program takes, and what a person mistypes is. Read back by the schema
// library; that an editor reads it so too is its own promise. Whether posit.schema.json is fresh, `make docs-check` tells.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { editorSchema } from "../../../config/editorSchema";
import { secretsOf, StackTemplate, templateValues, Values, wholeValues } from "./samples";
import { withValue } from "./leaves";

const { definitions, properties, $schema } = editorSchema() as {
    definitions: Record<string, object>;
    properties: { config: { if: object; then: { $ref: string }; else: { $ref: string } } };
    $schema: string;
};
const roleOf = { staging: "environment", prod: "production" } as const;

function marked(stack: StackTemplate, values: Values): string[] {
    const schema = z.fromJSONSchema({ $schema, ...definitions[roleOf[stack]] } as z.core.JSONSchema.JSONSchema);
    const config = Object.fromEntries(Object.entries(values).map(([key, value]) => [`posit:${key}`, value]));
    const { error } = schema.safeParse({ "aws:region": "us-east-1", ...config });
    return (error?.issues ?? []).map((issue) => issue.path.join("."));
}

/** As the file has them once they were set. */
function encrypted(value: unknown): unknown {
    return typeof value === "string"
        ? { secure: "AAABAKh5fgU=" }
        : Object.fromEntries(Object.entries(value as Values).map(([key, inner]) => [key, encrypted(inner)]));
}

describe("the schema for editors", () => {
    for (const stack of ["staging", "prod"] as const) {
        const whole = wholeValues(stack);

        it(`marks nothing in Pulumi.${stack}.yaml, as it is and with all keys`, () => {
            assert.deepEqual(marked(stack, templateValues(stack)), []);
            assert.deepEqual(marked(stack, { ...whole, secrets: encrypted(secretsOf[stack]) }), []);
            const [one] = Object.entries(secretsOf[stack]);
            assert.deepEqual(marked(stack, { ...whole, secrets: encrypted({ [one[0]]: one[1] }) }), [], "one secret");
        });

        it(`marks what is mistyped in Pulumi.${stack}.yaml`, () => {
            const wrong: [PropertyKey[], unknown][] = [
                [["project"], "Acme"],
                [["project"], undefined],
                [["projekt"], "acme"],
                [["ssh", "port"], "22"],
                [["ssh", "prt"], 22],
                [["secrets"], { sshPrivateKey: "in plain text" }],
            ];
            for (const [at, value] of wrong) {
                assert.equal(
                    marked(stack, withValue(whole, at, value)).length,
                    1,
                    `${at.join(".")} = ${String(value)}`,
                );
            }
        });

        it(`is named by Pulumi.${stack}.yaml in the words of yaml-language-server`, () => {
            const file = path.join(__dirname, "../../..", `Pulumi.${stack}.yaml`);
            const [first] = fs.readFileSync(file, "utf8").split("\n");
            const [, named] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? [];
            assert.ok(named !== undefined && fs.existsSync(path.join(path.dirname(file), named)), first);
        });
    }

    it("marks a key that has another name now", () => {
        const whole = wholeValues("staging");
        assert.deepEqual(marked("staging", withValue(whole, ["operatingSystem", "codename"], "noble")), [
            "posit:operatingSystem",
        ]);
    });

    it("goes by the role", () => {
        const { if: asked, then: yes, else: no } = properties.config;
        assert.deepEqual(asked, { properties: { "posit:role": { const: "production" } } });
        assert.deepEqual([yes.$ref, no.$ref], ["#/definitions/production", "#/definitions/environment"]);
    });

    it("has no words that only this program knows", () => {
        assert.doesNotMatch(JSON.stringify(definitions), /"(must|caution|instead)":/);
    });
});
