// Configuration as a person mistypes it: every problem at once, each with its path and a hint, and no secret quoted.
import assert from "node:assert/strict";
import { ConfigError, parseConfig } from "../../../config/parse";
import { environmentConfig } from "../../program/world";
import { secretsOf } from "./samples";

const { secrets, ...plain } = { ...environmentConfig, secrets: secretsOf.staging };

/** What the engine hands over: JSON where it is an object. */
function raw(change: Record<string, unknown> = {}, dropped: string[] = []): Record<string, string> {
    const values: Record<string, unknown> = { ...plain, secrets, ...change };
    return Object.fromEntries(
        Object.entries(values)
            .filter(([key, value]) => value !== undefined && !dropped.includes(key))
            .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
}

function problems(values: Record<string, string>, secretKeys = ["secrets"]): string[] {
    try {
        parseConfig(values, secretKeys, "staging");
        return [];
    } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        return error.problems;
    }
}

describe("configuration", () => {
    it("is taken as it is meant", () => assert.deepEqual(problems(raw()), []));

    it("names every problem at once, each with its path", () => {
        const said = problems(
            raw({ connect: { version: 7, instanceType: "m6i.large" }, phase: "instal", restore: "NOT A TOKEN" }, [
                "names",
            ]),
        );
        for (const path of ["posit:connect.version", "posit:phase", "posit:restore", "posit:names"]) {
            assert.equal(
                said.filter((line) => line.startsWith(`${path}:`)).length,
                1,
                `${path} in\n${said.join("\n")}`,
            );
        }
    });

    it("refuses unknown keys with the nearest known name", () => {
        const said = problems(raw({ conect: {}, network: { ...plain.network, userCidr: [] } }));
        assert.ok(
            said.some((line) => /^posit:conect: unknown key; did you mean "connect"\?/.test(line)),
            said.join("\n"),
        );
        assert.ok(said.some((line) => /^posit:network\.userCidr: unknown key; did you mean "userCidrs"\?/.test(line)));
    });

    it("says of a key that has another name now what to write instead, with what else is wrong", () => {
        const said = problems(raw({ operatingSystem: { ami: "ami-1", codename: "noble" } }));
        const about = (key: string) => said.filter((line) => line.startsWith(`posit:operatingSystem.${key}: `));
        assert.match(
            about("codename").join(),
            /: is `binaries` now, .*the same word as `binaries`, and `family: debian`/,
        );
        assert.match(about("binaries").join(), /: is missing; .*for example noble$/);
        assert.match(about("family").join(), /: is missing; must be debian or redhat/);
        assert.equal(about("ami").length, 1);
    });

    it("refuses a family that is not there yet, with what else is wrong", () => {
        const said = problems(
            raw({ operatingSystem: { ...plain.operatingSystem, family: "redhat", ami: "x" }, phase: "migrate" }),
        );
        for (const rule of [
            /^posit:operatingSystem\.family: redhat can't be moved to: this version moves Debian and Ubuntu, .*write debian$/,
            /^posit:operatingSystem\.ami: /,
            /^posit:restore: /,
        ]) {
            assert.equal(said.filter((line) => rule.test(line)).length, 1, said.join("\n"));
        }
    });

    it("refuses to open the environment to the world", () => {
        const said = problems(raw({ network: { ...plain.network, userCidrs: ["0.0.0.0/0"] } }));
        assert.match(said.join(), /posit:network\.userCidrs: .*world/);
    });

    it("refuses secrets in plain text, and never repeats one", () => {
        const said = problems(
            raw({ secrets: { ...secrets, databaseMasterPassword: "hunter2", surplus: "hunter2" } }),
            [],
        );
        assert.ok(said.some((line) => /^posit:secrets: is stored as plain text/.test(line)));
        assert.ok(said.some((line) => /^posit:secrets\.databaseMasterPassword: /.test(line)));
        assert.ok(!said.join("\n").includes("hunter2"));
    });

    it("says what a migration needs", () => {
        const said = problems(raw({ phase: "migrate" }));
        assert.ok(said.some((line) => line.startsWith("posit:restore:")));
        assert.ok(said.some((line) => line.startsWith("posit:production:")));
    });

    it("asks first what the stack is", () => {
        assert.match(problems({ role: "prod" })[0], /posit:role: must be "environment" or "production", not "prod"/);
    });
});
