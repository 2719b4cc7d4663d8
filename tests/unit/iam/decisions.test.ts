// Requests that matter, put to the policies of the templates: what is to be protected is, whatever a role was given besides.
import assert from "node:assert/strict";
import { notAllowed } from "../../../deploy/iam/covered";
import { policiesFor, Policy } from "../../../deploy/iam/policies";
import { captureNames } from "../../../logic/names";
import { rdsName } from "../../../logic/physicalNames";
import { decide, Decision, Request } from "./decision";
import { example, shapes } from "./values";

const policies = policiesFor(example);
const ofRole = (role: string) =>
    Object.entries(policies).flatMap(([name, policy]) => (name.startsWith(role) || name === "guard" ? [policy] : []));
const environment = ofRole("environment");
const production = ofRole("production");
const everything: Policy = {
    Version: "2012-10-17",
    Statement: [{ Sid: "All", Effect: "Allow", Action: ["*"], Resource: ["*"] }],
};
const administrator = [everything, policies.guard];

const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:111122223333:${rest}`;
const snapshot = "arn:aws:ec2:us-east-1::snapshot/snap-1";
const volume = arn("ec2", "volume/vol-1");
const tags = (given: Record<string, string>) =>
    Object.fromEntries(Object.entries(given).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
const requestTags = (given: Record<string, string>) => ({
    ...Object.fromEntries(Object.entries(given).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    "aws:TagKeys": Object.keys(given),
});
const ofStaging = { Project: "acme-posit", Environment: "staging" };
const ofProd = { Project: "acme-posit", Environment: "prod" };
const captured = tags({ ...ofProd, "posit:capture": "2026-11-21a" });
const restored = tags({ ...ofStaging, "posit:capture": "2026-11-21a" });
const keys = (...names: string[]) => ({ "aws:TagKeys": names });

function says(who: Policy[], request: Request, expected: Decision): void {
    assert.equal(decide(who, request), expected, JSON.stringify(request));
}

describe("captures and restored volumes", () => {
    const serverSnapshot = arn("rds", "snapshot:posit-2026-11-21a-db");
    const protectedFrom: [string, Request][] = [
        ["deleting a captured snapshot", { action: "ec2:DeleteSnapshot", resource: snapshot, context: captured }],
        ["deleting a restored volume", { action: "ec2:DeleteVolume", resource: volume, context: restored }],
        ["deleting a captured server", { action: "rds:DeleteDBSnapshot", resource: serverSnapshot, context: captured }],
        [
            "taking the token's tag",
            { action: "ec2:DeleteTags", resource: snapshot, context: { ...captured, ...keys("posit:capture") } },
        ],
        [
            "taking the stack's tag",
            { action: "ec2:DeleteTags", resource: volume, context: { ...restored, ...keys("Name", "posit:stack") } },
        ],
        ["taking all tags at once", { action: "ec2:DeleteTags", resource: volume, context: restored }],
        [
            "another token on it",
            { action: "ec2:CreateTags", resource: snapshot, context: { ...captured, ...keys("posit:capture") } },
        ],
        [
            "taking a server's tag",
            {
                action: "rds:RemoveTagsFromResource",
                resource: serverSnapshot,
                context: { ...captured, ...keys("posit:capture") },
            },
        ],
        [
            "another token on a server's",
            {
                action: "rds:AddTagsToResource",
                resource: serverSnapshot,
                context: { ...captured, ...keys("posit:capture") },
            },
        ],
        ["deleting their key", { action: "kms:ScheduleKeyDeletion", resource: example.production.kmsKeys[0] }],
    ];
    for (const [what, request] of protectedFrom) {
        it(`are protected from ${what}, by an administrator's role too`, () => {
            for (const who of [environment, production, administrator]) says(who, request, "denied");
        });
    }

    it("may be made, and told complete", () => {
        const made = { ...requestTags({ ...ofProd, "posit:capture": "a" }), "ec2:CreateAction": "CreateSnapshot" };
        says(production, { action: "ec2:CreateSnapshot", resource: snapshot, context: made }, "allowed");
        says(production, { action: "ec2:CreateTags", resource: snapshot, context: made }, "allowed");
        says(
            production,
            { action: "ec2:CreateTags", resource: snapshot, context: { ...captured, ...keys("posit:capture-state") } },
            "allowed",
        );
        says(production, { action: "rds:CreateDBSnapshot", resource: serverSnapshot, context: made }, "allowed");
        says(production, { action: "rds:AddTagsToResource", resource: serverSnapshot, context: made }, "allowed");
        const restoring = {
            ...requestTags({ ...ofStaging, "posit:capture": "a" }),
            "ec2:CreateAction": "CreateVolume",
        };
        says(environment, { action: "ec2:CreateVolume", resource: volume, context: restoring }, "allowed");
        says(environment, { action: "ec2:CreateVolume", resource: snapshot, context: captured }, "allowed");
        says(environment, { action: "ec2:CreateTags", resource: volume, context: restoring }, "allowed");
        says(
            environment,
            { action: "ec2:CreateTags", resource: volume, context: { ...restored, ...keys("Name") } },
            "allowed",
        );
        says(
            environment,
            { action: "ec2:DeleteTags", resource: volume, context: { ...restored, ...keys("Name") } },
            "allowed",
        );
    });
});

