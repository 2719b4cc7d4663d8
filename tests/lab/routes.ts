// A network that leads to the company's own, as a test's hosts and databases need it to be reached.
import { companyGateway } from "../../lab/cloud/network/reach";
import type { TestLab } from "./testLab";

export async function leadToCompany({ call }: TestLab, vpcId: string, subnetIds: string[]): Promise<void> {
    const properties = { vpcId, subnetIds, transitGatewayId: companyGateway };
    await call("CreateThing", { type: "aws:ec2transitgateway/vpcAttachment:VpcAttachment", properties });
    const { routeTableId } = await call("CreateRouteTable", { vpcId, tags: {} });
    await call("CreateRoute", {
        routeTableId,
        destinationCidrBlock: "0.0.0.0/0",
        transitGatewayId: companyGateway,
    });
    for (const subnetId of subnetIds) await call("AssociateRouteTable", { routeTableId, subnetId });
}
