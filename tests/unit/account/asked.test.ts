// account/asked.ts lists every action that the code calls: an account's policies are made from it. Reads the sources of account/questions/; a command
// that is put together some other way would not be seen, and none of the other files of account/ may have one.
import assert from "node:assert/strict";
import ts from "typescript";
import { asked } from "../../../account/asked";
import { filesOf, textOf } from "../../structure/repository";

/** Package → what IAM calls the service. */
const services: Record<string, string> = {
    "@aws-sdk/client-ec2": "ec2",
    "@aws-sdk/client-iam": "iam",
    "@aws-sdk/client-kms": "kms",
    "@aws-sdk/client-rds": "rds",
    "@aws-sdk/client-route-53": "route53",
    "@aws-sdk/client-service-quotas": "servicequotas",
    "@aws-sdk/client-sts": "sts",
};

/** "ec2:DescribeImages" of `DescribeImagesCommand`, or of `paginateDescribeImages`; with DryRun "ec2:CreateVpc DryRun". */
function actionsOf(file: string, text: string): string[] {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const imported = new Map<string, string>();
    const found = new Set<string>();
    const visit = (node: ts.Node): void => {
        if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
            const service = services[node.moduleSpecifier.text];
            const bound = node.importClause?.namedBindings;
            if (service !== undefined && bound && ts.isNamedImports(bound)) {
                bound.elements.forEach(({ name, propertyName }) => {
                    const [, one, other] = /^(?:(\w+)Command|paginate(\w+))$/.exec((propertyName ?? name).text) ?? [];
                    if (one ?? other) imported.set(name.text, `${service}:${one ?? other}`);
                });
            }
        }
        if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && ts.isIdentifier(node.expression)) {
            const action = imported.get(node.expression.text);
            const words = (node.arguments ?? []).map((argument) => argument.getText()).join();
            if (action !== undefined) found.add(/\bDryRun\b/.test(words) ? `${action} DryRun` : action);
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return [...found];
}

const files = filesOf(".ts", "account");
const called = (inQuestions: boolean) =>
    files
        .filter((file) => file.startsWith("account/questions/") === inQuestions)
        .flatMap((file) => actionsOf(file, textOf(file)));

describe("what make account asks", () => {
    it("is listed in account/asked.ts: every action, and how it is asked", () => {
        const rows = asked.map(({ service, action, dryRun }) => `${service}:${action}${dryRun ? " DryRun" : ""}`);
        assert.equal(new Set(rows).size, rows.length, "one row for each action");
        assert.deepEqual([...new Set(called(true))].sort(), rows.sort());
    });

    it("is asked in account/questions/ only", () => {
        assert.deepEqual(called(false), []);
    });

    it("only reads, but for what is sent with DryRun", () => {
        const changing = asked.filter(({ action }) => !/^(Describe|Get|List|Search|Simulate)/.test(action));
        assert.deepEqual(
            changing.filter(({ dryRun }) => !dryRun),
            [],
        );
    });

    it("would be found where it is not listed", () => {
        const text =
            'import { DeleteVolumeCommand as X, paginateDescribeVpcs } from "@aws-sdk/client-ec2";\nsend(new X({}));paginateDescribeVpcs({});';
        assert.deepEqual(actionsOf("x.ts", text), ["ec2:DeleteVolume", "ec2:DescribeVpcs"]);
        const dry = 'import { CreateVpcCommand } from "@aws-sdk/client-ec2";\nsend(new CreateVpcCommand({ DryRun }));';
        assert.deepEqual(actionsOf("x.ts", dry), ["ec2:CreateVpc DryRun"]);
    });
});
