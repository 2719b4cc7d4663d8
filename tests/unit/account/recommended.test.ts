// The roles of deploy/iam pass every question of `make account`: each dry run and each simulation is put to our own policies, as IAM would be asked for
// it: once for every resource that AWS's reference says it needs, and for the tags that it gives.
import assert from "node:assert/strict";
import type { PlainEnvironment, PlainProduction } from "../../../config/schema";
import { parseConfig } from "../../../config/parse";
import { policiesFor, Policy } from "../../../deploy/iam/policies";
import { arnOf, reference } from "../../../deploy/iam/reference";
import { environmentActions, Named, PlannedActions, productionActions } from "../../../account/permissions";
import { plannedHosts } from "../../../account/planned";
import {
    buildingRequests,
    JudgedRequest,
    PlannedBuilding,
    snapshotRequests,
} from "../../../account/questions/ec2Requests";
import type { SimulatedActions } from "../../../account/questions/iam";
import type { PolicyValues } from "../../../deploy/iam/values";
import { commonTags } from "../../../logic/names";
import { decide, Request } from "../iam/decision";
import { example } from "../iam/values";
import { filledIn, handedOver, secretsOf, StackTemplate, templateValues, Values } from "../config/samples";

function configOf(stack: StackTemplate) {
    const values = { ...(filledIn(templateValues(stack)) as Values), secrets: secretsOf[stack] };
    return parseConfig(handedOver(values), ["secrets"], stack);
}
const staging = configOf("staging") as PlainEnvironment;
const prod = configOf("prod") as PlainProduction;

const region = "us-east-1";
const account = "111122223333";
const key = (name: string) => `arn:aws:kms:${region}:${account}:key/${name}`;
const [ownKey, theirKey] = [key("own"), key("theirs")];
const profileRole = `arn:aws:iam::${account}:role/posit-connect-host`;
const volumes = ["vol-0a1b2c3d4e5f67890", "vol-0a1b2c3d4e5f67891"];
const names = ["packages.acme.com", "workbench.acme.com", "connect.acme.com"];
const entryPoints = { zone: "Z0A1B2C3D4E5F6G7H8I9J", names };

const values: PolicyValues = {
    ...example,
    ...{ region, account },
    production: {
        ...{ stack: "prod", project: prod.project, volumes, servers: ["acme-db"] },
        ...{ kmsKeys: [theirKey], entryPoints },
    },
    environment: {
        ...{ stack: "staging", project: staging.project, image: staging.operatingSystem.ami },
        ...{ kmsKeys: [ownKey, theirKey], instanceRoles: ["posit-connect-host"], transitGateway: "*" },
    },
};
const ofRole = (role: string, from: PolicyValues = values) =>
    Object.entries(policiesFor(from)).flatMap(([name, policy]) =>
        name.startsWith(role) || name === "guard" ? [policy] : [],
    );

const tags = commonTags({ ...staging, tags: { CostCenter: "4711" } }, "staging");
const building: PlannedBuilding = {
    vpcCidr: "10.20.0.0/16",
    place: { subnetId: "subnet-own", groupId: "sg-own" },
    image: staging.operatingSystem.ami,
    rootDevice: "/dev/sda1",
    hosts: plannedHosts(staging).map((host) => ({ ...host, instanceProfile: "posit-connect" })),
    zone: "us-east-1a",
    kmsKeyId: ownKey,
    nat: true,
    deletionProtection: false,
    tags,
};

/** Of things that are there; those that EC2 takes by itself have no tags of ours. */
const tagged: Record<string, Record<string, string>> = { "subnet-own": tags, "sg-own": tags };

const having = (which: "RequestTag" | "ResourceTag", those: Record<string, string>) =>
    Object.fromEntries(Object.entries(those).map(([name, value]) => [`aws:${which}/${name}`, value]));

/** What IAM is asked for one call. */
function requestsOf({ action, input }: JudgedRequest): Request[] {
    const given = (input.TagSpecifications ?? []).map(({ ResourceType = "", Tags = [] }) => ({
        type: ResourceType as string,
        tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
    }));
    const named: Record<string, string | undefined> = {
        ...("ImageId" in input && {
            image: input.ImageId,
            subnet: input.SubnetId ?? "subnet-default",
            "security-group": input.SecurityGroupIds?.[0] ?? "sg-default",
        }),
        ...("VolumeId" in input && { volume: input.VolumeId }),
    };
    const { resources } = reference.actions[action];
    const types = Object.keys(resources).filter(
        (type) => resources[type].required || given.some((one) => one.type === type),
    );
    const concerned = types.map((type): Request => {
        const id = named[type] ?? "*";
        const made = given.find((one) => one.type === type);
        return {
            action,
            resource: arnOf("ec2", type, id, values),
            context: {
                ...(made && { ...having("RequestTag", made.tags), "aws:TagKeys": Object.keys(made.tags) }),
                ...having("ResourceTag", tagged[id] ?? {}),
            },
        };
    });
    const taggedBy = given.map((made): Request => ({
        action: "ec2:CreateTags",
        resource: arnOf("ec2", made.type, "*", values),
        context: {
            ...having("RequestTag", made.tags),
            ...{ "aws:TagKeys": Object.keys(made.tags), "ec2:CreateAction": action.slice("ec2:".length) },
        },
    }));
    const passed: Request[] =
        "IamInstanceProfile" in input
            ? [
                  {
                      action: "iam:PassRole",
                      resource: profileRole,
                      context: { "iam:PassedToService": "ec2.amazonaws.com" },
                  },
              ]
            : [];
    return [...concerned, ...taggedBy, ...passed];
}

