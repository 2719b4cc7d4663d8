// Finds where a source makes an address of its own: a scheme's beginning, a port of HTTP or of a product, the port in a product's description.
import ts from "typescript";
import { usualPorts } from "../../products/endpoint";
import { ports } from "../../logic/ports";
import { products } from "../../products";

const numbers = [
    ...Object.values(usualPorts),
    ...Object.values(ports),
    ...Object.values(products).map(({ port }) => port),
].map(String);
const scheme = new RegExp(`\\b(${Object.keys(usualPorts).join("|")})://`, "i");
const inText = new RegExp(`(^|[:=])(${numbers.join("|")})$|:(${numbers.join("|")})\\b`);
const inShell = new RegExp(`(?<![\\w.])(${numbers.join("|")})(?![\\w.])`);

export interface FoundPlace {
    file: string;
    line: number;
    what: string;
}

export function ownAddresses(file: string, text: string): FoundPlace[] {
    return file.endsWith(".sh") ? inScript(file, text) : inProgram(file, text);
}

function inScript(file: string, text: string): FoundPlace[] {
    return text.split("\n").flatMap((whole, index) => {
        const line = whole.replace(/(^|\s)#.*$/, "");
        const found = [scheme.exec(line)?.[0], inShell.exec(line)?.[0]];
        return found.flatMap((what) => (what === undefined ? [] : [{ file, line: index + 1, what }]));
    });
}

function inProgram(file: string, text: string): FoundPlace[] {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const found: FoundPlace[] = [];
    const note = (node: ts.Node, what: string | undefined) => {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
        if (what !== undefined) found.push({ file, line: line + 1, what });
    };
    const walk = (node: ts.Node): void => {
        if (ts.isNumericLiteral(node) && numbers.includes(node.text)) {
            note(node, node.text);
        } else if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
            note(node, scheme.exec(node.text)?.[0] ?? inText.exec(node.text)?.[0]);
        } else if (isDescribedPort(node, source)) {
            note(node, "a description's port");
        }
        ts.forEachChild(node, walk);
    };
    walk(source);
    return found;
}

/** products[product].port, description.port, const { port } = products[product] */
function isDescribedPort(node: ts.Node, source: ts.SourceFile): boolean {
    const described = (of: ts.Node | undefined) =>
        of !== undefined && /(^|\b)(products(\[|\.)|description\b)/.test(of.getText(source));
    return (
        (ts.isPropertyAccessExpression(node) && node.name.text === "port" && described(node.expression)) ||
        (ts.isVariableDeclaration(node) &&
            ts.isObjectBindingPattern(node.name) &&
            node.name.elements.some(({ name, propertyName }) => (propertyName ?? name).getText(source) === "port") &&
            described(node.initializer))
    );
}
