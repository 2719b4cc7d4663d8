// What the cloud has of an environment's network with that stack's own tags: asked before anything is registered, while the stack has published
// nothing (decision 43). Lists have no ids where nothing fits (terraform-provider-aws, internal/service/ec2: vpc_vpcs_data_source.go,
// vpc_subnets_data_source.go, vpc_nat_gateways_data_source.go, ec2_eips_data_source.go, transitgateway_vpc_attachments_data_source.go); what is asked
// for singly fails (vpc_internet_gateway_data_source.go, internal/service/rds/subnet_group_data_source.go).
import * as aws from "@pulumi/aws";
import { z } from "zod";
import type { Tags } from "../logic/leftNetwork";
import { ifThere } from "./refused";

export interface NetworkQuestions {
    vpcs: typeof aws.ec2.getVpcs;
    subnets: typeof aws.ec2.getSubnets;
    gateway: typeof aws.ec2.getInternetGateway;
    addresses: typeof aws.ec2.getEips;
    natGateways: typeof aws.ec2.getNatGateways;
    attachments: typeof aws.ec2transitgateway.getVpcAttachments;
    attachment: typeof aws.ec2transitgateway.getVpcAttachment;
    subnetGroup: typeof aws.rds.getSubnetGroup;
    resource: typeof aws.cloudcontrol.getResource;
}

export const networkQuestions: NetworkQuestions = {
    vpcs: (args) => aws.ec2.getVpcs(args),
    subnets: (args) => aws.ec2.getSubnets(args),
    gateway: (args) => aws.ec2.getInternetGateway(args),
    addresses: (args) => aws.ec2.getEips(args),
    natGateways: (args) => aws.ec2.getNatGateways(args),
    attachments: (args) => aws.ec2transitgateway.getVpcAttachments(args),
    attachment: (args) => aws.ec2transitgateway.getVpcAttachment(args),
    subnetGroup: (args) => aws.rds.getSubnetGroup(args),
    resource: (args) => aws.cloudcontrol.getResource(args),
};

/** An empty list may be no list at all, whatever the types say (pulumi-aws#5353). */
const listed = z.array(z.string()).nullish();
const idsOf = (ids: unknown): string[] => [...(listed.parse(ids) ?? [])].sort();

const filter = (name: string, ...values: string[]) => ({ name, values });

/** By their first range. */
export async function vpcsOf(tags: Tags, range: string, ask = networkQuestions): Promise<string[]> {
    return idsOf((await ask.vpcs({ tags, filters: [filter("cidr", range)] })).ids);
}

export async function subnetsOf(tags: Tags, vpcId: string, range?: string, ask = networkQuestions): Promise<string[]> {
    const filters = [filter("vpc-id", vpcId), ...(range === undefined ? [] : [filter("cidr-block", range)])];
    return idsOf((await ask.subnets({ tags, filters })).ids);
}

/** A VPC has one at most. */
export async function gatewayOf(tags: Tags, vpcId: string, ask = networkQuestions): Promise<string | undefined> {
    const filters = [filter("attachment.vpc-id", vpcId)];
    return (await ifThere(ask.gateway({ tags, filters }), notThere))?.internetGatewayId;
}

export async function addressesOf(tags: Tags, ask = networkQuestions): Promise<string[]> {
    return idsOf((await ask.addresses({ tags })).allocationIds);
}

type NatState = "pending" | "available";

/** Failed ones are listed for an hour, and go by themselves (VPC User Guide, "Troubleshoot NAT gateways"). */
export async function natGatewaysOf(
    tags: Tags,
    vpcId: string,
    subnetId: string,
    ask = networkQuestions,
): Promise<string[]> {
    const states: NatState[] = ["pending", "available"];
    return idsOf(
        (await ask.natGateways({ tags, vpcId, filters: [filter("subnet-id", subnetId), filter("state", ...states)] }))
            .ids,
    );
}

export async function natGatewayIs(state: NatState, id: string, ask = networkQuestions): Promise<boolean> {
    return (
        idsOf((await ask.natGateways({ filters: [filter("nat-gateway-id", id), filter("state", state)] })).ids).length >
        0
    );
}

/** Of TransitGatewayAttachmentState in botocore's model of EC2, those of one that is there or comes. */
const comingOrThere = ["available", "initiating", "initiatingRequest", "modifying", "pending", "pendingAcceptance"];

/** EC2 filters these by no tag (botocore's model of EC2, DescribeTransitGatewayVpcAttachments). */
export async function attachmentOf(
    tags: Tags,
    vpcId: string,
    transitGatewayId: string,
    ask = networkQuestions,
): Promise<string | undefined> {
    const filters = [
        filter("vpc-id", vpcId),
        filter("transit-gateway-id", transitGatewayId),
        filter("state", ...comingOrThere),
    ];
    const [id] = idsOf((await ask.attachments({ filters })).ids);
    return id !== undefined && hasAll((await ask.attachment({ id })).tags, tags) ? id : undefined;
}

const described = z.object({ Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional() });

/** The data source has no tags, so they are asked of Cloud Control (CloudFormation's schema of AWS::RDS::DBSubnetGroup). */
export async function isOwnSubnetGroup(tags: Tags, name: string, ask = networkQuestions): Promise<boolean> {
    if (!(await ifThere(ask.subnetGroup({ name }), notThere))?.name) {
        return false;
    }
    const { properties } = await ask.resource({ typeName: "AWS::RDS::DBSubnetGroup", identifier: name });
    const found = described.parse(JSON.parse(properties)).Tags ?? [];
    return hasAll(Object.fromEntries(found.map(({ Key, Value }) => [Key, Value])), tags);
}

const hasAll = (found: Tags, wanted: Tags): boolean =>
    Object.entries(wanted).every(([key, value]) => found[key] === value);

/** RDS's own code (API reference of DescribeDBSubnetGroups), and the provider's words (internal/tfresource/not_found_error.go). */
const notThere =
    /\bDBSubnetGroupNotFound|no matching (EC2 Internet Gateway|RDS DB Subnet Group) found|query returned no results/i;
