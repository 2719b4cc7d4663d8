// Which operations on which types each step of a role takes, and so each policy. A step's policies are given beside those of the steps before it.
import { Operation } from "./calls/calls";
import { networkCalls, networkLookups } from "./calls/network";

type Role = "environment" | "production";

export interface Step {
    /** The policy's name. */
    name: string;
    role: Role;
    /** For the README: when it is needed. */
    when: string;
    operations: [tokens: string[], operations: Operation[]][];
    /** Resources that an action could reach, and need not here. */
    without?: [action: string, type: string][];
}

const groups = [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];
const rules = groups.slice(1);
const routed = Object.keys(networkCalls).filter((token) => !groups.includes(token));
const host = "aws:ec2/instance:Instance";
const volume = "aws:ebs/volume:Volume";
const attachment = "aws:ec2/volumeAttachment:VolumeAttachment";
const server = "aws:rds/instance:Instance";
const subnetGroup = "aws:rds/subnetGroup:SubnetGroup";
const volumeSnapshot = "aws:ebs/snapshot:Snapshot";
const serverSnapshot = "aws:rds/snapshot:Snapshot";
const tag = "aws:ec2/tag:Tag";
const record = "aws:route53/record:Record";

const ofEnvironment = [...Object.keys(networkCalls), host, volume, attachment, server, subnetGroup];
const ofCaptures = [volumeSnapshot, serverSnapshot, tag];
/** Of either side. */
const lookups = [
    "aws:index/getRegion:getRegion",
    "aws:ebs/getVolume:getVolume",
    "aws:ebs/getSnapshotIds:getSnapshotIds",
    "aws:ebs/getSnapshot:getSnapshot",
    "aws:rds/getSnapshot:getSnapshot",
    "aws:rds/getInstance:getInstance",
];

export const steps: Step[] = [
    {
        name: "environment-look",
        role: "environment",
        when: "Every `preview` and `refresh`.",
        operations: [
            [
                [
                    ...[...ofEnvironment, ...lookups, ...Object.keys(networkLookups)],
                    ...["aws:rds/getSubnetGroup:getSubnetGroup", "aws:cloudcontrol/getResource:getResource"],
                ],
                ["read"],
            ],
        ],
    },
    {
        name: "environment-network",
        role: "environment",
        when: "Every `up`, where the environment has a network of its own.",
        operations: [
            [routed, ["create", "update"]],
            [["aws:ec2/route:Route", "aws:ec2/routeTableAssociation:RouteTableAssociation"], ["delete"]],
        ],
    },
    {
        name: "environment-install",
        role: "environment",
        when: "Every `up`, in both phases.",
        operations: [
            [
                [...groups, host, volume, attachment],
                ["create", "update"],
            ],
            [[...rules, attachment], ["delete"]],
        ],
        without: [["ec2:CreateVolume", "snapshot"]],
    },
    {
        name: "environment-databases",
        role: "environment",
        when: "Every `up`, in both phases, where a product's databases are on a server of RDS.",
        operations: [
            [
                [server, subnetGroup],
                ["create", "update"],
            ],
        ],
    },
    {
        name: "environment-migrate",
        role: "environment",
        when: "`up` in phase migrate: volumes and servers are made from a capture; the blank ones, and servers of a capture before, go. In phase install too where `posit:prepare` is taken away or changed.",
        operations: [
            [[volume, server], ["restore"]],
            [[volume, server], ["delete"]],
        ],
    },
    {
        name: "environment-destroy",
        role: "environment",
        when: "`destroy`, and an `up` that replaces a host; give it for that run only.",
        operations: [[ofEnvironment, ["delete"]]],
    },
    {
        name: "production-look",
        role: "production",
        when: "Every `preview` and `refresh`, and the `up` that only reads the inventory.",
        operations: [
            [
                [
                    ...ofCaptures,
                    record,
                    ...lookups,
                    "aws:ec2/getInstance:getInstance",
                    "aws:route53/getRecords:getRecords",
                ],
                ["read"],
            ],
        ],
    },
    {
        name: "production-capture",
        role: "production",
        when: "`up` with a capture that is to begin, or one that is dropped from the list: its warm-ups go.",
        operations: [
            [ofCaptures, ["create", "update"]],
            // Of warm-ups alone (scopes/production.ts): what was captured is retained.
            [[volumeSnapshot, serverSnapshot], ["delete"]],
        ],
    },
    {
        name: "production-serve",
        role: "production",
        when: "`up` that makes or changes a record of a public name: another TTL, a move, its way back.",
        operations: [[[record], ["create", "update"]]],
    },
];

/** What no step may do, though the provider could: captured things and the names stay. */
export const never: [token: string, operation: Operation, why: string][] = [
    [tag, "delete", "retained: it says whether a capture is complete"],
    [record, "delete", "retained: users' way in"],
];
