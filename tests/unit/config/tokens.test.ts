// A capture is named once among the captures and once where it is restored, or its server prepared: every token that is taken there is taken here, however
// it is spelt, after the engine has handed it over.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { token } from "../../../config/common";
import { ConfigError, parseConfig } from "../../../config/parse";
import { EnvironmentConfig, ProductionConfig } from "../../../config/schema";
import { handedOver, secretsOf, Values, wholeValues } from "./samples";

const named = (key: "restore" | "prepare", text: string) =>
    (
        parseConfig(
            handedOver({ ...wholeValues("staging"), [key]: text, secrets: secretsOf.staging }),
            ["secrets"],
            "staging",
        ) as EnvironmentConfig
    )[key];

const captured = (text: unknown) =>
    (
        parseConfig(
            handedOver({ ...wholeValues("prod"), captures: [{ token: text, reopen: true }], secrets: secretsOf.prod }),
            ["secrets"],
            "prod",
        ) as ProductionConfig
    ).captures[0].token;

const anyToken = fc.oneof(
    fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$/),
    fc.stringMatching(/^[0-9]{3,32}$/),
    fc.stringMatching(/^[0-9]{1,5}e[0-9]{1,5}$/),
    fc.constantFrom("true", "null", "false", "20261121", "12e3", "007", "1e1000", "2026-11-21", "0x10", "nan", "off"),
);

describe("a token", () => {
    it("is the same where it is captured, restored and prepared", () => {
        fc.assert(
            fc.property(anyToken, (text) => {
                assert.ok(token.safeParse(text).success);
                assert.equal(captured(text), text);
                assert.equal(named("restore", text), text);
                assert.equal(named("prepare", text), text);
            }),
            { numRuns: 400 },
        );
    });

    for (const read of [20261121, 12000, 2026]) {
        it(`that YAML reads as ${read} is asked for in quotes`, () => {
            assert.throws(
                () => captured(read),
                (error) =>
                    error instanceof ConfigError &&
                    /^posit:captures\[0\]\.token: must be .*not a number \(put it in quotes\); for example 2026-11-21a$/.test(
                        error.problems[0],
                    ),
            );
        });
    }

    it("that YAML reads as a date is asked for in quotes", () => {
        const said =
            /must be 3 to 32 of .* \(a date without quotes is read as 2026-11-21 00:00:00 \+0000 UTC: put it in quotes\)/;
        assert.throws(() => captured("2026-11-21 00:00:00 +0000 UTC"), said);
        assert.throws(() => named("restore", "2026-11-21 00:00:00 +0000 UTC"), said);
    });

    // Written in the stack file without quotes, and what the engine 3.248.0 hands over.
    for (const [written, handed] of [
        ["12e3", "12000"],
        ["0070", "56"],
        ["0x10", "16"],
        ["007", "7"],
        ["1e3", "1000"],
    ]) {
        it(`that the engine reads as another text is asked for in quotes: ${written}`, () => {
            const values = handedOver({ ...wholeValues("staging"), restore: handed, secrets: secretsOf.staging });
            const file = `config:\n  posit:restore: ${written}\n`;
            assert.throws(
                () => parseConfig(values, ["secrets"], "staging", file),
                (error) =>
                    error instanceof ConfigError &&
                    error.problems.includes(
                        `posit:restore: is read as the number ${handed}; put it in quotes: "${written}"`,
                    ),
            );
        });
    }

    it("that is read as it is written is fine, and so is one of another file", () => {
        const values = handedOver({ ...wholeValues("staging"), restore: "20261121", secrets: secretsOf.staging });
        for (const written of ["20261121", '"20261121"', "2026-11-21a", '"12e3"', "1e3", "", "{}", "[1]"]) {
            parseConfig(values, ["secrets"], "staging", `config:\n  posit:restore: ${written}\n`);
        }
    });
});

describe("what the engine hands over", () => {
    it("is text where text is meant, and read where it is not", () => {
        const values: Values = { ...wholeValues("staging"), deletionProtection: true, secrets: secretsOf.staging };
        const config = parseConfig(handedOver(values), ["secrets"], "staging") as EnvironmentConfig;
        assert.equal(config.deletionProtection, true);
        assert.equal(config.production, "prod");
        assert.equal(config.connect.volumeSize, 200);
    });

    it("is a stack's name also when that is made of digits", () => {
        const values = { ...wholeValues("staging"), production: "2026", secrets: secretsOf.staging };
        assert.equal((parseConfig(handedOver(values), ["secrets"], "staging") as EnvironmentConfig).production, "2026");
    });
});
