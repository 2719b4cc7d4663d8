// Names of a module have no order: the language sorts them, `tsc` leaves them as written, and what takes the types away may be exchanged. A list
// that a page or a person sees is written as one. Does not see a module that is handed on under another name before it is listed.
import assert from "node:assert/strict";
import ts from "typescript";
import { filesOf, textOf } from "./repository";

/** "file:line" of each call that lists the names of `import * as …`, or spreads them. */
function listed(file: string, text: string): string[] {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const modules = new Set<string>();
    const found: string[] = [];
    const isModule = (node: ts.Node | undefined) =>
        node !== undefined && ts.isIdentifier(node) && modules.has(node.text);
    const lists = (node: ts.Node) =>
        (ts.isCallExpression(node) &&
            /^Object\.(keys|values|entries)$/.test(node.expression.getText()) &&
            isModule(node.arguments[0])) ||
        ((ts.isSpreadAssignment(node) || ts.isForInStatement(node)) && isModule(node.expression));
    const visit = (node: ts.Node): void => {
        if (ts.isNamespaceImport(node)) {
            modules.add(node.name.text);
        }
        if (lists(node)) {
            found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
}

describe("the names of a module", () => {
    it("are listed nowhere", () => {
        const files = filesOf(".ts");
        assert.ok(files.length > 300);
        assert.deepEqual(
            files.flatMap((file) => listed(file, textOf(file))),
            [],
            "write the list: a module's names have no order",
        );
    });

    it("are found where they would be", () => {
        const first = 'import * as all from "./kinds";\n';
        for (const use of [
            "Object.values(all);",
            "Object.entries(all).map(String);",
            "const x = { ...all };",
            "for (const one in all) {}",
        ]) {
            assert.deepEqual(listed("x.ts", first + use), ["x.ts:2"], use);
        }
        for (const use of ["all.one();", "Object.values(all.one);", "const all2 = {}; Object.values(all2);"]) {
            assert.deepEqual(listed("x.ts", first + use), [], use);
        }
    });
});