function refusals(who: Policy[], requests: Request[]): string[] {
    return requests
        .filter((request) => decide(who, request) !== "allowed")
        .map(({ action, resource, context }) => `${action} on ${resource} ${JSON.stringify(context)}`);
}

/** IAM's simulation of one question, by the same rules. */
const simulationsOf = ({ on, actions, context = {} }: SimulatedActions): Request[] =>
    actions.map((action) => ({
        action,
        resource: on,
        context: Object.fromEntries(
            Object.entries(context).map(([name, value]) => [name, typeof value === "boolean" ? String(value) : value]),
        ),
    }));

const place: Named = { account, region, partition: "aws" };
const planned: PlannedActions = {
    ...{ identifier: `${staging.project}-staging`, tags, kmsKeyId: ownKey, roles: [profileRole] },
    ...{ ownNetwork: true, transit: true, nat: true, restores: true },
    sources: {
        tags: commonTags(prod, "prod"),
        ...{ servers: ["acme-db"], volumeKeys: [theirKey], serverKeys: [theirKey] },
    },
};

describe("the recommended roles", () => {
    it("pass every dry run, where the network stands", () => {
        const requests = [
            ...buildingRequests(building),
            ...snapshotRequests({
                ...{ stack: "prod", token: "2026-11-28a", tags: commonTags(prod, "prod") },
                volumes: volumes.map((volumeId) => ({ product: "connect", volumeId, mount: "/data" })),
            }),
        ];
        assert.equal(new Set(requests.map(({ action }) => action)).size, 5);
        for (const request of requests) {
            const who = ofRole(request.action === "ec2:CreateSnapshot" ? "production" : "environment");
            assert.deepEqual(refusals(who, requestsOf(request)), [], request.on);
            assert.equal(request.without, undefined);
        }
    });

    it("are refused only what is told apart, where nothing stands yet", () => {
        const places: [PlannedBuilding["place"], Partial<PlannedBuilding>, PolicyValues][] = [
            [{}, {}, values],
            [
                { subnetId: "subnet-given" },
                { vpcCidr: undefined, nat: false },
                {
                    ...values,
                    environment: {
                        ...values.environment,
                        network: { vpc: "vpc-given", subnets: ["subnet-given"] },
                    },
                },
            ],
        ];
        for (const [where, more, given] of places) {
            for (const request of buildingRequests({ ...building, ...more, place: where })) {
                const refused = refusals(ofRole("environment", given), requestsOf(request));
                assert.equal(refused.length > 0, request.without !== undefined, refused.join("\n"));
            }
        }
    });

    it("would be refused a request without the stack's tags", () => {
        const bare = buildingRequests({ ...building, tags: { Project: "another" } });
        for (const request of bare) {
            assert.ok(refusals(ofRole("environment"), requestsOf(request)).length > 0, request.action);
        }
    });

    it("pass every simulation", () => {
        const simulated = environmentActions(place, planned).flatMap(simulationsOf);
        assert.ok(simulated.length > 30);
        assert.deepEqual(refusals(ofRole("environment"), simulated), []);
        const capture = productionActions(place, {
            ...{ stack: "prod", tags: commonTags(prod, "prod"), servers: ["acme-db"], records: entryPoints },
            ...{ volumeKeys: [theirKey], serverKeys: [theirKey] },
        });
        assert.deepEqual(refusals(ofRole("production"), capture.flatMap(simulationsOf)), []);
    });

    it("are simulated where a service is: IAM and Route 53 are global", () => {
        const regions = (partition: string) =>
            Object.fromEntries(
                [
                    ...environmentActions({ ...place, partition, region: "eu-west-1" }, planned),
                    ...productionActions(
                        { ...place, partition, region: "eu-west-1" },
                        {
                            ...{ stack: "prod", tags: {}, servers: [], records: entryPoints },
                            ...{ volumeKeys: [], serverKeys: [] },
                        },
                    ),
                ].map(({ actions, context }) => [actions[0].split(":")[0], context?.["aws:RequestedRegion"]]),
            );
        const regional = { ec2: "eu-west-1", rds: "eu-west-1", kms: "eu-west-1" };
        assert.deepEqual(regions("aws"), { ...regional, iam: "us-east-1", route53: "us-east-1" });
        assert.deepEqual(regions("aws-cn"), { ...regional, iam: "cn-north-1", route53: "cn-northwest-1" });
    });

    it("may be given what phase migrate needs when it begins", () => {
        const later = environmentActions(place, { ...planned, restores: false });
        const install = ["look", "network", "install", "databases"].map(
            (step) => policiesFor(values)[`environment-${step}`],
        );
        const firm = later.filter(({ elsewhere }) => elsewhere === undefined);
        assert.deepEqual(refusals(install, firm.flatMap(simulationsOf)), []);
    });
});
