// What the lab's `aws` puts into state comes from the cloud: asked for one thing, a cloud that holds another is what stands there. Does not
// prove that the real provider does so (its source is named in the tables).
import assert from "node:assert/strict";
import { databases } from "../../../../lab/aws/databases";
import { machines } from "../../../../lab/aws/machines";
import { network } from "../../../../lab/aws/network";
import { records } from "../../../../lab/aws/records";
import { routes } from "../../../../lab/aws/routes";
import { snapshots } from "../../../../lab/aws/snapshots";
import { factsOf, tables } from "../../../../lab/aws/tables/table";
import { tags } from "../../../../lab/aws/tags";
import { things } from "../../../../lab/aws/things";
import type { Properties } from "../../../../lab/providerKit/values";
import { created, type PlayedCloud, playCloud, refreshed, updated } from "./playedCloud";

const types = { ...network, ...routes, ...machines, ...snapshots, ...databases, ...records, ...tags, ...things };

/** Given by a program; nothing of it may stand in state but what names the resource itself. */
const given = { tags: { Given: "given" }, region: "us-east-1" };
const held = { tags: { Held: "held" } };
const rule = { groupId: "sg-held", direction: "ingress", protocol: "held", cidr: "192.0.2.0/24", ...held };
const thing = (properties: Properties) => ({ id: "thing-held", type: "held", properties: { ...properties, ...held } });

interface Case {
    inputs: Properties;
    /** All that the cloud says of it, whatever it is asked. */
    cloud: object;
    /** What the cloud finds it by. */
    by?: string[];
}

const volume = {
    volumeId: "vol-held",
    availabilityZone: "zone-held",
    size: 22222,
    type: "type-held",
    encrypted: false,
    state: "available",
    iops: 22222,
    createTime: "held",
    attachment: { instanceId: "i-given", device: "/dev/given", state: "attached" },
    ...held,
};
const instance = {
    instanceId: "i-held",
    imageId: "ami-held",
    instanceType: "held",
    subnetId: "subnet-held",
    availabilityZone: "zone-held",
    privateIp: "192.0.2.1",
    securityGroupIds: ["sg-held"],
    userData: Buffer.from("held").toString("base64"),
    state: "running",
    metadataOptions: { httpTokens: "held", httpEndpoint: "held", httpPutResponseHopLimit: 22222 },
    rootVolume: { volumeId: "vol-held", volumeSize: 22222, volumeType: "held", encrypted: false },
    disableApiTermination: false,
    iamInstanceProfile: "held",
    ...held,
};
const server = {
    identifier: "held",
    engineVersion: "22222.2",
    instanceClass: "held",
    allocatedStorage: 22222,
    username: "held",
    address: "held",
    port: 22222,
    vpcSecurityGroupIds: ["sg-held"],
    subnetGroupName: "held",
    storageEncrypted: false,
    backupRetentionPeriod: 22222,
    deletionProtection: false,
    availabilityZone: "zone-held",
    resourceId: "db-held",
    status: "available",
    properties: { publiclyAccessible: false, copyTagsToSnapshot: false, parameterGroupName: "held", multiAz: false },
    ...held,
};

