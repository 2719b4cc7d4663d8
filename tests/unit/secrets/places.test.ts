// Who makes secrets and who reveals them: every place in the program, read from its sources, with the reason that it may. One that is not listed
// fails, one that is listed and gone too. And whatever is called a password or a private key has a secret's type.
import assert from "node:assert/strict";
import ts from "typescript";
import { programFiles, textOf } from "../../structure/repository";

const secretModule = "logic/secret";

/** "file function": why. */
const sealing: Record<string, string> = {
    "config/parse.ts parseConfig": "configuration comes in here",
    "contract/environment.ts (file)": "an environment's published passwords come in here",
    "contract/production.ts (file)": "production's published files and keys come in here",
    "recovery/hostsFile.ts readKey": "the bad day's key comes from a file",
};
const revealing: Record<string, string> = {
    "components/secrets.ts revealed": "the result is the engine's secret",
    "logic/unclearSettings.ts unclearSettings": "answers names of settings, and lines by their number",
    "components/host.ts publicKey": "of the key only its public half leaves",
    "components/runner.ts toConnection": "a command's connection, which is made the engine's secret as a whole",
    "remote/connection.ts dial": "the SSH library signs with it",
    "remote/keys.ts usablePrivateKey": "looks whether it can be read, and says nothing of it",
    "remote/databaseProbe.ts connectClient": "the Postgres library logs in with it",
    "remote/dryRun.ts rowsOf": "a host's program, which goes by stdin",
    "remote/window/hostScript.ts databaseRows": "a host's program, which goes by stdin",
};

function parsed(file: string, text = textOf(file)): ts.SourceFile {
    return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}

function nodes(node: ts.Node): ts.Node[] {
    return [node, ...node.getChildren().flatMap(nodes)];
}

/** The function that a node stands in, by the name that one would look for. */
function home(node: ts.Node): string {
    for (let at = node.parent; at !== undefined; at = at.parent) {
        if ((ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at)) && at.name) {
            return at.name.getText();
        }
    }
    return "(file)";
}

/** Whether a text names that module; the room that it lives in calls it "./secret". */
const naming = (source: ts.SourceFile, text: string) =>
    text.includes(secretModule) || (source.fileName.startsWith("logic/") && /\.\/secret\b/.test(text));

/** Uses of these words, as "file function"; what could hide one is a finding. */
function uses(source: ts.SourceFile, words: string[]): { places: string[]; hidden: string[] } {
    const all = nodes(source);
    const imports = all
        .filter((node) => ts.isImportDeclaration(node))
        .filter(({ moduleSpecifier }) => naming(source, moduleSpecifier.getText()));
    const named = imports.flatMap(({ importClause }) => importClause?.namedBindings ?? []);
    const hidden = [
        ...named.filter((bindings) => ts.isNamespaceImport(bindings) || /\bas\b/.test(bindings.getText())),
        ...all.filter((node) => ts.isExportDeclaration(node) && naming(source, node.moduleSpecifier?.getText() ?? "")),
        ...all.filter(
            (node) =>
                ts.isCallExpression(node) &&
                /^(require|import)$/.test(node.expression.getText()) &&
                naming(source, node.getText()),
        ),
        ...all.filter((node) => ts.isAsExpression(node) && /\b(Secret|Sealed)</.test(node.type.getText())),
    ].map((node) => `${source.fileName}: ${node.getText()}`);
    const bound = named.flatMap((bindings) =>
        ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name.text) : [],
    );
    const places = all
        .filter((node) => ts.isIdentifier(node) && words.includes(node.text) && bound.includes(node.text))
        .filter((node) => !ts.isImportSpecifier(node.parent))
        .map((node) => `${source.fileName} ${home(node)}`);
    return { places, hidden };
}

const program = programFiles(".ts")
    .filter((file) => file !== `${secretModule}.ts`)
    .map((file) => parsed(file));

