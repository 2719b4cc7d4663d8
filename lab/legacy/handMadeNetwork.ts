// A VPC as somebody made it by hand years ago: subnets whose one table leads to the company, and by it to the internet. Nothing here knows Pulumi.
import { callCloud } from "../cloud/client";
import { companyGateway } from "../cloud/network/reach";

export interface HandMadeNetwork {
    vpcId: string;
    cidr: string;
    /** Of all its subnets. */
    routeTableId: string;
    /** By zone. */
    subnets: Record<string, string>;
}

/** @param name also of its subnets, with their zones. */
export async function buildByHand(
    name: string,
    ranges: { vpc: string; subnets: Record<string, string> },
    tags: (name: string) => Record<string, string>,
): Promise<HandMadeNetwork> {
    const { vpcId } = await callCloud("CreateVpc", { cidrBlock: ranges.vpc, tags: tags(name) });
    const subnets: Record<string, string> = {};
    for (const [availabilityZone, cidrBlock] of Object.entries(ranges.subnets)) {
        const subnet = await callCloud("CreateSubnet", {
            vpcId,
            cidrBlock,
            availabilityZone,
            tags: tags(`${name}-${availabilityZone}`),
        });
        subnets[availabilityZone] = subnet.subnetId;
    }
    const routeTableId = await leadOut(vpcId, Object.values(subnets), tags(name));
    return { vpcId, cidr: ranges.vpc, routeTableId, subnets };
}

/** To the company's networks and, through them, to the internet: all of it by the company's transit gateway. */
async function leadOut(vpcId: string, subnetIds: string[], tags: Record<string, string>): Promise<string> {
    const type = "aws:ec2transitgateway/vpcAttachment:VpcAttachment";
    const transitGatewayId = companyGateway;
    await callCloud("CreateThing", { type, properties: { transitGatewayId, vpcId, subnetIds, tags } });
    const { routeTableId } = await callCloud("CreateRouteTable", { vpcId, tags });
    await callCloud("CreateRoute", { routeTableId, destinationCidrBlock: "0.0.0.0/0", transitGatewayId });
    for (const subnetId of subnetIds) await callCloud("AssociateRouteTable", { routeTableId, subnetId });
    return routeTableId;
}
