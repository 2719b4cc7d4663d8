// Route tables, routes and associations: the records, and AWS's refusals. What they mean for traffic is in reach.ts.
import { CloudError } from "../api";
import type { Request, Route, RouteTable, RouteTableAssociation, Thing } from "../api";
import type { CloudContext, Handlers } from "../service";
import { isCidr } from "./addresses";
import { isAttached, isInside, peersOf } from "./reach";
import { found, subnetOf, vpcOf } from "./records";
import type { NetworkRecords } from "./records";

export const routeTableOf = (records: NetworkRecords, id: string): RouteTable =>
    found(records.routeTables[id], "InvalidRouteTableID.NotFound", `The routeTable ID '${id}' does not exist`);

const keyOf = ({ routeTableId, destinationCidrBlock }: Pick<Route, "routeTableId" | "destinationCidrBlock">): string =>
    `${routeTableId} ${destinationCidrBlock}`;

export function routeHandlers(context: CloudContext, records: NetworkRecords): Handlers {
    const routeOf = (wanted: Pick<Route, "routeTableId" | "destinationCidrBlock">): Route =>
        found(
            records.routes[keyOf(wanted)],
            "InvalidRoute.NotFound",
            `no route with destination-cidr-block ${wanted.destinationCidrBlock} in route table ${wanted.routeTableId}`,
        );
    return {
        ...tableHandlers(context, records),
        async CreateRoute(route) {
            checkRoute(context.things, records, route);
            if (records.routes[keyOf(route)] !== undefined) {
                throw new CloudError(
                    "RouteAlreadyExists",
                    `The route identified by ${route.destinationCidrBlock} already exists.`,
                );
            }
            return setRoute(context, records, route);
        },
        async ReplaceRoute(route) {
            routeOf(route);
            checkRoute(context.things, records, route);
            return setRoute(context, records, route);
        },
        DescribeRoute: async (wanted) => routeOf(wanted),
        async DeleteRoute(wanted) {
            routeOf(wanted);
            delete records.routes[keyOf(wanted)];
            await context.applyRoutes();
            return {};
        },
        async OpenRoutes({ open }) {
            records.openRoutes = open;
            await context.applyRoutes();
            return {};
        },
    };
}

async function setRoute(context: CloudContext, records: NetworkRecords, route: Route): Promise<Route> {
    records.routes[keyOf(route)] = route;
    await context.applyRoutes();
    return route;
}

