// Where a program's file lists the products: which there are is data (products/), and a list elsewhere would be forgotten by whoever changes
// that. Sees lists in arrays, objects, types, cases and conditions, the list's own name, and entries made of the order by hand. Does not see
// one that is put together from pieces.
import ts from "typescript";

/** "file:line what" for each. */
export function productLists(file: string, text: string, ids: readonly string[]): string[] {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
        const what = namesTheList(node) ?? (severalOf(namedIn(node), ids) ? describe(node) : undefined);
        if (what !== undefined) {
            const { line } = source.getLineAndCharacterOfPosition(node.getStart());
            found.push(`${file}:${line + 1} ${what}`);
            return; // what is inside is the same list
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
}

function namesTheList(node: ts.Node): string | undefined {
    if (ts.isIdentifier(node) && node.text === "productIds") {
        return "takes productIds: walk over what a value has (byProduct, mapProducts), or make one for each (perProduct)";
    }
    if (ts.isCallExpression(node) && /^Object\.fromEntries\(\s*(inOrder\b|byProduct\()/.test(node.getText())) {
        return "makes values by product by hand: that is perProduct, or mapProducts";
    }
    return undefined;
}

function severalOf(names: string[], ids: readonly string[]): boolean {
    return new Set(names.filter((name) => ids.includes(name))).size > 1;
}

/** What a node lists, by its own elements only. */
function namedIn(node: ts.Node): string[] {
    if (ts.isArrayLiteralExpression(node)) {
        return node.elements.flatMap(wordOf);
    }
    if (ts.isObjectLiteralExpression(node)) {
        return node.properties.flatMap(({ name }) => (name ? wordOf(name) : []));
    }
    if (ts.isTypeLiteralNode(node) || ts.isInterfaceDeclaration(node)) {
        return node.members.flatMap(({ name }) => (name ? wordOf(name) : []));
    }
    if (ts.isUnionTypeNode(node)) {
        return node.types.flatMap((type) => (ts.isLiteralTypeNode(type) ? wordOf(type.literal) : []));
    }
    if (ts.isCaseBlock(node)) {
        return node.clauses.flatMap((clause) => (ts.isCaseClause(clause) ? wordOf(clause.expression) : []));
    }
    if (ts.isBinaryExpression(node) && isEither(node.operatorToken.kind)) {
        return comparedIn(node);
    }
    return [];
}

function isEither(operator: ts.SyntaxKind): boolean {
    return operator === ts.SyntaxKind.BarBarToken || operator === ts.SyntaxKind.AmpersandAmpersandToken;
}

/** a === "x" || a === "y" */
function comparedIn(node: ts.Expression): string[] {
    if (!ts.isBinaryExpression(node)) {
        return ts.isParenthesizedExpression(node) ? comparedIn(node.expression) : [];
    }
    return isEither(node.operatorToken.kind)
        ? [...comparedIn(node.left), ...comparedIn(node.right)]
        : [...wordOf(node.left), ...wordOf(node.right)];
}

function wordOf(node: ts.Node): string[] {
    return ts.isIdentifier(node) || ts.isStringLiteralLike(node) ? [node.text] : [];
}

function describe(node: ts.Node): string {
    const text = node.getText().replace(/\s+/g, " ");
    return `lists products: ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}

/** "file:line what" for each place that asks for one product by its name: what is special about it belongs in its description. */
export function productNames(file: string, text: string, ids: readonly string[]): string[] {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
        if (namesOne(node, ids)) {
            const { line } = source.getLineAndCharacterOfPosition(node.getStart());
            found.push(`${file}:${line + 1} ${node.getText()}`);
        }
        if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) {
            ts.forEachChild(node, visit);
        }
    };
    visit(source);
    return found;
}

/** A text, a key of an object, or a property that is taken of one; a variable may be called as it likes. */
function namesOne(node: ts.Node, ids: readonly string[]): boolean {
    if (ts.isStringLiteralLike(node)) {
        return ids.includes(node.text);
    }
    if (!ts.isIdentifier(node) || !ids.includes(node.text)) {
        return false;
    }
    const { parent } = node;
    const isName = "name" in parent && parent.name === node;
    return (
        (isName && (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent))) ||
        (isName && (ts.isShorthandPropertyAssignment(parent) || ts.isPropertySignature(parent))) ||
        (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === node)
    );
}
