// Types with nothing real behind them in the lab: gateways, routes, groups. They are kept, changed and deleted as records.
import { callCloud } from "../cloud/client";
import { ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { account, ifThere, region, refreshed, tagOutputs, tagsOf, withRegion } from "./shared";

function thing(
    type: string,
    forceNew: string[],
    computed: (id: string, inputs: Properties) => Properties = () => ({}),
): ResourceType {
    const outputs = (id: string, inputs: Properties): Properties => ({
        ...inputs,
        ...computed(id, inputs),
        ...tagOutputs(tagsOf(inputs)),
    });
    return {
        forceNew: [...forceNew, "region"],
        computed: Object.keys(computed("", {})).concat("tagsAll"),
        defaults: withRegion,
        create: async (inputs) => {
            const { id } = await callCloud("CreateThing", { type, properties: inputs });
            return { id, outputs: outputs(id, inputs) };
        },
        read: async (id, inputs) => {
            const found = await ifThere(callCloud("DescribeThing", { id }));
            return found && { id, inputs: refreshed(inputs, found.properties), outputs: outputs(id, found.properties) };
        },
        update: async (id, inputs) => {
            await callCloud("ModifyThing", { id, properties: inputs });
            return outputs(id, inputs);
        },
        delete: async (id) => void (await callCloud("DeleteThing", { id })),
    };
}

const arn = (service: string, kind: string) => (id: string) => ({
    arn: `arn:aws:${service}:${region}:${account}:${kind}/${id}`,
});

export const things: Record<string, ResourceType> = {
    "aws:ec2/internetGateway:InternetGateway": thing(
        "aws:ec2/internetGateway:InternetGateway",
        [],
        arn("ec2", "internet-gateway"),
    ),
    "aws:ec2/eip:Eip": thing("aws:ec2/eip:Eip", ["domain"], (id) => ({ allocationId: id, publicIp: "198.51.100.10" })),
    "aws:ec2/natGateway:NatGateway": thing("aws:ec2/natGateway:NatGateway", ["subnetId", "allocationId"]),
    "aws:ec2/routeTable:RouteTable": thing("aws:ec2/routeTable:RouteTable", ["vpcId"], arn("ec2", "route-table")),
    "aws:ec2/route:Route": thing("aws:ec2/route:Route", ["routeTableId", "destinationCidrBlock"]),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": thing(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        ["subnetId"],
    ),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": thing("aws:ec2transitgateway/vpcAttachment:VpcAttachment", [
        "vpcId",
        "transitGatewayId",
    ]),
    "aws:rds/subnetGroup:SubnetGroup": thing("aws:rds/subnetGroup:SubnetGroup", ["name"], arn("rds", "subgrp")),
    "aws:rds/parameterGroup:ParameterGroup": thing(
        "aws:rds/parameterGroup:ParameterGroup",
        ["name", "family"],
        arn("rds", "pg"),
    ),
};
