// For each rule a stack that breaks it and no other: what nothing would find, nobody checks.
import { typeMappings } from "./calls";
import type { CallMapping, TypeMapping } from "./calls/mapping";
import { logicalName, Resource, StackState } from "./exports";

interface Mutation {
    rule: string;
    /** The recorded stack that it begins with. */
    of: string;
    change(stack: StackState): void;
    /** The calls as they would be made wrongly: what no stack can bring about. */
    mappings?: Record<string, TypeMapping>;
}

type Values = Record<string, unknown>;

const install = "template-2-install-staging";
const migrate = "template-4-migrate-staging";
const firstProd = "template-1-first-prod";
const snapshots = "snapshot-3-capture-prod";

const vpc = "aws:ec2/vpc:Vpc";
const subnet = "aws:ec2/subnet:Subnet";
const route = "aws:ec2/route:Route";
const group = "aws:ec2/securityGroup:SecurityGroup";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const volume = "aws:ebs/volume:Volume";
const attachment = "aws:ec2/volumeAttachment:VolumeAttachment";
const server = "aws:rds/instance:Instance";
const subnetGroup = "aws:rds/subnetGroup:SubnetGroup";
const record = "aws:route53/record:Record";

function those({ resources }: StackState, type: string): Resource[] {
    const found = resources.filter((one) => one.type === type);
    if (found.length === 0) throw new Error(`the stack has no ${type} to spoil`);
    return found;
}

function change(inputs: Values, values: Values): void {
    for (const [key, value] of Object.entries(values)) {
        if (value === undefined) delete inputs[key];
        else inputs[key] = value;
    }
}

/** Sets inputs of the last one of a type; undefined takes an input away. */
function set(rule: string, of: string, type: string, values: Values): Mutation {
    return { rule, of, change: (stack) => change(those(stack, type).at(-1)!.inputs, values) };
}

/** Adds others like the first one of a type that has a range. */
function more(rule: string, type: string, each: Values[]): Mutation {
    return {
        rule,
        of: install,
        change: (stack) => {
            const like = those(stack, type).find(
                ({ inputs }) => (inputs.cidrIpv4 ?? inputs.destinationCidrBlock) !== undefined,
            )!;
            const urn = (index: number) => `${like.urn}-another-${index}`;
            const made = each.map((values, index) => ({
                ...like,
                ...{ urn: urn(index), id: logicalName({ urn: urn(index) }), inputs: { ...like.inputs, ...values } },
            }));
            stack.resources.push(...made);
        },
    };
}

/** The same input of all of a type, from one of them. */
function like(rule: string, of: string, type: string, input: string): Mutation {
    return {
        rule,
        of,
        change: (stack) => {
            const [first, second] = those(stack, type);
            second.inputs[input] = first.inputs[input];
        },
    };
}

/** Of the first call for a type. */
function called(rule: string, of: string, type: string, change: Partial<CallMapping>): Mutation {
    const mapping = typeMappings[type];
    const [first, ...others] = mapping.calls;
    const calls = [{ ...first, ...change }, ...others];
    return { rule, of, change: () => undefined, mappings: { ...typeMappings, [type]: { ...mapping, calls } } };
}

/** A list that has one subnet twice. */
function oneSubnet(rule: string, type: string): Mutation {
    return {
        rule,
        of: install,
        change: (stack) => {
            const [{ id }] = those(stack, subnet);
            those(stack, type)[0].inputs.subnetIds = [id, id];
        },
    };
}

const networkMutations: Mutation[] = [
    more("route-inside-vpc", route, [{ destinationCidrBlock: "10.20.3.0/24" }]),
    set("rule-without-route", install, egress, { cidrIpv4: "192.168.7.0/24", referencedSecurityGroupId: undefined }),
    set("no-way-in", install, ingress, { cidrIpv4: "192.168.7.0/24", referencedSecurityGroupId: undefined }),
    more("route-twice", route, [{}]),
    more("range-not-canonical", route, [{ destinationCidrBlock: "10.8.0.7/24" }]),
    set("subnet-outside-vpc", install, subnet, { cidrBlock: "10.99.0.0/24" }),
    like("subnets-overlap", install, subnet, "cidrBlock"),
    set("block-size", install, subnet, { cidrBlock: "10.20.2.0/29" }),
    oneSubnet("subnet-group-zones", subnetGroup),
    oneSubnet("transit-zones", "aws:ec2transitgateway/vpcAttachment:VpcAttachment"),
    more(
        "rules-per-group",
        ingress,
        Array.from({ length: 60 }, (_, index) => ({ cidrIpv4: `10.8.0.${index}/32` })),
    ),
    more("rule-twice", ingress, [{}]),
    set("one-peer", install, ingress, { cidrIpv4: undefined, referencedSecurityGroupId: undefined }),
    set("rule-description", install, ingress, { description: "Users’ laptops" }),
    set("group-description", install, group, { description: "Workbench – host" }),
];