/** What of captures a step's own policy lets somebody delete, were there no guard: by whose tags it is known, and whatever else it is called. */
function deletable(steps: Record<string, Policy>): string[] {
    const servers = ["posit-2026-11-21a-db", "posit-warm-up-2026-11-21a-db", "rds:acme-posit"];
    const things: [string, string, string][] = [
        ["ec2:DeleteSnapshot", snapshot, "snapshot"],
        ["ec2:DeleteVolume", volume, "volume"],
        ...servers.map((name): [string, string, string] => [
            "rds:DeleteDBSnapshot",
            arn("rds", `snapshot:${name}`),
            "server snapshot",
        ]),
    ];
    const contexts = [
        ofProd,
        ofStaging,
        { ...ofProd, "posit:warm-up": "a" },
        { ...ofStaging, "posit:warm-up": "a" },
    ].map((known) => tags({ ...known, "posit:capture": "2026-11-21a", "posit:stack": "prod" }));
    const found = Object.entries(steps).flatMap(([name, policy]) =>
        things.flatMap(([action, resource, what]) =>
            contexts.some((context) => decide([policy], { action, resource, context }) === "allowed")
                ? [`${name}: ${what}`]
                : [],
        ),
    );
    return [...new Set(found)];
}

describe("a step's own policy, without the guard", () => {
    const steps = Object.fromEntries(Object.entries(policies).filter(([name]) => name !== "guard"));
    const deletions = ["ec2:DeleteSnapshot", "ec2:DeleteVolume", "rds:DeleteDBSnapshot"];

    it("lets nobody delete what was captured or restored", () => {
        assert.deepEqual(deletable(steps), []);
    });

    it("is found as soon as it would", () => {
        const given = (name: string, action: string, Condition?: Policy["Statement"][number]["Condition"]) => ({
            ...steps,
            [name]: {
                ...steps[name],
                Statement: [
                    ...steps[name].Statement,
                    { Sid: "More", Effect: "Allow" as const, Action: [action], Resource: ["*"], Condition },
                ],
            },
        });
        for (const [action, what] of [
            ["ec2:DeleteSnapshot", "snapshot"],
            ["ec2:DeleteVolume", "volume"],
            ["rds:DeleteDBSnapshot", "server snapshot"],
            ["rds:Delete*", "server snapshot"],
        ]) {
            for (const name of Object.keys(steps)) {
                assert.deepEqual(deletable(given(name, action)), [`${name}: ${what}`]);
            }
        }
        const mine = {
            StringEquals: { "aws:ResourceTag/Project": "acme-posit", "aws:ResourceTag/Environment": "prod" },
        };
        assert.equal(deletable(given("production-capture", "rds:DeleteDBSnapshot", mine)).length, 1);
    });

    it("has to say of each deletion that it is of nothing captured: without that condition it is found", () => {
        const careless = Object.fromEntries(
            Object.entries(steps).map(([name, policy]) => [
                name,
                {
                    ...policy,
                    Statement: policy.Statement.map((one) =>
                        one.Action.some((action) => deletions.includes(action))
                            ? { ...one, Condition: { ...one.Condition, Null: {} } }
                            : one,
                    ),
                },
            ]),
        );
        assert.deepEqual(deletable(careless), [
            "environment-migrate: volume",
            "environment-destroy: volume",
            "production-capture: snapshot",
            "production-capture: server snapshot",
        ]);
    });
});

