// Which resource types and look-ups of AWS's provider a source makes: `aws.ec2.Vpc` and `aws.ebs.getSnapshot` wherever they are values, not types.
import ts from "typescript";

/** As Pulumi's tokens: "aws:ec2/vpc:Vpc", "aws:ebs/getSnapshot:getSnapshot". */
export function awsUses(text: string): string[] {
    const source = ts.createSourceFile("x.ts", text, ts.ScriptTarget.ES2022, true);
    const names = importedNames(source);
    const found = new Set<string>();
    const visit = (node: ts.Node): void => {
        if (ts.isPropertyAccessExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
            const [module, of] = [node.expression.name.text, node.expression.expression];
            if (ts.isIdentifier(of) && names.includes(of.text)) found.add(token(module, node.name.text));
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return [...found].sort();
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