const cases: Record<string, Case> = {
    "aws:ec2/vpc:Vpc": {
        inputs: { cidrBlock: "10.11.0.0/16", enableDnsHostnames: true, ...given },
        cloud: { vpcId: "vpc-held", cidrBlock: "192.0.2.0/24", enableDnsHostnames: false, ...held },
    },
    "aws:ec2/subnet:Subnet": {
        inputs: { vpcId: "vpc-given", cidrBlock: "10.11.1.0/24", availabilityZone: "zone-given", ...given },
        cloud: { subnetId: "subnet-held", vpcId: "vpc-held", cidrBlock: "held", availabilityZone: "held", ...held },
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        inputs: { name: "given", description: "given", vpcId: "vpc-given", ...given },
        cloud: { groupId: "sg-held", groupName: "held", description: "held", vpcId: "vpc-held", ...held },
    },
    ...Object.fromEntries(
        ["Ingress", "Egress"].map((side) => [
            `aws:vpc/securityGroup${side}Rule:SecurityGroup${side}Rule`,
            {
                inputs: {
                    ...{ securityGroupId: "sg-given", ipProtocol: "given", fromPort: 11111, toPort: 11111 },
                    ...{ cidrIpv4: "10.11.0.0/16", description: "given", ...given },
                },
                cloud: { ruleId: "sgr-held", ...rule },
            },
        ]),
    ),
    "aws:ec2/internetGateway:InternetGateway": {
        inputs: { vpcId: "vpc-given", ...given },
        cloud: thing({ vpcId: "vpc-held" }),
    },
    "aws:ec2/eip:Eip": { inputs: { domain: "given", ...given }, cloud: thing({ domain: "held" }) },
    "aws:ec2/natGateway:NatGateway": {
        inputs: { subnetId: "subnet-given", allocationId: "eipalloc-given", ...given },
        cloud: thing({ subnetId: "subnet-held", allocationId: "eipalloc-held" }),
    },
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": {
        inputs: { transitGatewayId: "tgw-given", vpcId: "vpc-given", subnetIds: ["subnet-given"], ...given },
        cloud: thing({ transitGatewayId: "tgw-held", vpcId: "vpc-held", subnetIds: ["subnet-held"] }),
    },
    "aws:rds/subnetGroup:SubnetGroup": {
        inputs: { name: "given", subnetIds: ["subnet-given"], ...given },
        cloud: thing({ name: "held", subnetIds: ["subnet-held"] }),
    },
    "aws:ec2/routeTable:RouteTable": {
        inputs: { vpcId: "vpc-given", ...given },
        cloud: { routeTableId: "rtb-held", vpcId: "vpc-held", ...held },
    },
    "aws:ec2/route:Route": {
        inputs: { routeTableId: "rtb-given", destinationCidrBlock: "10.11.0.0/16", natGatewayId: "nat-given" },
        cloud: { routeTableId: "rtb-held", destinationCidrBlock: "held", natGatewayId: "nat-held" },
    },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {
        inputs: { routeTableId: "rtb-given", subnetId: "subnet-given" },
        cloud: { associationId: "rtbassoc-held", routeTableId: "rtb-held", subnetId: "subnet-held" },
    },
    "aws:ec2/instance:Instance": {
        inputs: {
            ...{ ami: "ami-given", instanceType: "given", subnetId: "subnet-given", vpcSecurityGroupIds: ["sg-given"] },
            ...{ userData: "given", disableApiTermination: true, iamInstanceProfile: "given" },
            metadataOptions: { httpTokens: "given" },
            rootBlockDevice: { volumeSize: 11111, volumeType: "given", encrypted: true, kmsKeyId: "key-given" },
            ...given,
        },
        cloud: instance,
    },
    "aws:ebs/volume:Volume": {
        inputs: {
            ...{ availabilityZone: "zone-given", size: 11111, type: "given", encrypted: true, kmsKeyId: "key-given" },
            ...{ snapshotId: "snap-given", iops: 11111, throughput: 11111, volumeInitializationRate: 11111, ...given },
        },
        cloud: volume,
    },
    "aws:ec2/volumeAttachment:VolumeAttachment": {
        inputs: { volumeId: "vol-given", instanceId: "i-given", deviceName: "/dev/given" },
        cloud: volume,
        by: ["volumeId", "instanceId", "deviceName"],
    },
    "aws:ebs/snapshot:Snapshot": {
        inputs: { volumeId: "vol-given", description: "given", ...given },
        cloud: {
            ...{ snapshotId: "snap-held", volumeId: "vol-held", description: "held", state: "completed", ...held },
            snapshots: [{ snapshotId: "snap-held", volumeId: "vol-held", state: "completed", ...held }],
        },
    },
    "aws:ec2/tag:Tag": {
        inputs: { resourceId: "vol-given", key: "given", value: "given-value" },
        cloud: { tags: { given: "held" } },
        by: ["resourceId", "key"],
    },
    "aws:rds/instance:Instance": {
        inputs: {
            ...{ identifier: "given", engine: "postgres", engineVersion: "11111", instanceClass: "given" },
            ...{ allocatedStorage: 11111, username: "given", storageEncrypted: true, kmsKeyId: "key-given" },
            ...{ dbSubnetGroupName: "given", vpcSecurityGroupIds: ["sg-given"], publiclyAccessible: true },
            ...{ backupRetentionPeriod: 11111, copyTagsToSnapshot: true, deletionProtection: true, multiAz: true },
            ...{ parameterGroupName: "given", password: "kept", skipFinalSnapshot: true, ...given },
        },
        cloud: server,
    },
    "aws:rds/snapshot:Snapshot": {
        inputs: { dbInstanceIdentifier: "given", dbSnapshotIdentifier: "given", ...given },
        cloud: {
            ...{ snapshotIdentifier: "held", dbInstanceIdentifier: "held", status: "available", ...held },
            snapshots: [{ snapshotIdentifier: "held", dbInstanceIdentifier: "held", status: "available", ...held }],
        },
    },
    "aws:route53/record:Record": {
        inputs: { zoneId: "Z1", name: "found.test", type: "A", ttl: 11111, records: ["192.0.2.11"] },
        cloud: { records: [{ zoneId: "Z1", name: "found.test", type: "A", ttl: 22222, records: ["192.0.2.22"] }] },
        by: ["zoneId", "name", "type"],
    },
};