describe("an environment's role", () => {
    it("deletes what has its stack's tags, in the steps that need it", () => {
        const blank: Request = { action: "ec2:DeleteVolume", resource: volume, context: tags(ofStaging) };
        says(environment, blank, "allowed");
        const install = ["environment-look", "environment-network", "environment-install", "environment-databases"];
        says(
            install.map((name) => policies[name]),
            blank,
            "not allowed",
        );
    });

    it("touches nothing of production's, and nothing without its tags", () => {
        for (const action of ["ec2:DeleteVolume", "ec2:AttachVolume", "ec2:DetachVolume", "ec2:ModifyVolume"]) {
            says(environment, { action, resource: volume }, "not allowed");
            says(environment, { action, resource: volume, context: tags(ofProd) }, "not allowed");
        }
        const host = arn("ec2", "instance/i-1");
        says(environment, { action: "ec2:TerminateInstances", resource: host }, "not allowed");
        says(
            environment,
            { action: "ec2:RunInstances", resource: host, context: requestTags({ Project: "other" }) },
            "not allowed",
        );
        for (const action of ["rds:DeleteDBInstance", "rds:ModifyDBInstance", "rds:RebootDBInstance"]) {
            says(
                environment,
                { action, resource: arn("rds", "db:replaceme-db"), context: tags(ofStaging) },
                "not allowed",
            );
            says(
                environment,
                { action, resource: arn("rds", "db:acme-posit-staging"), context: tags(ofStaging) },
                "allowed",
            );
        }
        says(
            environment,
            {
                action: "route53:ChangeResourceRecordSets",
                resource: "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
            },
            "not allowed",
        );
    });

    it("restores from production's servers, and from what was captured alone", () => {
        says(
            environment,
            { action: "rds:RestoreDBInstanceToPointInTime", resource: arn("rds", "db:replaceme-db") },
            "allowed",
        );
        says(
            environment,
            { action: "rds:RestoreDBInstanceToPointInTime", resource: arn("rds", "db:another") },
            "not allowed",
        );
        says(
            environment,
            { action: "rds:RestoreDBInstanceFromDBSnapshot", resource: arn("rds", "snapshot:another") },
            "not allowed",
        );
        says(environment, { action: "ec2:CreateVolume", resource: snapshot, context: tags(ofProd) }, "not allowed");
        const restore = { action: "rds:RestoreDBInstanceFromDBSnapshot", resource: arn("rds", "snapshot:posit-a-db") };
        says(environment, { ...restore, context: captured }, "allowed");
        says(environment, restore, "not allowed");
    });

    it("leaves a network that others made as it is", () => {
        const given = policiesFor(shapes["a network that others made"]);
        const role = Object.entries(given).flatMap(([name, policy]) =>
            name.startsWith("environment") ? [policy] : [],
        );
        says(role, { action: "ec2:CreateSecurityGroup", resource: arn("ec2", "vpc/vpc-1") }, "allowed");
        says(role, { action: "ec2:CreateSecurityGroup", resource: arn("ec2", "vpc/vpc-2") }, "not allowed");
        says(role, { action: "ec2:CreateRoute", resource: arn("ec2", "route-table/rtb-1") }, "not allowed");
    });
});

