// Which files hold tests, which commands run which of them, and how a file keeps a test from running.
import * as path from "node:path";
import ts from "typescript";

/** Of mocha's, with what they take for a title; others may have functions of these names. */
const tellers = ["describe", "it", "context", "specify"];
const skippers = tellers.map((name) => `x${name}`);

export interface Kept {
    line: number;
    /** "it.skip", "describe.only", "this.skip", "it without a body", … */
    how: string;
}

export interface TestFile {
    /** Calls of describe, it, … at the top or anywhere. */
    tells: number;
    /** What keeps a test, or all others, from running. */
    kept: Kept[];
}

export function readTestFile(text: string): TestFile {
    const source = ts.createSourceFile("x.ts", text, ts.ScriptTarget.ES2022, true);
    const found: TestFile = { tells: 0, kept: [] };
    const visit = (node: ts.Node, conditional: boolean): void => {
        if (ts.isCallExpression(node)) {
            const name = node.expression.getText();
            const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
            const [base, way, ...others] = name.split(".");
            const [title] = node.arguments as readonly (ts.Expression | undefined)[];
            const own = others.length === 0 && (way === undefined || /^(skip|only)$/.test(way));
            const tells =
                own && title !== undefined && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title));
            if (tells && (tellers.includes(base) || skippers.includes(base))) found.tells += 1;
            if (
                own &&
                title !== undefined &&
                (skippers.includes(base) || (tellers.includes(base) && way !== undefined))
            ) {
                found.kept.push({ line, how: name });
            } else if (tells && ["it", "specify"].includes(name) && node.arguments.length === 1) {
                found.kept.push({ line, how: `${name} without a body` });
            } else if (tells && conditional && tellers.includes(base)) {
                found.kept.push({ line, how: `${name} under a condition` });
            } else if (/^(this|context|ctx|\w*[tT]est)\.skip$/.test(name)) {
                found.kept.push({ line, how: name });
            }
        }
        // What stands in a test's own body is under its conditions, and tells no test.
        const inside = conditional || ts.isIfStatement(node) || ts.isConditionalExpression(node) || isShortCut(node);
        ts.forEachChild(node, (child) => visit(child, inside));
    };
    visit(source, false);
    return found;
}

function isShortCut(node: ts.Node): boolean {
    const shortCuts = [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken];
    return ts.isBinaryExpression(node) && shortCuts.includes(node.operatorToken.kind);
}

/** The specs of every mocha that a Makefile target or an npm script runs: its own words, or its configuration's. */
export function runSpecs(commands: string[], configOf: (file: string) => string): string[] {
    return commands.flatMap((command) => {
        const [, said] = /(?:^|[\s;&|(])mocha\b(.*)$/.exec(command) ?? [];
        if (said === undefined) {
            return [];
        }
        const words = said.trim().split(/\s+/).filter(Boolean);
        const own = words.filter((word) => /^['"]?tests\//.test(word)).map((word) => word.replace(/['"]/g, ""));
        const config = words.includes("--no-config") ? undefined : (words[words.indexOf("--config") + 1] ?? "");
        const file = words.includes("--config") ? config : config === undefined ? undefined : ".mocharc.json";
        return [
            ...own,
            ...(file === undefined ? [] : [(JSON.parse(configOf(file)) as { spec: string | string[] }).spec].flat()),
        ];
    });
}

/** Recipes of a Makefile and scripts of a package.json, a line each. */
export function commandsOf(makefile: string, packageJson: string): string[] {
    const { scripts } = JSON.parse(packageJson) as { scripts: Record<string, string> };
    return [...makefile.split("\n").filter((line) => line.startsWith("\t")), ...Object.values(scripts)];
}

/** Mocha's globs, as far as they are used here: stars, and two of them for any depth. */
export function matches(glob: string, file: string): boolean {
    const expression = glob
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replace(/\*\*\//g, "\u0000")
        .replace(/\*/g, "[^/]*")
        .replace(/\u0000/g, "(?:.*/)?");
    return new RegExp(`^${expression}$`).test(path.posix.normalize(file));
}
