// Look-ups of a network that is there, with the names of @pulumi/aws.
import { Invoke } from "../providerKit/resource";
import { ask } from "./asking";
import { account, ifThere, region } from "./shared";

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

export const networkInvokes: Record<string, Invoke> = {
    "aws:ec2/getVpc:getVpc": getVpc,
    "aws:ec2/getSubnet:getSubnet": getSubnet,
};