const written = "as a stack file has it, until configuration is parsed";
/** What is called like a secret and is none. */
const noSecrets: Record<string, string> = {
    "components/host.ts bootstrapHostKey":
        "what `revealed` hands to first boot's data, which it makes the engine's secret",
    "components/inventory.ts secrets": "an output of the engine, secret there: what hosts answer, to be published",
    "config/checks.ts secrets": written,
    "config/databaseChecks.ts secrets": written,
    "config/listedChecks.ts secrets": written,
    "config/parse.ts secrets": written,
    "config/productionChecks.ts secrets": written,
    "config/editorSchema.ts secrets": "the schema of those settings",
    "contract/earlier.ts passwords": "as an older version published it, until its contract is read",
    "contract/production.ts secrets": "as another stack published it, until its contract is read",
    "logic/passwordVerifier.ts password": "within the engine's secret: what a server keeps of it is made of the text",
    "stacks/peers.ts secrets": "as another stack published it, until its contract is read",
};

const called = /^(.*[pP]assword|passwords|.*Passwords|privateKey|bootstrapHostKey|secrets?)$/;

/** Properties and parameters with a type, by "file name", whose type names no secret. */
function untypedSecrets(source: ts.SourceFile): string[] {
    return nodes(source)
        .filter(
            (node): node is ts.PropertySignature | ts.PropertyDeclaration | ts.ParameterDeclaration =>
                ts.isPropertySignature(node) || ts.isPropertyDeclaration(node) || ts.isParameter(node),
        )
        .filter(({ name, type }) => type !== undefined && called.test(name.getText()))
        .filter(
            ({ type }) =>
                !/\bSecret<|\b(Environment|Production)Secrets\b|\bProductionConfig\["secrets"\]/.test(type!.getText()),
        )
        .map(({ name }) => `${source.fileName} ${name.getText()}`);
}

describe("secrets in the program", () => {
    for (const [what, words, table] of [
        ["made", ["seal", "sealTexts"], sealing],
        ["revealed", ["reveal"], revealing],
    ] as const) {
        it(`are ${what} where this file lists it with a reason, and nowhere else`, () => {
            const found = program.map((source) => uses(source, [...words]));
            assert.deepEqual(
                found.flatMap(({ hidden }) => hidden),
                [],
                "these could hide a place from this test: import the words by their names, and cast nothing",
            );
            assert.deepEqual([...new Set(found.flatMap(({ places }) => places))].sort(), Object.keys(table).sort());
        });
    }

    it("are found in whatever way a source would reveal one", () => {
        const from = `from "../${secretModule}";`;
        const look = (text: string) => uses(parsed("x.ts", text), ["reveal"]);
        assert.deepEqual(look(`import { reveal } ${from} function f(s) { return [1].map(() => reveal(s)); }`).places, [
            "x.ts f",
        ]);
        assert.deepEqual(look(`import { reveal } ${from} class C { m(s) { return s.map(reveal); } }`).places, [
            "x.ts m",
        ]);
        assert.deepEqual(look(`import { reveal } ${from} export const all = secrets.map(reveal);`).places, [
            "x.ts (file)",
        ]);
        assert.deepEqual(look(`import { reveal } from "./other"; reveal(1);`).places, []);
        const beside = parsed(
            "logic/x.ts",
            'import { reveal } from "./secret"; export const all = secrets.map(reveal);',
        );
        assert.deepEqual(uses(beside, ["reveal"]).places, ["logic/x.ts (file)"]);
        for (const hiding of [
            `import { reveal as show } ${from}`,
            `import * as secret ${from}`,
            `export { reveal } ${from}`,
            `const { reveal } = require("../${secretModule}");`,
            `const it = import("../${secretModule}");`,
            `const forged = "x" as unknown as Secret<string>;`,
        ]) {
            assert.equal(look(hiding).hidden.length, 1, hiding);
        }
    });

    it("have a secret's type wherever something is called so", () => {
        const found = program.flatMap(untypedSecrets);
        assert.deepEqual(
            [...new Set(found)].sort(),
            Object.keys(noSecrets).sort(),
            "give it the type Secret<…>, or say here why it is none",
        );
        assert.deepEqual(untypedSecrets(parsed("x.ts", "interface A { masterPassword: string }")), [
            "x.ts masterPassword",
        ]);
        assert.deepEqual(untypedSecrets(parsed("x.ts", "interface A { privateKey?: Secret<string> }")), []);
    });
});
