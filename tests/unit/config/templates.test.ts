// The two stack files in the repository are templates: they must stay valid while the schema changes, and be refused while a person
// has not put own values in.
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { ConfigError, parseConfig } from "../../../config/parse";
import { filledIn, handedOver, secretsOf, StackTemplate, templateValues, Values, wholeValues } from "./samples";

function problems(values: Values, stack: StackTemplate): string[] {
    try {
        parseConfig(handedOver(values), ["secrets"], stack);
        return [];
    } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        return error.problems;
    }
}

describe("stack file templates", () => {
    for (const stack of ["staging", "prod"] as const) {
        const filled = filledIn(templateValues(stack)) as Values;

        it(`Pulumi.${stack}.yaml is valid once it is filled in and its secrets are set`, () => {
            assert.deepEqual(problems({ ...filled, secrets: secretsOf[stack] }, stack), []);
            assert.deepEqual(problems({ ...wholeValues(stack), secrets: secretsOf[stack] }, stack), []);
        });

        it(`Pulumi.${stack}.yaml holds no secret`, () => {
            assert.equal("secrets" in templateValues(stack), false);
        });

        it(`Pulumi.${stack}.yaml lacks nothing but secrets, and says how to set them`, () => {
            const said = problems(filled, stack);
            assert.ok(said.length > 0);
            for (const problem of said) assert.match(problem, /pulumi config set --secret --path/);
        });

        it(`Pulumi.${stack}.yaml is refused as long as it is the template, in one list with all else`, () => {
            const said = problems({ ...templateValues(stack), project: "-" }, stack);
            const left = said.filter((problem) => problem.includes("is still the template's"));
            const paths = left.map((problem) => problem.split(": ")[0]);
            assert.equal(new Set(paths).size, left.length);
            const some =
                stack === "prod"
                    ? [
                          "posit:current.packageManager.instanceId",
                          "posit:current.workbench.hostKey",
                          "posit:current.connect.dataVolumes[0].volumeId",
                          "posit:current.connect.databases[0].server",
                          "posit:entryPoints.zone",
                          "posit:entryPoints.connect",
                      ]
                    : [
                          "posit:network.transitGatewayId",
                          "posit:operatingSystem.ami",
                          "posit:packages.url",
                          "posit:packages.signingKey",
                          "posit:names.workbench",
                      ];
            for (const wanted of some) assert.ok(paths.includes(wanted), `${wanted} in\n${said.join("\n")}`);
            // Each says one thing, and the rest is said too.
            for (const at of paths) assert.equal(said.filter((problem) => problem.startsWith(`${at}: `)).length, 1, at);
            assert.ok(said.some((problem) => problem.startsWith("posit:project: ")));
            assert.ok(said.some((problem) => problem.startsWith("posit:secrets.sshPrivateKey: ")));
        });

        it(`Pulumi.${stack}.yaml's commented values are the template's too`, () => {
            const text = fs.readFileSync(path.join(__dirname, "../../..", `Pulumi.${stack}.yaml`), "utf8");
            const ids = text.match(/\b(i|ami|vol|tgw|fs)-[0-9a-f]{17}\b/g) ?? [];
            for (const id of ids) assert.match(id, /-0123456789abcdef/);
        });
    }

    it("agree with each other on project, names and stacks", () => {
        const [staging, prod] = [templateValues("staging"), templateValues("prod")];
        assert.equal(staging.project, prod.project);
        assert.equal(staging.production, "prod");
        assert.deepEqual(prod.environments, ["staging"]);
        const { packageManager, workbench, connect } = prod.entryPoints as Values;
        assert.deepEqual(staging.names, { packageManager, workbench, connect });
    });
});
