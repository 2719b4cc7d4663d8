// An account in which everything is as both templates say, made in moto; and the templates with its ids in them. Tests then spoil one thing.
import {
    AttachVolumeCommand,
    CreateSnapshotCommand,
    CreateSubnetCommand,
    CreateTransitGatewayCommand,
    CreateTransitGatewayRouteCommand,
    CreateTransitGatewayVpcAttachmentCommand,
    CreateVolumeCommand,
    CreateVpcCommand,
    DescribeImagesCommand,
    DescribeTransitGatewayRouteTablesCommand,
    EC2Client,
    RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { ChangeResourceRecordSetsCommand, CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { byProduct, perProduct, PerProduct, products, ProductId } from "../../products";
import { Changes, filledTemplate } from "../program/templates";

export const motosAccount = "123456789012";
const region = "us-east-1";
const zone = "us-east-1a";

export interface Clients {
    ec2: EC2Client;
    iam: IAMClient;
    kms: KMSClient;
    rds: RDSClient;
    route53: Route53Client;
}

export function clientsOf(endpoint: string): Clients {
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
    const common = { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
    return {
        ec2: new EC2Client(common),
        iam: new IAMClient(common),
        kms: new KMSClient(common),
        rds: new RDSClient(common),
        route53: new Route53Client(common),
    };
}

export interface RightAccount {
    clients: Clients;
    /** Whoever asks, who may do everything. */
    credentials: { accessKeyId: string; secretAccessKey: string };
    ami: string;
    vpcId: string;
    subnetId: string;
    /** In another zone. */
    otherSubnetId: string;
    hosts: PerProduct<{ instanceId: string; address: string; volumes: string[] }>;
    key: { id: string; arn: string };
    zoneId: string;
    transitGatewayId: string;
    routeTable: string;
    attachment: string;
    /** By stack; `changes` as a person would write them. */
    stackFile(stack: "prod" | "staging", changes?: Changes): string;
}

/** moto's ids of zones have no Z in front, which AWS's have; gaps.ts takes it away again. */
export const zonePrefix = "ZMOTO";

const usual: PerProduct<string> = { packageManager: "10.1.0.10", workbench: "10.1.0.11", connect: "10.1.0.12" };

export async function rightAccount(clients: Clients): Promise<RightAccount> {
    const { ec2 } = clients;
    const credentials = await someone(clients.iam);
    const { Images = [] } = await ec2.send(new DescribeImagesCommand({}));
    const ami = Images[0].ImageId!;
    const vpc = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16" }));
    const vpcId = vpc.Vpc!.VpcId!;
    const subnet = { VpcId: vpcId, CidrBlock: "10.1.0.0/24", AvailabilityZone: zone };
    const subnetId = (await ec2.send(new CreateSubnetCommand(subnet))).Subnet!.SubnetId!;
    const other = { VpcId: vpcId, CidrBlock: "10.1.1.0/24", AvailabilityZone: "us-east-1b" };
    const otherSubnetId = (await ec2.send(new CreateSubnetCommand(other))).Subnet!.SubnetId!;
    const key = await someKey(clients.kms);
    const hosts = await someHosts(clients, { ami, subnetId, key: key.arn });
    await clients.rds.send(
        new CreateDBInstanceCommand({
            DBInstanceIdentifier: "acme-db",
            Engine: "postgres",
            EngineVersion: "15.8",
            DBInstanceClass: "db.m6i.large",
            AllocatedStorage: 20,
            MasterUsername: "posit",
            MasterUserPassword: "correct-horse",
            StorageEncrypted: true,
            KmsKeyId: key.arn,
            BackupRetentionPeriod: 7,
        }),
    );
    const zoneId = await someZone(clients.route53);
    const transit = await someTransit(ec2, vpcId, subnetId);
    const made = { clients, credentials, ami, vpcId, subnetId, otherSubnetId, hosts, key, zoneId, ...transit };
    return { ...made, stackFile: (stack, changes = {}) => stackFileOf(made, stack, changes) };
}

async function someone(iam: IAMClient): Promise<RightAccount["credentials"]> {
    await iam.send(new CreateUserCommand({ UserName: "operator" }));
    await allow(iam, [{ Effect: "Allow", Action: "*", Resource: "*" }]);
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "operator" }));
    return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

/** What whoever asks may do, from now on. */
export async function allow(iam: IAMClient, Statement: object[]): Promise<void> {
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await iam.send(new PutUserPolicyCommand({ UserName: "operator", PolicyName: "operator", PolicyDocument }));
}

async function someKey(kms: KMSClient): Promise<RightAccount["key"]> {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeyUsage: "ENCRYPT_DECRYPT" }));
    return { id: KeyMetadata!.KeyId!, arn: KeyMetadata!.Arn! };
}