/** What stands in state and was only given. */
function copied(token: string, { inputs, by = [] }: Case, outputs: Properties): string[] {
    const { kept } = factsOf(token);
    const own = Object.entries(outputs).filter(([name]) => !kept.includes(name) && !by.includes(name));
    return own
        .filter(([name, value]) => {
            const text = JSON.stringify(value) ?? "";
            const marked = /given|Given|11111|10\.11\.|192\.0\.2\.11/.test(text);
            return marked || (typeof value === "boolean" && value === inputs[name]);
        })
        .map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
}

describe("what the lab's aws puts into state", () => {
    let cloud: PlayedCloud;

    before(async () => {
        cloud = await playCloud(() => ({}));
    });

    after(() => cloud.stop());

    for (const [token, one] of Object.entries(cases)) {
        it(`is the cloud's own of ${token}: after it was made, refreshed and changed`, async () => {
            cloud.answering = () => one.cloud;
            const outputs = await created(token, types[token], one.inputs);
            assert.deepEqual(copied(token, one, outputs), []);
            const state = { inputs: one.inputs, outputs: { ...outputs, ...one.inputs } };
            const id = token.endsWith("Tag") ? "vol-given,given" : "Z1_found.test_A";
            assert.deepEqual(copied(token, one, await refreshed(token, types[token], id, state)), []);
            assert.deepEqual(copied(token, one, await updated(token, types[token], id, state)), []);
            for (const name of factsOf(token).kept) {
                if (one.inputs[name] !== undefined) assert.equal(outputs[name], one.inputs[name]);
            }
            assert.ok(cloud.calls.every(({ by }) => by === "provider"));
        });
    }

    it("is tried for every type that there is a table of", () => {
        assert.deepEqual(Object.keys(cases).sort(), Object.keys(tables).sort());
        assert.deepEqual(Object.keys(types).sort(), Object.keys(tables).sort());
    });

    it("would be found where an input is copied", () => {
        const token = "aws:ebs/volume:Volume";
        assert.deepEqual(copied(token, cases[token], { size: 11111, encrypted: true, type: "held" }), [
            "size: 11111",
            "encrypted: true",
        ]);
    });
});
