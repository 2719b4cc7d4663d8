// The policies that are written: fresh, as IAM takes them, and legal by AWS's service authorization reference, action by action.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { actionsOfStep, lengthOf, longestPolicy, policiesFor, Policy } from "../../../deploy/iam/policies";
import { reference, serviceOf } from "../../../deploy/iam/reference";
import type { Statement } from "../../../deploy/iam/statements";
import { steps } from "../../../deploy/iam/steps";
import { readValues } from "../../../deploy/iam/values";
import { exampleFile, filesFor, staleIn, writtenFolder } from "../../../deploy/iam/write";
import { example, shapes } from "./values";

function typeOf(action: string, arn: string): string | undefined {
    const types = Object.keys(reference.actions[action]?.resources ?? {});
    return types.find((type) => {
        const pattern = reference.arns[`${serviceOf(action)}:${type}`]
            .split(/\$\{\w+\}/)
            .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
        return new RegExp(`^${pattern.join("[^:/]*")}$`).test(arn);
    });
}

const keysOf = ({ Condition = {} }: Statement) =>
    Object.values(Condition)
        .flatMap((keys) => Object.keys(keys))
        .map((key) => key.replace(/^(aws:(?:Request|Resource)Tag)\/.*$/, "$1/${TagKey}"));

/** What AWS's reference has against a statement. */
function illegal(statement: Statement): string[] {
    return statement.Action.flatMap((action) => {
        const said = reference.actions[action];
        if (said === undefined) return [`${action} is no action`];
        const wide = statement.Resource.join() === "*";
        if (wide) {
            const mayBe = Object.keys(said.resources).length === 0 || /List|Read/.test(said.level);
            return mayBe ? [] : [`${action} could be held to resources`];
        }
        return statement.Resource.flatMap((arn) => {
            const type = typeOf(action, arn);
            if (type === undefined) return [`${action} knows no ${arn}`];
            const known = [...said.conditions, ...said.resources[type].conditions];
            return keysOf(statement)
                .filter((key) => !known.includes(key))
                .map((key) => `${action} knows no ${key} on ${type}`);
        });
    });
}

describe("the written policies", () => {
    it("are what `make iam` writes from the example", () => {
        assert.deepEqual(staleIn(writtenFolder, filesFor(exampleFile)), []);
    });

    it("are told in the README, which says first that they are not tried", () => {
        const page = fs.readFileSync(path.join(writtenFolder, "../README.md"), "utf8");
        assert.match(page, /^# IAM policies\n\n> \*\*Not tried on an account\.\*\*/);
        for (const name of Object.keys(policiesFor(example))) assert.match(page, new RegExp(`^\\| \`${name}\` `, "m"));
    });

    it("are written for one's own values anywhere, and stale files are found", () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "iam-"));
        fs.writeFileSync(path.join(folder, "guard.json"), "{}");
        fs.writeFileSync(path.join(folder, "gone.json"), "{}");
        const stale = staleIn(folder, { "guard.json": "{}\n", "account.json": "{}" });
        assert.deepEqual(stale, ["account.json", "gone.json", "guard.json"]);
    });

    for (const [shape, values] of Object.entries(shapes)) {
        describe(`for ${shape}`, () => {
            const policies = policiesFor(values);

            it("are as IAM takes them", () => {
                for (const [name, policy] of Object.entries(policies)) {
                    assert.deepEqual(JSON.parse(JSON.stringify(policy)), policy);
                    assert.ok(lengthOf(policy) <= longestPolicy, `${name}: ${lengthOf(policy)}`);
                    const ids = policy.Statement.map(({ Sid }) => Sid);
                    assert.equal(new Set(ids).size, ids.length, name);
                    for (const { Sid, Action, Resource } of policy.Statement) {
                        assert.match(Sid, /^[A-Za-z0-9]+$/);
                        assert.ok(Action.length > 0 && Resource.length > 0, `${name} ${Sid}`);
                    }
                }
            });

            it("have actions, resources and conditions that AWS knows together", () => {
                const found = Object.entries(policies).flatMap(([name, { Statement: list }]) =>
                    list.flatMap((one) => illegal(one).map((what) => `${name}, ${one.Sid}: ${what}`)),
                );
                assert.deepEqual(found, []);
            });

            it("let each step reach every kind of resource that its actions need", () => {
                for (const step of steps) {
                    const given = givenWith(policies, step.name, step.role);
                    const missing = missingTypes(actionsOfStep(step), given);
                    const unwanted = {
                        "iam:PassRole": values.environment.instanceRoles.length === 0,
                        "kms:": values.environment.kmsKeys.length === 0,
                    };
                    const expected = Object.entries(unwanted).flatMap(([action, isNone]) => (isNone ? [action] : []));
                    const left = missing.filter((one) => !expected.some((action) => one.startsWith(action)));
                    const isWritten = Object.keys(policies).some((name) => name.startsWith(step.name));
                    if (isWritten)
                        assert.deepEqual(
                            left.filter((one) => !one.startsWith("route53:") || values.production.entryPoints),
                            [],
                            step.name,
                        );
                }
            });
        });
    }

    it("leave out what the values do not have", () => {
        const network = policiesFor(shapes["a network that others made"]);
        assert.equal(network["environment-network"], undefined);
        assert.match(JSON.stringify(network["environment-install"]), /vpc\/vpc-1.*subnet\/subnet-1/);
        const none = JSON.stringify(policiesFor(shapes["no keys of one's own, no records, every volume"]));
        assert.doesNotMatch(none, /route53:Change|kms:Decrypt|arn:aws:/);
        assert.match(none, /arn:aws-us-gov:/);
    });

    it("come in parts where one would be too long, and say so where a list is", () => {
        const ids = (count: number) =>
            Array.from({ length: count }, (_, index) => `vol-${String(index).padStart(17, "0")}`);
        const withVolumes = (count: number) => ({
            ...example,
            production: { ...example.production, volumes: ids(count) },
        });
        const names = Object.keys(policiesFor(withVolumes(60))).filter((name) => name.startsWith("production-capture"));
        assert.deepEqual(names, ["production-capture-1", "production-capture-2"]);
        assert.throws(() => policiesFor(withVolumes(200)), /longer than IAM takes.*name fewer volumes/s);
    });
});

