// A small program that uses every family of the lab's providers; tests/lab/providers.test.ts runs it on the real engine.
import * as aws from "@pulumi/aws";
import * as command from "@pulumi/command";
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config("probe");
const publicKey = config.require("publicKey");
const privateKey = config.requireSecret("privateKey");
const zoneId = config.require("zoneId");
const tags = { Project: "probe" };

const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.20.0.0/16", tags });
const subnets = ["us-east-1a", "us-east-1b"].map(
    (zone, index) =>
        new aws.ec2.Subnet(`subnet-${index}`, {
            vpcId: vpc.id,
            availabilityZone: zone,
            cidrBlock: `10.20.${index + 1}.0/24`,
            tags,
        }),
);
const transitGatewayId = config.require("transitGatewayId");
const transit = new aws.ec2transitgateway.VpcAttachment("transit", {
    transitGatewayId,
    vpcId: vpc.id,
    subnetIds: subnets.map((subnet) => subnet.id),
    tags,
});
const routeTable = new aws.ec2.RouteTable("routes", { vpcId: vpc.id, tags });
const led = [
    ...subnets.map(
        (subnet, index) =>
            new aws.ec2.RouteTableAssociation(`subnet-${index}-routes`, {
                subnetId: subnet.id,
                routeTableId: routeTable.id,
            }),
    ),
    new aws.ec2.Route(
        "to-operator",
        { routeTableId: routeTable.id, transitGatewayId, destinationCidrBlock: "10.0.0.0/24" },
        { dependsOn: [transit] },
    ),
];
const group = new aws.ec2.SecurityGroup("group", {
    vpcId: vpc.id,
    description: "probe",
    tags: { ...tags, Name: "probe" },
});
for (const port of [22, 5432]) {
    new aws.vpc.SecurityGroupIngressRule(`from-operator-${port}`, {
        securityGroupId: group.id,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4: "10.0.0.0/24",
        description: "operator",
    });
}
const userData = pulumi.interpolate`#cloud-config
{"users": [{"name": "admin", "sudo": "ALL=(ALL) NOPASSWD:ALL", "ssh_authorized_keys": ["${publicKey}"]}]}
`;
const instance = new aws.ec2.Instance("instance", {
    ami: "ami-0000000000000d13",
    instanceType: "t3.small",
    subnetId: subnets[0].id,
    vpcSecurityGroupIds: [group.id],
    userData,
    metadataOptions: { httpTokens: "required" },
    tags,
});
const volume = new aws.ebs.Volume("volume", {
    availabilityZone: "us-east-1a",
    size: 1,
    encrypted: true,
    type: "gp3",
    tags,
});
const attachment = new aws.ec2.VolumeAttachment("attachment", {
    volumeId: volume.id,
    instanceId: instance.id,
    deviceName: "/dev/sdf",
});
new aws.ebs.Snapshot(
    "snapshot",
    { volumeId: volume.id, description: "probe", tags: { "posit:capture": "t1" } },
    { dependsOn: [attachment] },
);

const subnetGroup = new aws.rds.SubnetGroup("subnet-group", {
    name: "probe",
    subnetIds: subnets.map((subnet) => subnet.id),
});
const server = new aws.rds.Instance("server", {
    identifier: "probe",
    engine: "postgres",
    engineVersion: "15",
    instanceClass: "db.t3.micro",
    allocatedStorage: 20,
    username: "master",
    password: config.requireSecret("password"),
    dbSubnetGroupName: subnetGroup.name,
    vpcSecurityGroupIds: [group.id],
    storageEncrypted: true,
    backupRetentionPeriod: 1,
    skipFinalSnapshot: true,
});
const provider = new postgresql.Provider("provider", {
    host: server.address,
    username: "master",
    password: config.requireSecret("password"),
    superuser: false,
    sslmode: "require",
});
// Whoever speaks to the server from here is led to it only then.
const reachable = { provider, dependsOn: led };
const role = new postgresql.Role(
    "role",
    { name: "connect", login: true, password: config.requireSecret("password") },
    reachable,
);
new postgresql.Database("database", { name: "connect", owner: role.name }, { provider });

new aws.route53.Record(
    "existing",
    { zoneId, name: "old.example.com", type: "A", ttl: 60, records: ["10.10.1.10"] },
    { import: `${zoneId}_old.example.com_A` },
);
// Held with another value: the engine takes it over and then writes this one, whatever the preview's "import" looks like.
new aws.route53.Record(
    "differs",
    { zoneId, name: "differs.example.com", type: "A", ttl: 60, records: ["10.10.1.12"] },
    { import: `${zoneId}_differs.example.com_A` },
);
new aws.route53.Record("record", { zoneId, name: "new.example.com", type: "A", ttl: 5, records: [instance.privateIp] });

export const said = new command.remote.Command(
    "say",
    {
        connection: { host: instance.privateIp, user: "admin", privateKey, dialErrorLimit: 60 },
        create: "sudo -n bash -s -- say",
        stdin: pulumi.interpolate`echo "of $(hostname | wc -l)"; echo "${config.requireSecret("password")}" > /dev/null`,
    },
    { dependsOn: [attachment, ...led] },
).stdout;
export const held = aws.ebs
    .getSnapshotIds({ owners: ["self"], filters: [{ name: "tag:posit:capture", values: ["t1"] }] })
    .then((found) => found.ids.length);
export const sets = aws.route53.getRecordsOutput({ zoneId }, { dependsOn: [server] }).resourceRecordSets;
