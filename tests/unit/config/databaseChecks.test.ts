// A product's databases by role, and their passwords, as a stack file has them. That a kind's own settings are held to its rules:
// tests/unit/databases.
import assert from "node:assert/strict";
import { givenByRole, roleChecks } from "../../../config/databaseChecks";
import { parseConfig } from "../../../config/parse";
import { reveal } from "../../../logic/secret";
import { filledIn, handedOver, secretsOf, StackTemplate, templateValues, Values } from "./samples";

const found = (roles: string[], known: string[]) =>
    roleChecks(
        "connect",
        roles.map((role) => ({ role })),
        known,
    ).map(({ at, says }) => `${at}: ${says}`);

describe("a product's databases by role", () => {
    it("are those that it has, each once", () => {
        assert.deepEqual(found(["main"], ["main"]), []);
        assert.deepEqual(found(["usage", "main"], ["main", "usage"]), []);
    });

    const wrong: [string, string[], string[], RegExp[]][] = [
        [
            "one that it has not",
            ["main", "usage"],
            ["main"],
            [/databases\[1\]\.role: Connect has no database usage; it has main$/],
        ],
        ["one twice", ["main", "main"], ["main"], [/databases\[1\]\.role: main stands there twice/]],
        ["none of those that it has", [], ["main", "usage"], [/databases: has no entry for .* main/, / usage/]],
        [
            "another in its place",
            ["usage"],
            ["main"],
            [/databases\[0\]\.role: Connect has no database usage/, /has no entry for Connect's database main/],
        ],
    ];
    for (const [what, roles, known, expected] of wrong) {
        it(`are refused: ${what}`, () => {
            const said = found(roles, known);
            assert.equal(said.length, expected.length, said.join("\n"));
            expected.forEach((pattern, index) => assert.match(said[index], pattern));
        });
    }
});

describe("a database's password", () => {
    it("that stands where the map by role is, is that of main", () => {
        assert.deepEqual(
            givenByRole({ sshPrivateKey: "k", databasePasswords: { connect: "a", workbench: { main: "b" } } }),
            {
                sshPrivateKey: "k",
                databasePasswords: { connect: { main: "a" }, workbench: { main: "b" } },
            },
        );
        for (const odd of [
            undefined,
            null,
            "x",
            [],
            { databasePasswords: ["a"] },
            { databasePasswords: { connect: 7 } },
        ]) {
            assert.equal(givenByRole(odd), odd);
        }
    });

    for (const stack of ["staging", "prod"] as StackTemplate[]) {
        it(`is read in either form, and is the same (${stack})`, () => {
            const plain = {
                ...secretsOf[stack],
                databasePasswords: { packageManager: "a", workbench: "b", connect: "c" },
            };
            const values = { ...(filledIn(templateValues(stack)) as Values), secrets: plain };
            const { secrets } = parseConfig(handedOver(values), ["secrets"], stack);
            const read = Object.values(secrets.databasePasswords).map(({ main }) => main && reveal(main));
            assert.deepEqual(read.sort(), ["a", "b", "c"]);
        });
    }
});
