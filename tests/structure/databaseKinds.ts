// Where a program's file asks which kind a database is: what depends on it stands in databases/ and hosts/databases/, and a question elsewhere
// would be forgotten by whoever adds a kind. Sees kinds' words and manifest's methods as texts that are compared, listed or switched over, and a
// database's `kind` that is read for that. Does not see one that is put together from pieces.
import ts from "typescript";

export interface Words {
    /** "rds", …: never written elsewhere. */
    kinds: readonly string[];
    /** "dump", …: ordinary words, which nobody compares a method with. */
    methods: readonly string[];
}

export interface Found {
    file: string;
    line: number;
    word: string;
}

export function askedInTypeScript(file: string, text: string, { kinds, methods }: Words): Found[] {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const found: Found[] = [];
    const add = (node: ts.Node, word: string) =>
        found.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, word });
    const visit = (node: ts.Node): void => {
        if (ts.isStringLiteralLike(node) && kinds.includes(node.text) && !isPath(node)) {
            add(node, node.text);
        }
        if (ts.isPropertyAssignment(node) && kinds.includes(node.name.getText()) && isTable(node.parent, kinds)) {
            add(node, node.name.getText());
        }
        if (ts.isStringLiteralLike(node) && methods.includes(node.text) && isCompared(node, "method")) {
            add(node, `method ${node.text}`);
        }
        if (isQuestion(node)) {
            add(node, node.getText());
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
}

/** `import … from "./external"` */
function isPath({ parent }: ts.Node): boolean {
    return ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent);
}

/** {external: …, local: …}: two kinds at least. */
function isTable(node: ts.Node, kinds: readonly string[]): boolean {
    return (
        ts.isObjectLiteralExpression(node) &&
        node.properties.filter(({ name }) => name && kinds.includes(name.getText())).length > 1
    );
}

const compares = [
    ts.SyntaxKind.EqualsEqualsEqualsToken,
    ts.SyntaxKind.ExclamationEqualsEqualsToken,
    ts.SyntaxKind.EqualsEqualsToken,
    ts.SyntaxKind.ExclamationEqualsToken,
];

/** Held against something of that name, or a case of a switch over it. */
function isCompared(node: ts.Node, name: string): boolean {
    const { parent } = node;
    if (ts.isBinaryExpression(parent) && compares.includes(parent.operatorToken.kind)) {
        return new RegExp(`\\b${name}$`).test((parent.left === node ? parent.right : parent.left).getText());
    }
    return ts.isCaseClause(parent) && new RegExp(`\\b${name}$`).test(parent.parent.parent.expression.getText());
}

/** database.kind in a comparison, a switch or a condition; handing it on is no question. */
function isQuestion(node: ts.Node): boolean {
    if (
        !ts.isPropertyAccessExpression(node) ||
        node.name.text !== "kind" ||
        !/(database|location)\w*[!?]*$/i.test(node.expression.getText())
    ) {
        return false;
    }
    const { parent } = node;
    return (
        (ts.isBinaryExpression(parent) && compares.includes(parent.operatorToken.kind)) ||
        ts.isSwitchStatement(parent) ||
        (ts.isElementAccessExpression(parent) && parent.argumentExpression === node)
    );
}

/** Of the shell, or of English. */
const ordinary = ["local", "external"];

/** Kinds' words that are no words of the shell, and what is held against a kind or a method. */
export function askedInShell(file: string, text: string, { kinds, methods }: Words): Found[] {
    const own = kinds.filter((kind) => !ordinary.includes(kind));
    const any = [...kinds, ...methods].join("|");
    const patterns = [
        ...(own.length > 0 ? [new RegExp(`\\b(${own.join("|")})\\b`, "g")] : []),
        new RegExp(`(?:KIND|METHOD|kind|method)\\b[^\\n=]*=+~?[ "']*(${any})\\b`, "g"),
        /\bcase "?\$\{?\w*(KIND|METHOD|kind|method)\b/g,
    ];
    return text
        .split("\n")
        .flatMap((line, index) =>
            /^\s*#/.test(line)
                ? []
                : patterns.flatMap((pattern) =>
                      [...line.matchAll(pattern)].map(([, word]) => ({ file, line: index + 1, word })),
                  ),
        );
}
