// What a source file refers to, read by the compiler's own parser: imports, types' imports, and files that it reads by a path of its own.
import * as path from "node:path";
import ts from "typescript";

export interface Reference {
    file: string;
    line: number;
    /** "package": of node_modules, or of Node itself. */
    kind: "value" | "type" | "read" | "package";
    /** Below the repository: a file, or a folder that is read; a package's name. */
    to: string;
}

/** What can't be followed, and so can't be held against anything. */
export interface Riddle {
    file: string;
    line: number;
    says: string;
}

export type Sources = Record<string, string>;

export function referencesOf(sources: Sources): { references: Reference[]; riddles: Riddle[] } {
    const references: Reference[] = [];
    const riddles: Riddle[] = [];
    for (const [file, text] of Object.entries(sources)) {
        const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
        const line = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        const refer = (node: ts.Node, kind: Reference["kind"], to: string) =>
            references.push({ file, line: line(node), kind, to });
        const importOf = (node: ts.Node, specifier: ts.Node | undefined, kind: "value" | "type") => {
            if (specifier && ts.isStringLiteralLike(specifier)) {
                const own = specifier.text.startsWith(".");
                refer(node, own ? kind : "package", own ? resolved(file, specifier.text, sources) : specifier.text);
            } else {
                riddles.push({ file, line: line(node), says: "imports what only a run of it tells" });
            }
        };
        const visit = (node: ts.Node): void => {
            if (ts.isImportDeclaration(node)) {
                importOf(node, node.moduleSpecifier, isOfTypes(node.importClause) ? "type" : "value");
            } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
                importOf(node, node.moduleSpecifier, node.isTypeOnly ? "type" : "value");
            } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
                importOf(node, node.moduleReference.expression, node.isTypeOnly ? "type" : "value");
            } else if (ts.isImportTypeNode(node)) {
                importOf(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, "type");
            } else if (ts.isCallExpression(node) && isImportCall(node.expression)) {
                importOf(node, node.arguments[0], "value");
            } else if (ts.isIdentifier(node) && node.text === "__dirname") {
                const read = pathFrom(node, file);
                if (read === undefined) {
                    riddles.push({ file, line: line(node), says: "reads files whose place only a run of it tells" });
                } else {
                    refer(node, "read", read);
                }
            }
            ts.forEachChild(node, visit);
        };
        visit(source);
    }
    return { references, riddles };
}

function isOfTypes(clause: ts.ImportClause | undefined): boolean {
    const named = clause?.namedBindings;
    return (
        clause !== undefined &&
        (clause.isTypeOnly ||
            (clause.name === undefined &&
                named !== undefined &&
                ts.isNamedImports(named) &&
                named.elements.length > 0 &&
                named.elements.every(({ isTypeOnly }) => isTypeOnly)))
    );
}

function isImportCall(callee: ts.Expression): boolean {
    return callee.kind === ts.SyntaxKind.ImportKeyword || /^require(\.resolve)?$/.test(callee.getText());
}

function resolved(file: string, specifier: string, sources: Sources): string {
    const plain = path.posix.join(path.posix.dirname(file), specifier);
    return [`${plain}.ts`, path.posix.join(plain, "index.ts"), plain].find((one) => one in sources) ?? plain;
}

/** `path.join(__dirname, "..", "hosts", name)` and `${__dirname}/../hosts/x`: as far as it stands there, below the repository. */
function pathFrom(word: ts.Identifier, file: string): string | undefined {
    const folder = path.posix.dirname(file);
    const { parent } = word;
    if (
        ts.isCallExpression(parent) &&
        parent.arguments[0] === word &&
        /\b(join|resolve)$/.test(parent.expression.getText())
    ) {
        const rest = parent.arguments.slice(1);
        const open = rest.findIndex((part) => !ts.isStringLiteralLike(part));
        const said = (open < 0 ? rest : rest.slice(0, open)).map((part) => (part as ts.StringLiteralLike).text);
        return path.posix.join(folder, ...said);
    }
    if (ts.isTemplateSpan(parent)) {
        return path.posix.join(folder, parent.literal.text.replace(/^\//, ""));
    }
    return undefined;
}
