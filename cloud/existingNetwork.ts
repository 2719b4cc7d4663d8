// A network that is there already, as the cloud has it: its ranges, and of each subnet its VPC and zone.
import * as aws from "@pulumi/aws";
import type { FoundNetwork, FoundSubnet } from "../logic/networkPlace";

type Ask = Pick<typeof aws.ec2, "getVpc" | "getSubnet">;

export async function existingNetwork(
    { vpcId, subnetIds }: { vpcId: string; subnetIds: string[] },
    ask: Ask = aws.ec2,
): Promise<FoundNetwork> {
    const [vpc, ...subnets] = await Promise.all([
        ifThere(ask.getVpc({ id: vpcId })),
        ...subnetIds.map(async (id) => ({ id, found: await subnetOf(id, ask) })),
    ]);
    return { ...(vpc && { vpc: { cidrs: cidrsOf(vpc), dnsSupport: vpc.enableDnsSupport } }), subnets };
}

async function subnetOf(id: string, ask: Ask): Promise<FoundSubnet | undefined> {
    const subnet = await ifThere(ask.getSubnet({ id }));
    return (
        subnet && {
            vpcId: subnet.vpcId,
            zone: subnet.availabilityZone,
            publicAddresses: subnet.mapPublicIpOnLaunch,
        }
    );
}

/** Ranges that are being taken away are told too (VpcCidrBlockStateCode in the model of EC2 that botocore has). */
function cidrsOf({ cidrBlock, cidrBlockAssociations }: aws.ec2.GetVpcResult): string[] {
    const added = (cidrBlockAssociations ?? [])
        .filter(({ state }) => state === "associated" || state === "associating")
        .map((association) => association.cidrBlock);
    return [...new Set([cidrBlock, ...added])];
}

/**
 * EC2's codes (InvalidVpcID.NotFound, InvalidSubnetID.NotFound), and the provider's words for an empty answer
 * (terraform-provider-aws, internal/tfresource/not_found_error.go); anything else, such as a permission that lacks, is no word on the network.
 */
const notThere = /Invalid(VpcID|SubnetID)\.NotFound|no matching EC2 (VPC|Subnet) found|query returned no results/i;

async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
    try {
        return await asked;
    } catch (error) {
        if (notThere.test((error as Error).message)) {
            return undefined;
        }
        throw error;
    }
}
