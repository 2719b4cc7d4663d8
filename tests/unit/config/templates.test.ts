// The two stack files in the repository are templates: they must stay valid while the schema changes.
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse as parseYaml } from "yaml";
import { parseConfig } from "../../../config/parse";

const passwords = { packageManager: "not-a-secret", workbench: "not-a-secret", connect: "not-a-secret" };
const dummySecrets = {
    staging: {
        sshPrivateKey: "not-a-key",
        bootstrapHostKey: "not-a-key",
        databaseMasterPassword: "not-a-secret",
        databasePasswords: passwords,
    },
    prod: { sshPrivateKey: "not-a-key", databasePasswords: passwords },
};

/** What the engine hands to the program: text as it is, everything else as JSON. */
function positValues(stack: string): Record<string, string> {
    const text = fs.readFileSync(path.join(__dirname, "../../..", `Pulumi.${stack}.yaml`), "utf8");
    const { config } = parseYaml(text) as { config: Record<string, unknown> };
    return Object.fromEntries(
        Object.entries(config)
            .filter(([key]) => key.startsWith("posit:"))
            .map(([key, value]) => [
                key.slice("posit:".length),
                typeof value === "string" ? value : JSON.stringify(value),
            ]),
    );
}

describe("stack file templates", () => {
    for (const stack of ["staging", "prod"] as const) {
        const parse = (secrets: object) =>
            parseConfig({ ...positValues(stack), secrets: JSON.stringify(secrets) }, ["secrets"], stack);

        it(`Pulumi.${stack}.yaml is valid once its secrets are set`, () => {
            assert.equal(parse(dummySecrets[stack]).role, stack === "prod" ? "production" : "environment");
        });

        it(`Pulumi.${stack}.yaml holds no secret`, () => {
            assert.equal("secrets" in positValues(stack), false);
        });

        it(`Pulumi.${stack}.yaml lacks nothing but secrets, and says how to set them`, () => {
            assert.throws(
                () => parse({}),
                (error: Error & { problems?: string[] }) => {
                    assert.ok(error.problems && error.problems.length > 0);
                    for (const problem of error.problems) assert.match(problem, /pulumi config set --secret --path/);
                    return true;
                },
            );
        });
    }

    it("agree with each other on project, names and stacks", () => {
        const read = (stack: string, key: string): unknown => {
            const text = positValues(stack)[key] ?? "null";
            return text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text;
        };
        assert.equal(read("staging", "project"), read("prod", "project"));
        assert.equal(read("staging", "production"), "prod");
        assert.deepEqual(read("prod", "environments"), ["staging"]);
        const { packageManager, workbench, connect } = read("prod", "entryPoints") as Record<string, unknown>;
        assert.deepEqual(read("staging", "names"), { packageManager, workbench, connect });
    });
});
