// One name means one thing: no two files of the program export something of the same name. (What one hands on of another is the same thing.)
import assert from "node:assert/strict";
import ts from "typescript";
import { filesOf, textOf } from "./repository";

const program = filesOf(".ts").filter((file) => !/^(lab|tests)\//.test(file));

/** Name → why two things may have it. */
const exceptions: Record<string, string> = {
    external: "a kind's file exports it by the kind's own word, of databases and of entry points",
    connect: "the product's description, by its id; and what one does to a host",
};

/** What a file itself declares and exports. */
function exportsOf(text: string): string[] {
    const source = ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true);
    const imported = new Set(source.statements.flatMap(importsOf));
    const names = source.statements.flatMap((statement): string[] => {
        if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier && statement.exportClause) {
            return ts.isNamedExports(statement.exportClause)
                ? statement.exportClause.elements
                      .filter(({ name, propertyName }) => !imported.has((propertyName ?? name).text))
                      .map(({ name }) => name.text)
                : [];
        }
        if (!ts.canHaveModifiers(statement) || !ts.getModifiers(statement)?.some(isExport)) {
            return [];
        }
        return ts.isVariableStatement(statement)
            ? statement.declarationList.declarations.flatMap(({ name }) => namesIn(name))
            : "name" in statement && statement.name
              ? [(statement.name as ts.Identifier).text]
              : [];
    });
    // A constant and its type may share a name within one file, as overloads do.
    return [...new Set(names)];
}

function importsOf(statement: ts.Statement): string[] {
    const bound = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    return bound && ts.isNamedImports(bound) ? bound.elements.map(({ name }) => name.text) : [];
}

function isExport({ kind }: ts.ModifierLike): boolean {
    return kind === ts.SyntaxKind.ExportKeyword;
}

function namesIn(name: ts.BindingName): string[] {
    return ts.isIdentifier(name)
        ? [name.text]
        : name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesIn(element.name) : []));
}

/** "name: file, file" */
function twins(files: Record<string, string>): string[] {
    const places = new Map<string, string[]>();
    for (const [file, text] of Object.entries(files)) {
        for (const name of exportsOf(text)) {
            places.set(name, [...(places.get(name) ?? []), file]);
        }
    }
    return [...places].filter(([, where]) => where.length > 1).map(([name, where]) => `${name}: ${where.join(", ")}`);
}

describe("an exported name", () => {
    it("means one thing in the whole program", () => {
        assert.ok(program.length > 100);
        const found = twins(Object.fromEntries(program.map((file) => [file, textOf(file)])));
        const nameOf = (twin: string) => twin.split(":")[0];
        assert.deepEqual(
            found.filter((twin) => !(nameOf(twin) in exceptions)),
            [],
        );
        assert.deepEqual(
            Object.keys(exceptions).filter((name) => !found.map(nameOf).includes(name)),
            [],
            "exceptions that nothing needs",
        );
    });
});

describe("the guard of names", () => {
    const rows: [string, string, string, boolean][] = [
        ["functions", "export function a() {}", "export async function a() {}", true],
        ["a type and a value", "export interface A { b: 1 }", "export class A {}", true],
        ["constants in one statement", "export const a = 1, b = 2;", "export const b = 3;", true],
        ["constants that are taken apart", "export const { a: [b] } = c;", "export const b = 3;", true],
        ["what is exported at the end", "const a = 1;\nexport { a };", "export type a = string;", true],
        ["what is exported by another name", "const b = 1;\nexport { b as a };", "export enum a { x }", true],
        ["not what is handed on", 'export { a } from "./b";', "export const a = 1;", false],
        ["not what is taken first", 'import { a } from "./b";\nexport { a };', "export const a = 1;", false],
        ["not what stays inside", "const a = 1;", "export const a = 1;", false],
        ["not a constant and its type", "export const a = 1;\nexport type a = 1;", "export const b = 1;", false],
    ];
    for (const [what, one, other, isTwin] of rows) {
        it(`finds ${what}`, () => {
            assert.equal(twins({ "one.ts": one, "other.ts": other }).length > 0, isTwin);
        });
    }
});