async function someHosts(
    { ec2 }: Clients,
    { ami, subnetId, key }: { ami: string; subnetId: string; key: string },
): Promise<RightAccount["hosts"]> {
    const made = await Promise.all(
        byProduct(usual).map(async ([product, address]): Promise<[ProductId, RightAccount["hosts"][ProductId]]> => {
            const { Instances } = await ec2.send(
                new RunInstancesCommand({
                    ImageId: ami,
                    InstanceType: "m6i.large",
                    MinCount: 1,
                    MaxCount: 1,
                    SubnetId: subnetId,
                    PrivateIpAddress: address,
                }),
            );
            const instanceId = Instances![0].InstanceId!;
            const volumes = await Promise.all(
                products[product].dataMounts.map((_mount, index) => someVolume(ec2, instanceId, key, index)),
            );
            return [product, { instanceId, address, volumes }];
        }),
    );
    const hosts = Object.fromEntries(made) as RightAccount["hosts"];
    return perProduct((product) => hosts[product]);
}

async function someVolume(ec2: EC2Client, instanceId: string, key: string, index: number): Promise<string> {
    const sent = { AvailabilityZone: zone, Size: 100, VolumeType: "gp3" as const, Encrypted: true, KmsKeyId: key };
    const id = (await ec2.send(new CreateVolumeCommand(sent))).VolumeId!;
    const device = `/dev/sd${"fghij"[index]}`;
    await ec2.send(new AttachVolumeCommand({ VolumeId: id, InstanceId: instanceId, Device: device }));
    await ec2.send(new CreateSnapshotCommand({ VolumeId: id }));
    return id;
}

async function someZone(route53: Route53Client): Promise<string> {
    const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name: "acme.com.", CallerReference: "x" }));
    const id = HostedZone!.Id!.replace("/hostedzone/", "");
    const names = { packageManager: "packages", workbench: "workbench", connect: "connect" };
    for (const [product, address] of byProduct(usual)) {
        await setRecord(route53, id, {
            Name: `${names[product]}.acme.com.`,
            Type: "A",
            TTL: 300,
            ResourceRecords: [{ Value: address }],
        });
    }
    return id;
}

type Change = NonNullable<
    NonNullable<ConstructorParameters<typeof ChangeResourceRecordSetsCommand>[0]["ChangeBatch"]>["Changes"]
>[number];

export async function setRecord(
    route53: Route53Client,
    zoneId: string,
    record: NonNullable<Change["ResourceRecordSet"]>,
    action: "UPSERT" | "DELETE" = "UPSERT",
): Promise<void> {
    const Changes = [{ Action: action, ResourceRecordSet: record }];
    await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }));
}

async function someTransit(ec2: EC2Client, vpcId: string, subnetId: string) {
    const { TransitGateway } = await ec2.send(new CreateTransitGatewayCommand({}));
    const transitGatewayId = TransitGateway!.TransitGatewayId!;
    const filters = [{ Name: "transit-gateway-id", Values: [transitGatewayId] }];
    const tables = await ec2.send(new DescribeTransitGatewayRouteTablesCommand({ Filters: filters }));
    const routeTable = tables.TransitGatewayRouteTables![0].TransitGatewayRouteTableId!;
    const attached = await ec2.send(
        new CreateTransitGatewayVpcAttachmentCommand({
            TransitGatewayId: transitGatewayId,
            VpcId: vpcId,
            SubnetIds: [subnetId],
        }),
    );
    const attachment = attached.TransitGatewayVpcAttachment!.TransitGatewayAttachmentId!;
    const made = { transitGatewayId, routeTable, attachment };
    await addRoute(ec2, made, "10.7.0.0/24");
    await addRoute(ec2, made, "10.8.0.0/24");
    await addRoute(ec2, made, "10.9.0.0/16");
    return made;
}

export async function addRoute(
    ec2: EC2Client,
    { routeTable, attachment }: Pick<RightAccount, "routeTable" | "attachment">,
    cidr: string,
): Promise<void> {
    await ec2.send(
        new CreateTransitGatewayRouteCommand({
            TransitGatewayRouteTableId: routeTable,
            TransitGatewayAttachmentId: attachment,
            DestinationCidrBlock: cidr,
        }),
    );
}

function stackFileOf(
    { ami, hosts, key, zoneId, transitGatewayId }: Omit<RightAccount, "stackFile">,
    stack: "prod" | "staging",
    changes: Changes,
): string {
    const account = { "aws:allowedAccountIds": [motosAccount] };
    if (stack === "staging") {
        return filledTemplate("staging", {
            ...account,
            "posit:operatingSystem.ami": ami,
            "posit:network.transitGatewayId": transitGatewayId,
            "posit:kmsKeyId": key.arn,
            ...changes,
        });
    }
    const ids = byProduct(hosts).flatMap(([product, { instanceId, address, volumes }]) => [
        [`posit:current.${product}.instanceId`, instanceId],
        [`posit:current.${product}.address`, address],
        [
            `posit:current.${product}.dataVolumes`,
            products[product].dataMounts.map((mount, index) => ({ volumeId: volumes[index], mount })),
        ],
    ]);
    return filledTemplate("prod", {
        ...account,
        ...(Object.fromEntries(ids) as Changes),
        "posit:entryPoints.zone": `${zonePrefix}${zoneId}`,
        ...changes,
    });
}