/** In AWS's words, as terraform-provider-aws's users have met them in public. */
function checkRoute(things: Readonly<Record<string, Thing>>, records: NetworkRecords, route: Route): void {
    const { routeTableId, destinationCidrBlock: destination } = route;
    const { gatewayId, natGatewayId, transitGatewayId, vpcPeeringConnectionId } = route;
    const targets = [gatewayId, natGatewayId, transitGatewayId, vpcPeeringConnectionId];
    const vpc = vpcOf(records, routeTableOf(records, routeTableId).vpcId);
    if (!isCidr(destination)) {
        throw new CloudError(
            "InvalidParameterValue",
            `Value (${destination}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.`,
        );
    }
    if (targets.filter((target) => target !== undefined).length !== 1) {
        throw new CloudError("InvalidParameterCombination", "A route leads to exactly one target.");
    }
    if (natGatewayId !== undefined) {
        found(
            things[natGatewayId],
            "InvalidNatGatewayID.NotFound",
            `The natGateway ID '${natGatewayId}' does not exist`,
        );
    }
    if (gatewayId !== undefined) {
        const gateway = found(
            things[gatewayId],
            "InvalidInternetGatewayID.NotFound",
            `The internetGateway ID '${gatewayId}' does not exist`,
        );
        if (gateway.properties.vpcId !== vpc.vpcId) {
            throw new CloudError(
                "InvalidParameterValue",
                `route table ${routeTableId} and network gateway ${gatewayId} belong to different networks`,
            );
        }
    }
    if (transitGatewayId !== undefined && !isAttached(things, vpc.vpcId, transitGatewayId)) {
        throw new CloudError(
            "InvalidTransitGatewayID.NotFound",
            `The transitGateway ID '${transitGatewayId}' does not exist.`,
        );
    }
    if (vpcPeeringConnectionId !== undefined && peersOf(things, vpc.vpcId, vpcPeeringConnectionId).length === 0) {
        // The code is in botocore's waiters of EC2; the words are assumed.
        throw new CloudError(
            "InvalidVpcPeeringConnectionID.NotFound",
            `The vpcPeeringConnection ID '${vpcPeeringConnectionId}' does not exist`,
        );
    }
    if (isInside(vpc, destination)) {
        throw new CloudError(
            "InvalidParameterValue",
            `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
        );
    }
}

function tableHandlers(context: CloudContext, records: NetworkRecords): Handlers {
    const associationOf = (id: string): RouteTableAssociation =>
        found(records.associations[id], "InvalidAssociationID.NotFound", `The association ID '${id}' does not exist`);
    return {
        async CreateRouteTable({ vpcId, tags }) {
            vpcOf(records, vpcId);
            return addRouteTable(context, records, { vpcId, tags });
        },
        DescribeRouteTable: async ({ routeTableId }) => routeTableOf(records, routeTableId),
        async DeleteRouteTable({ routeTableId }) {
            routeTableOf(records, routeTableId);
            const main = Object.values(records.vpcs).some((vpc) => vpc.mainRouteTableId === routeTableId);
            if (main || Object.values(records.associations).some((one) => one.routeTableId === routeTableId)) {
                throw new CloudError(
                    "DependencyViolation",
                    `The routeTable '${routeTableId}' has dependencies and cannot be deleted.`,
                );
            }
            await deleteRouteTable(context, records, routeTableId);
            return {};
        },
        async AssociateRouteTable({ routeTableId, subnetId }) {
            const [table, subnet] = [routeTableOf(records, routeTableId), subnetOf(records, subnetId)];
            if (table.vpcId !== subnet.vpcId) {
                throw new CloudError(
                    "InvalidParameterValue",
                    `route table ${routeTableId} and subnet ${subnetId} belong to different networks`,
                );
            }
            if (Object.values(records.associations).some((one) => one.subnetId === subnetId)) {
                throw new CloudError(
                    "Resource.AlreadyAssociated",
                    `the specified association for route table ${routeTableId} conflicts with an existing association`,
                );
            }
            const associationId = context.newId("rtbassoc");
            records.associations[associationId] = { associationId, routeTableId, subnetId };
            await context.applyRoutes();
            return records.associations[associationId];
        },
        DescribeAssociation: async ({ associationId }) => associationOf(associationId),
        async ReplaceAssociation({ associationId, routeTableId }) {
            routeTableOf(records, routeTableId);
            associationOf(associationId).routeTableId = routeTableId;
            await context.applyRoutes();
            return associationOf(associationId);
        },
        async DisassociateRouteTable({ associationId }) {
            associationOf(associationId);
            delete records.associations[associationId];
            await context.applyRoutes();
            return {};
        },
    };
}

export function addRouteTable(
    context: CloudContext,
    records: NetworkRecords,
    { vpcId, tags }: Request<"CreateRouteTable">,
): RouteTable {
    const routeTableId = context.newId("rtb");
    records.routeTables[routeTableId] = { routeTableId, vpcId, tags };
    return records.routeTables[routeTableId];
}

async function deleteRouteTable(context: CloudContext, records: NetworkRecords, routeTableId: string): Promise<void> {
    for (const [key, route] of Object.entries(records.routes)) {
        if (route.routeTableId === routeTableId) delete records.routes[key];
    }
    delete records.routeTables[routeTableId];
    await context.applyRoutes();
}
