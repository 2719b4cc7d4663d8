// Look-ups of a network that is there, with the names of @pulumi/aws.
import type { Thing } from "../cloud/api";
import { Invoke } from "../providerKit/resource";
import type { Properties } from "../providerKit/values";
import { ask } from "./asking";
import { account, ifThere, region, type Tags } from "./shared";

/** The lab's VPCs have one range. */
const getVpc: Invoke = async (args) => {
    const found = await ifThere(ask("DescribeVpc", { vpcId: String(args.id) }));
    if (!found) {
        throw new Error("no matching EC2 VPC found");
    }
    const { vpcId, cidrBlock, enableDnsSupport, enableDnsHostnames, tags } = found;
    return {
        ...args,
        id: vpcId,
        cidrBlock,
        cidrBlockAssociations: [{ associationId: `${vpcId}-cidr`, cidrBlock, state: "associated" }],
        enableDnsSupport,
        enableDnsHostnames,
        state: "available",
        ownerId: account,
        tags,
        region,
    };
};

const getSubnet: Invoke = async (args) => {
    const found = await ifThere(ask("DescribeSubnet", { subnetId: String(args.id) }));
    if (!found) {
        throw new Error("no matching EC2 Subnet found");
    }
    const { subnetId, vpcId, cidrBlock, availabilityZone, tags } = found;
    const rest = { mapPublicIpOnLaunch: false, state: "available", ownerId: account, tags, region };
    return { ...args, id: subnetId, vpcId, cidrBlock, availabilityZone, ...rest };
};

interface Filter {
    name: string;
    values: string[];
}

/** What filters look at, by EC2's names for them, and tags. */
interface Listed {
    id: string;
    tags: Tags;
    fields: Record<string, unknown>;
}

/** All of these must match; a name that EC2 does not know is refused in its words. */
function fitting(list: Listed[], args: Properties): Listed[] {
    const filters = (args.filters as Filter[] | undefined) ?? [];
    const wanted = Object.entries((args.tags as Tags | undefined) ?? {});
    const value = ({ fields }: Listed, name: string): string => {
        if (!(name in fields)) throw new Error(`InvalidParameterValue: The filter '${name}' is invalid`);
        return String(fields[name]);
    };
    return list
        .filter((one) => filters.every(({ name, values }) => values.includes(value(one, name))))
        .filter(({ tags }) => wanted.every(([key, text]) => tags[key] === text));
}

/** An empty list is no list, as pulumi-aws#5353 has it of another one: the program must read both. */
const ids = (list: Listed[], key = "ids"): Properties => (list.length === 0 ? {} : { [key]: list.map(({ id }) => id) });

const listing =
    (list: () => Promise<Listed[]>, key?: string): Invoke =>
    async (args) => ({ ...args, id: region, ...ids(fitting(await list(), args), key), region });

const vpcs = async (): Promise<Listed[]> =>
    (await ask("DescribeVpcs", {})).vpcs.map(({ vpcId, cidrBlock, tags }) => ({
        id: vpcId,
        tags,
        fields: { "vpc-id": vpcId, cidr: cidrBlock },
    }));

const subnets = async (): Promise<Listed[]> =>
    (await ask("DescribeSubnets", {})).subnets.map(({ subnetId, vpcId, cidrBlock, tags }) => ({
        id: subnetId,
        tags,
        fields: { "subnet-id": subnetId, "vpc-id": vpcId, "cidr-block": cidrBlock },
    }));

const thingsOf = async (type: string, fields: (thing: Thing) => Properties): Promise<Listed[]> =>
    (await ask("DescribeThings", { type })).things.map((thing) => ({
        id: thing.id,
        tags: (thing.properties.tags as Tags | undefined) ?? {},
        fields: fields(thing),
    }));

const gateways = () =>
    thingsOf("aws:ec2/internetGateway:InternetGateway", ({ id, properties }) => ({
        "internet-gateway-id": id,
        "attachment.vpc-id": properties.vpcId,
    }));

const addresses = () => thingsOf("aws:ec2/eip:Eip", ({ id }) => ({ "allocation-id": id }));

/** Ready as soon as they are there, as all that is only a record in the lab's cloud. */
const state = "available";

const natGateways = async (): Promise<Listed[]> => {
    const inSubnets = (await ask("DescribeSubnets", {})).subnets;
    return thingsOf("aws:ec2/natGateway:NatGateway", ({ id, properties: { subnetId } }) => ({
        ...{ "nat-gateway-id": id, "subnet-id": subnetId, state },
        "vpc-id": inSubnets.find((subnet) => subnet.subnetId === subnetId)?.vpcId,
    }));
};

/** EC2 filters these by no tag (botocore's model). */
const attachments = () =>
    thingsOf(
        "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
        ({ id, properties: { vpcId, transitGatewayId } }) => ({
            ...{ "transit-gateway-attachment-id": id, "transit-gateway-id": transitGatewayId, "vpc-id": vpcId, state },
        }),
    );

const getInternetGateway: Invoke = async (args) => {
    const [found] = fitting(await gateways(), args);
    if (!found) {
        throw new Error("no matching EC2 Internet Gateway found");
    }
    return { ...args, id: found.id, internetGatewayId: found.id, tags: found.tags, region };
};

const getNatGateways: Invoke = async (args) => {
    const ofVpc = args.vpcId === undefined ? [] : [{ name: "vpc-id", values: [String(args.vpcId)] }];
    const filters = [...((args.filters as Filter[] | undefined) ?? []), ...ofVpc];
    return { ...args, id: region, ...ids(fitting(await natGateways(), { ...args, filters })), region };
};

const getVpcAttachment: Invoke = async (args) => {
    const filters = [{ name: "transit-gateway-attachment-id", values: [String(args.id)] }];
    const [found] = fitting(await attachments(), { filters });
    if (!found) {
        throw new Error("no matching EC2 Transit Gateway VPC Attachment found");
    }
    return { ...args, id: found.id, tags: found.tags, region };
};

const getSubnetGroup: Invoke = async (args) => {
    const { name, ...properties } = (await subnetGroup(String(args.name)))?.properties ?? {};
    if (name === undefined) {
        throw new Error("no matching RDS DB Subnet Group found");
    }
    const { arn, description, subnetIds, supportedNetworkTypes, vpcId } = properties;
    return { name, id: name, status: "Complete", arn, description, subnetIds, supportedNetworkTypes, vpcId, region };
};

export async function subnetGroup(name: string): Promise<Thing | undefined> {
    const { things } = await ask("DescribeThings", { type: "aws:rds/subnetGroup:SubnetGroup" });
    return things.find(({ id }) => id === name);
}

export const networkInvokes: Record<string, Invoke> = {
    "aws:ec2/getVpc:getVpc": getVpc,
    "aws:ec2/getVpcs:getVpcs": listing(vpcs),
    "aws:ec2/getSubnet:getSubnet": getSubnet,
    "aws:ec2/getSubnets:getSubnets": listing(subnets),
    "aws:ec2/getInternetGateway:getInternetGateway": getInternetGateway,
    "aws:ec2/getEips:getEips": listing(addresses, "allocationIds"),
    "aws:ec2/getNatGateways:getNatGateways": getNatGateways,
    "aws:ec2transitgateway/getVpcAttachments:getVpcAttachments": listing(attachments),
    "aws:ec2transitgateway/getVpcAttachment:getVpcAttachment": getVpcAttachment,
    "aws:rds/getSubnetGroup:getSubnetGroup": getSubnetGroup,
};
