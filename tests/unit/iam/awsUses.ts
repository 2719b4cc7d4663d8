// Which resource types and look-ups of AWS's provider a source makes: `aws.ec2.Vpc` and `aws.ebs.getSnapshot` wherever they are values, not types.
import ts from "typescript";

/** As Pulumi's tokens: "aws:ec2/vpc:Vpc", "aws:ebs/getSnapshot:getSnapshot". */
export function awsUses(text: string): string[] {
    const source = ts.createSourceFile("x.ts", text, ts.ScriptTarget.ES2022, true);
    const names = importedNames(source);
    const isAws = (node: ts.Node) => ts.isIdentifier(node) && names.includes(node.text);
    const found = new Set<string>();
    const handedOn = new Set<string>();
    const picked: Record<string, string[]> = {};
    const visit = (node: ts.Node): void => {
        if (ts.isPropertyAccessExpression(node) && isAws(node.expression)) {
            const { parent } = node;
            const isTaken = ts.isPropertyAccessExpression(parent) && parent.expression === node;
            // A look-up that is in no module: aws.getRegion.
            const isLookup = /^get[A-Z]/.test(node.name.text);
            if (isLookup) found.add(token("index", node.name.text));
            else if (isTaken) found.add(token(node.name.text, parent.name.text));
            else handedOn.add(node.name.text);
        }
        const pick = ts.isTypeReferenceNode(node) ? pickOf(node, isAws) : undefined;
        if (pick) picked[pick.module] = [...(picked[pick.module] ?? []), ...pick.functions];
        ts.forEachChild(node, visit);
    };
    visit(source);
    for (const module of handedOn) {
        if (picked[module] === undefined) {
            throw new Error(
                `aws.${module} is handed on whole: say by Pick<typeof aws.${module}, …> what of it is used`,
            );
        }
        picked[module].forEach((name) => found.add(token(module, name)));
    }
    return [...found].sort();
}

/** `Pick<typeof aws.ec2, "getVpc" | "getSubnet">` */
function pickOf(node: ts.TypeReferenceNode, isAws: (node: ts.Node) => boolean) {
    const [of, which] = node.typeArguments ?? [];
    if (node.typeName.getText() !== "Pick" || of === undefined || !ts.isTypeQueryNode(of)) {
        return undefined;
    }
    const { exprName } = of;
    if (!ts.isQualifiedName(exprName) || !isAws(exprName.left)) {
        return undefined;
    }
    const functions = [...which.getText().matchAll(/"(\w+)"/g)].map(([, name]) => name);
    return { module: exprName.right.text, functions };
}

function token(module: string, name: string): string {
    return `aws:${module}/${name[0].toLowerCase()}${name.slice(1)}:${name}`;
}

function importedNames(source: ts.SourceFile): string[] {
    return source.statements.flatMap((statement) => {
        if (!ts.isImportDeclaration(statement) || statement.moduleSpecifier.getText().slice(1, -1) !== "@pulumi/aws") {
            return [];
        }
        const named = statement.importClause?.namedBindings;
        if (named === undefined || !ts.isNamespaceImport(named)) {
            throw new Error("tests/unit/iam/awsUses.ts only knows `import * as aws`");
        }
        return [named.name.text];
    });
}
