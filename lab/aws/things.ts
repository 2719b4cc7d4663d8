// Types that are only records in the lab's cloud: gateways, addresses, groups.
import type { Thing } from "../cloud/api";
import { ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { ask } from "./asking";
import { ifThere, onceVisible, tagOutputs, withRegion } from "./shared";
import { factsOf } from "./tables/table";

/** What the type has of what the cloud says. */
function outputsOf(known: string[], { properties }: Thing): Properties {
    const { tags, ...rest } = properties as { tags?: Record<string, string> };
    const found = Object.entries(rest).filter(([name]) => known.includes(name));
    return { ...Object.fromEntries(found), ...tagOutputs(tags) };
}

function thing(type: string): ResourceType {
    const facts = factsOf(type);
    const known = [...facts.inputs, ...facts.computed];
    return {
        ...facts,
        defaults: withRegion,
        create: async (inputs, context) => {
            const { id } = await ask("CreateThing", { type, properties: inputs });
            const made = await onceVisible(id, context, () => ask("DescribeThing", { id }));
            return { id: made.id, outputs: outputsOf(known, made) };
        },
        read: async (id) => {
            const found = await ifThere(ask("DescribeThing", { id }));
            return found && { id, outputs: outputsOf(known, found) };
        },
        update: async (id, inputs) => outputsOf(known, await ask("ModifyThing", { id, properties: inputs })),
        delete: async (id) => void (await ifThere(ask("DeleteThing", { id }))),
    };
}

const types = [
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/eip:Eip",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
    "aws:rds/subnetGroup:SubnetGroup",
];

export const things: Record<string, ResourceType> = Object.fromEntries(types.map((type) => [type, thing(type)]));