const machineMutations: Mutation[] = [
    set("key-not-arn", install, volume, { kmsKeyId: "arn:aws:kms:us-east-1:210987654321:alias/posit" }),
    set("unencrypted", install, volume, { encrypted: false }),
    set("device-name", install, attachment, { deviceName: "/dev/sdundefined" }),
    {
        rule: "device-twice",
        of: install,
        change: (stack) => {
            const all = those(stack, attachment);
            const pair = all.find((one) =>
                all.some((other) => other !== one && other.inputs.instanceId === one.inputs.instanceId),
            )!;
            for (const one of all)
                if (one.inputs.instanceId === pair.inputs.instanceId) one.inputs.deviceName = "/dev/sdk";
        },
    },
    set("volume-in-another-zone", install, volume, { availabilityZone: "us-east-1b" }),
    set("volume-size", install, volume, { size: 70_000 }),
    set("size-or-snapshot", install, volume, { size: undefined }),
    set("initialization-rate", install, volume, { volumeInitializationRate: 200 }),
    set("volume-performance", install, volume, { type: "st1", size: 500, throughput: 250 }),
    set("untagged", install, vpc, { tags: { Name: "network" } }),
    set("tag-key", install, vpc, { tags: { Project: "p", Environment: "e", ManagedBy: "m", "aws:own": "x" } }),
    set("tag-value", install, vpc, { tags: { Project: "p".repeat(300), Environment: "e", ManagedBy: "m" } }),
    set("tag-on-rds", install, server, { tags: { Project: "a, b", Environment: "e", ManagedBy: "m" } }),
    set("tags-at-most", install, vpc, {
        tags: {
            ...{ Project: "p", Environment: "e", ManagedBy: "m" },
            ...Object.fromEntries(Array.from({ length: 48 }, (_, index) => [`t${index}`, "x"])),
        },
    }),
];

const databaseMutations: Mutation[] = [
    set("server-name", install, server, { identifier: "acme--staging" }),
    set("snapshot-name", snapshots, "aws:rds/snapshot:Snapshot", { dbSnapshotIdentifier: "posit-" }),
    set("final-snapshot-name", migrate, server, { finalSnapshotIdentifier: "acme--final" }),
    set("subnet-group-name", install, subnetGroup, { name: "Acme" }),
    set("master-name", install, server, { username: "a_master_of_seventeen" }),
    set("retention", install, server, { backupRetentionPeriod: 36 }),
    set("server-storage", install, server, { allocatedStorage: 10 }),
    {
        rule: "minor-version-pinned",
        of: install,
        change: (stack) => {
            for (const one of those(stack, server)) {
                change(one.inputs, { engineVersion: "15.8" });
                one.ignoreChanges = one.ignoreChanges?.filter((name) => name !== "engineVersion");
            }
        },
    },
    set("restore-takes-from-source", migrate, server, { storageEncrypted: true }),
    set("moment", migrate, server, {
        restoreToPointInTime: { sourceDbInstanceIdentifier: "acme-db", restoreTime: "2026-11-21 10:00" },
    }),
    set("final-snapshot-missing", install, server, { skipFinalSnapshot: false }),
    set("address-record", firstProd, record, { records: ["host.acme.com"] }),
];

const callMutations: Mutation[] = [
    set("model.required", install, subnet, { vpcId: undefined }),
    set("model.type", install, ingress, { fromPort: "a port" }),
    set("model.range", firstProd, record, { ttl: -1 }),
    set("model.range", firstProd, record, { ttl: 2 ** 31 }),
    set("model.enum", install, volume, { type: "gp9" }),
    set("unmapped", install, vpc, { ipv9: true }),
    called("model.unknown", install, subnet, { fixed: { CidrBlok: "10.20.1.0/24" } }),
    called("model.operation", install, vpc, { operation: "ec2:MakeVpc" }),
    called("model.pattern", install, server, { fixed: { DBCapacityReservationIdentifier: "NONE" } }),
];

export const mutations: Mutation[] = [...networkMutations, ...machineMutations, ...databaseMutations, ...callMutations];