/** A step is given with its role's policy to look. */
function givenWith(policies: Record<string, Policy>, name: string, role: string): Policy[] {
    return Object.entries(policies).flatMap(([file, policy]) =>
        file === `${role}-look` || file.replace(/-\d$/, "") === name ? [policy] : [],
    );
}

function missingTypes(actions: string[], policies: Policy[]): string[] {
    const statements = policies.flatMap(({ Statement: list }) => list);
    return actions.flatMap((action) => {
        const resources = statements
            .filter(({ Action }) => Action.includes(action))
            .flatMap(({ Resource }) => Resource);
        if (resources.includes("*")) return [];
        const reached = new Set(resources.map((arn) => typeOf(action, arn)));
        const said = Object.entries(reference.actions[action].resources);
        const required = said.filter(([, { required: isRequired }]) => isRequired).map(([type]) => type);
        const missing = required.filter((type) => !reached.has(type));
        return resources.length === 0 ? [`${action}: nothing`] : missing.map((type) => `${action}: ${type}`);
    });
}

describe("the values of policies", () => {
    it("are refused with what is wrong", () => {
        const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "iam-")), "values.yaml");
        fs.writeFileSync(
            file,
            "region: us-east-1\naccount: 12\nproduction: { stack: prod, project: acme, kmsKeys: [alias/x], more: 1 }\n",
        );
        assert.throws(() => readValues(file), /account[\s\S]*alias|kmsKeys[\s\S]*environment/);
    });
});

describe("the guard of legality", () => {
    const [statement] = policiesFor(example)["production-capture"].Statement.filter(({ Action }) =>
        Action.includes("ec2:CreateSnapshot"),
    );
    const rows: [string, Partial<Statement>, RegExp][] = [
        ["an action that is none", { Action: ["ec2:CreateSnapshots"] }, /no action/],
        ["a resource of another kind", { Resource: ["arn:aws:ec2:us-east-1:111122223333:vpc/*"] }, /knows no arn/],
        [
            "a condition that says nothing there",
            { Condition: { StringEquals: { "kms:ViaService": "x" } } },
            /knows no kms:ViaService/,
        ],
        ["everything where less would do", { Resource: ["*"] }, /could be held/],
    ];
    for (const [what, change, says] of rows) {
        it(`finds ${what}`, () => {
            assert.deepEqual(illegal(statement), []);
            assert.match(illegal({ ...statement, ...change }).join("\n"), says);
        });
    }
});
