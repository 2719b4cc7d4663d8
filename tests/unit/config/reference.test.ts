// The reference page has every key that there is, however deep it lies: a person has no other list of them. That its text is the schema's is `make
// docs --check`.
import assert from "node:assert/strict";
import { configurationPage } from "../../../config/reference";
import { environmentSchema, environmentSecrets, productionSchema, productionSecrets } from "../../../config/schema";
import { patternsOf } from "./leaves";

describe("the reference page of the configuration", () => {
    it("has each leaf of both roles", () => {
        const patterns = [
            ...[environmentSchema, productionSchema].flatMap((schema) => patternsOf(schema)),
            ...[environmentSecrets, productionSecrets].flatMap((schema) => patternsOf(schema, ".secrets")),
        ];
        // Alternatives share a place; of a map and of a list of texts the key itself is the row.
        const keys = patterns.map((pattern) => `posit:${pattern.slice(1).replace(/\|\d+/g, "")}`);
        const page = configurationPage();
        const missing = keys.filter(
            (key) => !page.includes(`| \`${key}\` |`) && !page.includes(`| \`${withoutItem(key)}\` |`),
        );
        assert.ok(keys.length > 100);
        assert.deepEqual([...new Set(missing)], []);
    });
});

const withoutItem = (key: string) => key.replace(/(\[\]|\{\})+$/, "");
