// Route tables, routes and associations: what leads out of a subnet, enforced by the lab's network.
import type { Route, RouteTable, RouteTableAssociation } from "../cloud/api";
import { ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { ask } from "./asking";
import { account, arn, ifThere, onceVisible, region, setTags, tagOutputs, tagsOf, withRegion } from "./shared";
import { factsOf } from "./tables/table";

/** A refresh of the real one shows the table's routes too, which other resources make; the lab keeps them out of state. */
const tableOutputs = ({ routeTableId, vpcId, tags }: RouteTable): Properties => ({
    ...{ arn: arn("route-table", routeTableId), ownerId: account, vpcId },
    ...tagOutputs(tags),
});

const routeTable: ResourceType = {
    ...factsOf("aws:ec2/routeTable:RouteTable"),
    defaults: withRegion,
    create: async (inputs, context) => {
        const { routeTableId } = await ask("CreateRouteTable", { vpcId: String(inputs.vpcId), tags: tagsOf(inputs) });
        const made = await onceVisible(routeTableId, context, () => ask("DescribeRouteTable", { routeTableId }));
        return { id: routeTableId, outputs: tableOutputs(made) };
    },
    read: async (id) => {
        const found = await ifThere(ask("DescribeRouteTable", { routeTableId: id }));
        return found && { id, outputs: tableOutputs(found) };
    },
    update: async (id, inputs) => {
        await setTags(id, inputs);
        return tableOutputs(await ask("DescribeRouteTable", { routeTableId: id }));
    },
    delete: async (id) => void (await ifThere(ask("DeleteRouteTable", { routeTableId: id }))),
};

const routeOf = (inputs: Properties): Route => ({
    routeTableId: String(inputs.routeTableId),
    destinationCidrBlock: String(inputs.destinationCidrBlock),
    gatewayId: inputs.gatewayId as string | undefined,
    natGatewayId: inputs.natGatewayId as string | undefined,
    transitGatewayId: inputs.transitGatewayId as string | undefined,
});

const routeOutputs = (found: Route): Properties => ({ ...found, origin: "CreateRoute", state: "active", region });

const keyOf = (outputs: Properties) => ({
    routeTableId: String(outputs.routeTableId),
    destinationCidrBlock: String(outputs.destinationCidrBlock),
});

const route: ResourceType = {
    ...factsOf("aws:ec2/route:Route"),
    defaults: withRegion,
    create: async (inputs) => {
        const made = await ask("CreateRoute", routeOf(inputs));
        return { id: `r-${made.routeTableId}-${made.destinationCidrBlock}`, outputs: routeOutputs(made) };
    },
    read: async (id, _inputs, outputs) => {
        const found = await ifThere(ask("DescribeRoute", keyOf(outputs)));
        return found && { id, outputs: routeOutputs(found) };
    },
    update: async (_id, inputs) => routeOutputs(await ask("ReplaceRoute", routeOf(inputs))),
    delete: async (_id, outputs) => void (await ifThere(ask("DeleteRoute", keyOf(outputs)))),
};

const associationOutputs = ({ routeTableId, subnetId }: RouteTableAssociation): Properties => ({
    ...{ routeTableId, subnetId, region },
});

const association: ResourceType = {
    ...factsOf("aws:ec2/routeTableAssociation:RouteTableAssociation"),
    defaults: withRegion,
    create: async (inputs) => {
        const [routeTableId, subnetId] = [String(inputs.routeTableId), String(inputs.subnetId)];
        const made = await ask("AssociateRouteTable", { routeTableId, subnetId });
        return { id: made.associationId, outputs: associationOutputs(made) };
    },
    read: async (id) => {
        const found = await ifThere(ask("DescribeAssociation", { associationId: id }));
        return found && { id, outputs: associationOutputs(found) };
    },
    update: async (id, inputs) =>
        associationOutputs(
            await ask("ReplaceAssociation", { associationId: id, routeTableId: String(inputs.routeTableId) }),
        ),
    delete: async (id) => void (await ifThere(ask("DisassociateRouteTable", { associationId: id }))),
};

export const routes: Record<string, ResourceType> = {
    "aws:ec2/routeTable:RouteTable": routeTable,
    "aws:ec2/route:Route": route,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": association,
};
