// The table of calls has a row for everything that the program makes on AWS or asks of it, and each operation stands in a step or is never done.
import assert from "node:assert/strict";
import { providerCalls } from "../../../deploy/iam/calls";
import { operations } from "../../../deploy/iam/calls/calls";
import { never, steps } from "../../../deploy/iam/steps";
import { programFiles, textOf } from "../../structure/repository";
import { awsUses } from "./awsUses";

const used = [...new Set(programFiles(".ts").flatMap((file) => awsUses(textOf(file))))].sort();
const pair = (token: string, operation: string) => `${operation} of ${token}`;

describe("the table of the provider's calls", () => {
    it("has a row for each type and look-up of AWS that the program uses", () => {
        assert.ok(used.length > 20, used.join("\n"));
        assert.deepEqual(
            used.filter((token) => providerCalls[token] === undefined),
            [],
        );
    });

    it("has none for a type that is made no longer; a look-up only reads", () => {
        const isLookup = (token: string) => /:get\w+$/.test(token);
        assert.deepEqual(
            Object.keys(providerCalls).filter((token) => !used.includes(token) && !isLookup(token)),
            [],
        );
    });

    it("says of each call where it is from and how sure it is", () => {
        for (const [token, said] of Object.entries(providerCalls)) {
            assert.ok(said.length > 0, token);
            for (const { source, rank, ...byOperation } of said) {
                assert.ok(source.length > 10 && rank.length > 0, token);
                const actions = operations.flatMap((operation) => byOperation[operation] ?? []);
                assert.ok(actions.length > 0 || byOperation.read, `${token}: ${source} says nothing`);
                for (const action of actions) assert.match(action, /^[a-z0-9]+:[A-Z]\w+$/, token);
            }
        }
    });

    it("is all in steps, but for what is never done", () => {
        // What the provider's own code does; tags and keys come with it.
        const wanted = Object.entries(providerCalls).flatMap(([token, [code]]) =>
            operations.filter((operation) => code[operation]).map((operation) => pair(token, operation)),
        );
        const done = steps.flatMap(({ operations: list }) =>
            list.flatMap(([tokens, kinds]) => tokens.flatMap((token) => kinds.map((kind) => pair(token, kind)))),
        );
        const not = never.map(([token, operation]) => pair(token, operation));
        assert.deepEqual(wanted.filter((one) => !done.includes(one)).sort(), not.sort());
        assert.ok(never.every(([, , why]) => why.length > 10));
    });
});

describe("what finds uses of AWS's provider", () => {
    it("sees values, however they are made, and no types", () => {
        const text = [
            'import * as cloud from "@pulumi/aws";',
            "const kind = which ? cloud.vpc.SecurityGroupIngressRule : cloud.vpc.SecurityGroupEgressRule;",
            "const ask = (a: cloud.rds.GetSnapshotArgs, b: typeof cloud.rds.getSnapshot) => cloud.ebs.getSnapshot(a);",
            "let made: cloud.ec2.Vpc; const other = aws.ec2.Vpc; void cloud.getRegion();",
        ].join("\n");
        assert.deepEqual(awsUses(text), [
            "aws:ebs/getSnapshot:getSnapshot",
            "aws:index/getRegion:getRegion",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        ]);
        assert.throws(() => awsUses('import { ec2 } from "@pulumi/aws";'), /only knows/);
    });

    it("sees what is handed on, where its type says what of it is used", () => {
        const text =
            'import * as aws from "@pulumi/aws";\nconst ask: Pick<typeof aws.ec2, "getVpc" | "getSubnet"> = aws.ec2;';
        assert.deepEqual(awsUses(text), ["aws:ec2/getSubnet:getSubnet", "aws:ec2/getVpc:getVpc"]);
        assert.throws(() => awsUses('import * as aws from "@pulumi/aws";\nconst ask = aws.ec2;'), /handed on whole/);
    });
});
