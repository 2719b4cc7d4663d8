// What hosts find is refused or declared by its code: each code that a script can say stands in a test that runs scripts for hosts. Goes by words, so
// it does not see whether that test tries the right thing.
import assert from "node:assert/strict";
import ts from "typescript";
import { filesOf, textOf } from "./repository";

/** Codes of `finding CODE …`. */
function codesIn(text: string): string[] {
    const code = text.replace(/(^|\s)#.*$/gm, "");
    return [...code.matchAll(/(?<![\w-])finding +(?!\(\))["']?([\w$-]+)/g)].map(([, found]) => found);
}

/** Texts and patterns of a source; comments and titles promise nothing. */
function saidIn(text: string): string[] {
    const source = ts.createSourceFile("x.ts", text, ts.ScriptTarget.ES2022, true);
    const said: string[] = [];
    const visit = (node: ts.Node): void => {
        if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isRegularExpressionLiteral(node)) {
            said.push(node.text);
        }
        const title = ts.isCallExpression(node) && /^(it|describe)$/.test(node.expression.getText());
        (title ? node.arguments.slice(1) : node.getChildren()).forEach(visit);
    };
    visit(source);
    return said;
}

const isSaid = (code: string, said: string[]) =>
    said.some((text) => new RegExp(`(?<![\\w-])${code}(?![\\w-])`).test(text));

describe("what hosts find", () => {
    const codes = [...new Set(filesOf(".sh", "hosts").flatMap((file) => codesIn(textOf(file))))].sort();
    const tests = filesOf(".test.ts", "tests/unit/hosts");
    const said = tests.flatMap((file) => saidIn(textOf(file)));

    it("is tried, each code", () => {
        assert.ok(codes.length > 20 && tests.length > 15, codes.join());
        assert.deepEqual(
            codes.filter((code) => !isSaid(code, said)),
            [],
            "say in a test of tests/unit/hosts/ what a host must be like for this finding",
        );
    });

    it("is a word that stands there, not one that is put together", () => {
        assert.deepEqual(
            codes.filter((code) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(code)),
            [],
        );
    });

    it("is seen where it is said, and missed where it is not tried", () => {
        assert.deepEqual(codesIn("[ -d x ] || { finding no-folder refused; }\n# a finding of mine\nfinding() {"), [
            "no-folder",
        ]);
        assert.deepEqual(codesIn('finding "$code" refused'), ["$code"]);
        const test = 'it("finds no-key", () => assert.deepEqual(a, ["other-x-port: y"])); // no-folder';
        assert.ok(isSaid("other-x-port", saidIn(test)));
        for (const code of ["no-key", "no-folder", "x-port", "other-x"]) assert.ok(!isSaid(code, saidIn(test)), code);
        assert.ok(isSaid("no-key", saidIn("assert.match(x, /^refused no-key: /)")));
        assert.ok(isSaid("no-key", saidIn("const a = `${b} no-key: ${c}`;")));
    });
});
