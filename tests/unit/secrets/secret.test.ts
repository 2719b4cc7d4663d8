// What a secret shows of itself while the program runs: nothing, unless it is asked for. (What does not compile stands in typeErrors.ts.)
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { perProduct } from "../../../products";
import { parseConfig } from "../../../config/parse";
import { readEnvironmentSecrets } from "../../../contract/environment";
import { readProduction } from "../../../contract/production";
import { reveal, seal, sealTexts } from "../../../logic/secret";
import { inventory } from "../../program/world";
import { filledIn, handedOver, secretsOf, templateValues, Values } from "../config/samples";

const secret = seal("hunter2");
/** For what the compiler would not let pass. */
const untyped = secret as unknown;

describe("a secret", () => {
    it("gives its content to whoever asks for it by that word, of whatever kind it is", () => {
        assert.equal(reveal(secret), "hunter2");
        const files = { files: [{ path: "/etc/x" }] };
        assert.equal(reveal(seal(files)), files);
        assert.equal(reveal(seal(undefined)), undefined);
    });

    it("is no part of any text, JSON or log", () => {
        assert.throws(() => `${untyped as string}`, TypeError);
        assert.throws(() => "x" + (untyped as string), TypeError);
        assert.throws(() => [untyped].join(), TypeError);
        assert.doesNotMatch(String(secret) + inspect({ secret, list: [secret] }, { showHidden: true }), /hunter2/);
        assert.equal(JSON.stringify({ secret, list: [secret] }), '{"list":[null]}');
        assert.throws(() => structuredClone(secret));
    });

    it("can't be made by a cast", () => {
        assert.throws(() => reveal("hunter2" as never), /no secret of this process's making/);
        assert.throws(() => reveal(Symbol("secret") as never), /no secret of this process's making/);
    });

    it("stands in the place of each text, and only there", () => {
        const sealed = sealTexts({ one: "a", none: undefined, more: { two: "b", number: 5 } });
        assert.deepEqual(Object.keys(sealed), ["one", "none", "more"]);
        assert.deepEqual([reveal(sealed.one), sealed.none, sealed.more.number], ["a", undefined, 5]);
        assert.equal(reveal(sealed.more.two), "b");
    });
});

describe("secrets at the doors", () => {
    it("are sealed where configuration is parsed, each leaf of both roles", () => {
        for (const stack of ["staging", "prod"] as const) {
            const values = { ...(filledIn(templateValues(stack)) as Values), secrets: secretsOf[stack] };
            const { secrets } = parseConfig(handedOver(values), ["secrets"], stack);
            const leaves = ({ databasePasswords, ...rest }: Values) => [
                ...Object.values(rest),
                ...Object.values(databasePasswords as Record<string, Values>).flatMap((own) => Object.values(own)),
            ];
            const sealed = leaves(secrets);
            assert.ok(sealed.length > 3 && sealed.every((leaf) => typeof leaf === "symbol"));
            assert.deepEqual(
                sealed.map((leaf) => reveal(leaf as typeof secret)),
                leaves(secretsOf[stack]),
            );
        }
    });

    it("are sealed where another stack's are read", () => {
        const { connect, workbench } = readEnvironmentSecrets(
            { databasePasswords: { connect: { main: "hunter2" } } },
            "stack x",
        ).databasePasswords;
        assert.equal(connect?.main && reveal(connect.main), "hunter2");
        assert.equal(workbench, undefined);
        const contract = {
            contract: "posit-production/1",
            ...{ region: "r", captures: {}, serving: { side: "listed" } },
            inventory: perProduct(inventory),
        };
        const file = { path: "/etc/x", content: "hunter2", owner: "root", group: "root", mode: "0600" };
        const read = readProduction(
            contract,
            perProduct(() => ({ files: [file] })),
            "stack x",
        );
        assert.ok(read);
        assert.deepEqual(reveal(read.secrets.connect), { files: [file], passwords: [] });
        assert.doesNotMatch(inspect(read, { depth: 9 }), /hunter2/);
    });
});
