// Nobody asks for a database's kind but databases/ and hosts/databases/, and there each kind has its file on both sides.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { carriedSchema, kinds } from "../../databases";
import { askedInShell, askedInTypeScript, Found, Words } from "./databaseKinds";
import { programFiles, textOf } from "./repository";

const methods = carriedSchema.options.map((option) => [...(option as unknown as Option).shape.method.values][0]);
interface Option {
    shape: { method: { values: Set<string> } };
}
const words: Words = { kinds, methods };

/** File and word → why. A row that is found no longer fails. */
const reasons: [file: string, word: string, why: string][] = [
    ["account/asked.ts", "rds", "the service, as IAM calls it"],
    ["account/quotas.ts", "rds", "the service, as Service Quotas calls it"],
    ["entryPoints/external.ts", "external", "a kind of entry point"],
    ["hosts/lib/reading.sh", "sqlite", "what Connect and Package Manager take where Database.Provider says nothing"],
    [
        "hosts/products/workbench.sh",
        "sqlite",
        "what Workbench takes where database.conf says nothing; and a file of its first start",
    ],
];

const isAllowed = ({ file, word }: Found) => reasons.some(([where, what]) => where === file && what === word);

// deploy/ knows AWS's services, of which one has a kind's name, and no databases of products.
const files = programFiles(".ts", ".sh").filter((file) => !/^(databases|hosts\/databases|deploy)\//.test(file));
const asked = (file: string, text: string) =>
    file.endsWith(".sh") ? askedInShell(file, text, words) : askedInTypeScript(file, text, words);

describe("the kind of a database", () => {
    const found = files.flatMap((file) => asked(file, textOf(file)));

    it("is asked for in databases/ and hosts/databases/ alone, but for what has a reason", () => {
        assert.ok(files.length > 150 && kinds.length > 3 && methods.length > 2);
        const elsewhere = found
            .filter((one) => !isAllowed(one))
            .map(({ file, line, word }) => `${file}:${line} ${word}`);
        assert.deepEqual(
            elsewhere,
            [],
            "ask the database itself (databases/index.ts, hosts/lib/databases.sh), or write a reason here",
        );
    });

    it("has no reason written for what is gone", () => {
        const idle = reasons.filter(([file, what]) => !found.some((one) => one.file === file && one.word === what));
        assert.deepEqual(idle, []);
    });

    it("has a file of its own on both sides", () => {
        const names = (folder: string, ending: string) =>
            fs
                .readdirSync(path.join(__dirname, "../..", folder))
                .filter((file) => file.endsWith(ending))
                .map((file) => file.slice(0, -ending.length));
        assert.deepEqual(names("hosts/databases", ".sh").sort(), [...kinds].sort());
        const shared = ["index", "kind", "kinds", "locale", "postgres", "server"];
        assert.deepEqual(names("databases", ".ts").sort(), [...kinds, ...shared].sort());
    });

    const questions: [string, string][] = [
        ["x.ts", 'if (database.kind === "rds") {}'],
        ["x.ts", 'const { kind } = one; if (kind !== "sqlite") {}'],
        ["x.ts", "switch (database.kind) { default: }"],
        ["x.ts", "switch (location.kind) { default: }"],
        ["x.ts", "const how = volumeMethods[database.kind];"],
        ["x.ts", 'const noted = { external: "a", local: "b" };'],
        ["x.ts", 'type Kind = "local" | undefined;'],
        ["x.ts", 'provider !== "sqlite"'],
        ["x.ts", 'database.method === "dump"'],
        ["x.ts", 'switch (one.method) { case "folder": }'],
        ["x.sh", 'if [ "$DATABASE_KIND" = local ]; then :; fi'],
        ["x.sh", "case $DATABASE_METHOD in"],
        ["x.sh", '[ "$METHOD" = folder ] || true'],
        ["x.sh", "told=sqlite"],
    ];
    for (const [file, text] of questions) {
        it(`is found where it is asked for: ${text}`, () => assert.notDeepEqual(asked(file, text), []));
    }

    const others: [string, string][] = [
        ["x.ts", 'import { external } from "./external";'],
        ["x.ts", 'if (decision.kind === "begin") {}'],
        ["x.ts", 'host.say("dump");'],
        ["x.ts", 'if (source.method === "snapshot") {}'],
        ["x.ts", "databases.map(({ role, kind }) => ({ role, kind }))"],
        ["x.ts", "const settings = { local: true };"],
        ["x.sh", "local kind=$1"],
        ["x.sh", "drain | freeze | dump | stay)"],
        ["x.sh", 'database_word "$KIND" load'],
    ];
    for (const [file, text] of others) {
        it(`is none of: ${text}`, () => assert.deepEqual(asked(file, text), []));
    }
});