describe("the names of an environment's servers", () => {
    const long = "a-very-long-stack-name-that-someone-thought-of-one-day";
    for (const stack of ["staging", "Prod_EU", "eu--2", long]) {
        it(`are all reached where its stack is ${stack}`, () => {
            const values = { ...example, environment: { ...example.environment, stack } };
            const role = [policiesFor(values)["environment-databases"], policiesFor(values)["environment-migrate"]];
            const identifier = `${values.environment.project}-${stack}`;
            const context = {
                ...requestTags({ ...ofStaging, Environment: stack }),
                ...tags({ ...ofStaging, Environment: stack }),
            };
            const make = (name: string): Request => ({
                action: "rds:CreateDBInstance",
                resource: arn("rds", `db:${name}`),
                context,
            });
            says(role, make(rdsName([identifier])), "allowed");
            says(role, make(rdsName([identifier, "2026-11-21a"])), "allowed");
            says(role, make(rdsName([identifier, "2026-11-21a-production-of-old"])), "allowed");
            const group = arn("rds", `subgrp:${identifier.toLowerCase()}-subnets`);
            says(role, { action: "rds:CreateDBSubnetGroup", resource: group, context }, "allowed");
        });
    }
});

describe("production's role", () => {
    it("captures what is named, and deletes warm-ups alone", () => {
        says(
            production,
            { action: "ec2:CreateSnapshot", resource: arn("ec2", "volume/vol-0123456789abcdef0") },
            "allowed",
        );
        says(production, { action: "ec2:CreateSnapshot", resource: arn("ec2", "volume/vol-another") }, "not allowed");
        const warmUp = tags({ ...ofProd, "posit:warm-up": "a" });
        says(production, { action: "ec2:DeleteSnapshot", resource: snapshot, context: warmUp }, "allowed");
        says(production, { action: "ec2:DeleteSnapshot", resource: snapshot, context: tags(ofProd) }, "not allowed");
        const remove = (name: string, context: Request["context"]): Request => ({
            action: "rds:DeleteDBSnapshot",
            resource: arn("rds", `snapshot:${name}`),
            context,
        });
        const identifier = captureNames("2026-11-21a").serverWarmUpIdentifier("replaceme-db");
        says(production, remove(identifier, warmUp), "allowed");
        says(production, remove(identifier, tags(ofProd)), "not allowed");
        says(production, remove(identifier, tags({ Project: "other", "posit:warm-up": "a" })), "not allowed");
        says(production, remove(identifier, tags({ ...ofProd, "posit:warm-up": "a", "posit:capture": "a" })), "denied");
        says(production, remove("another", warmUp), "not allowed");
        says(environment, remove(identifier, warmUp), "not allowed");
    });

    it("leads the three names, and takes none away", () => {
        const change = (name: string, act: string): Request => ({
            action: "route53:ChangeResourceRecordSets",
            resource: "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
            context: {
                "route53:ChangeResourceRecordSetsNormalizedRecordNames": [name],
                "route53:ChangeResourceRecordSetsRecordTypes": ["A"],
                "route53:ChangeResourceRecordSetsActions": [act],
            },
        });
        says(production, change("connect.replaceme.example.com", "UPSERT"), "allowed");
        says(production, change("connect.replaceme.example.com", "DELETE"), "not allowed");
        says(production, change("www.replaceme.example.com", "UPSERT"), "not allowed");
    });
});

describe("what was asked of a provider", () => {
    const asked = { token: "aws:ebs/volume:Volume", operation: "create" } as const;

    it("is allowed by the steps that need it, and by no others", () => {
        assert.deepEqual(notAllowed([asked], environment), []);
        const [says] = notAllowed([asked], [policies["environment-look"]]);
        assert.match(says, /^create of aws:ebs\/volume:Volume needs .*ec2:CreateVolume.*, which no policy allows$/);
        assert.deepEqual(
            notAllowed(
                [{ token: "aws:ebs/getSnapshot:getSnapshot", operation: "read" }],
                [policies["production-look"]],
            ),
            [],
        );
    });

    it("is not passed over where the table does not know it", () => {
        const [says] = notAllowed([{ token: "aws:s3/bucket:Bucket", operation: "read" }], environment);
        assert.match(says, /aws:s3.* is in no row of deploy/);
    });
});
