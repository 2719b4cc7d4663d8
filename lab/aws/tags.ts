// One tag of a thing that another resource, or nobody, holds.
import { ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { ask } from "./asking";
import { ifThere, region, withRegion } from "./shared";
import { factsOf } from "./tables/table";

async function find(resourceId: string, key: string): Promise<Properties | undefined> {
    const value = (await ifThere(ask("DescribeTags", { id: resourceId })))?.tags[key];
    return value === undefined ? undefined : { resourceId, key, value, region };
}

async function set(resourceId: string, key: string, value: unknown): Promise<Properties> {
    await ask("SetTag", { id: resourceId, key, value: String(value) });
    return (await find(resourceId, key)) ?? {};
}

const tag: ResourceType = {
    ...factsOf("aws:ec2/tag:Tag"),
    defaults: withRegion,
    create: async (inputs) => {
        const [resourceId, key] = [String(inputs.resourceId), String(inputs.key)];
        return { id: `${resourceId},${key}`, outputs: await set(resourceId, key, inputs.value) };
    },
    read: async (id) => {
        const [resourceId, key] = id.split(",");
        const outputs = await find(resourceId, key);
        return outputs && { id, outputs };
    },
    update: async (id, inputs) => {
        const [resourceId, key] = id.split(",");
        return set(resourceId, key, inputs.value);
    },
    delete: async (id) => {
        const [resourceId, key] = id.split(",");
        await ifThere(ask("SetTag", { id: resourceId, key }));
    },
};

export const tags: Record<string, ResourceType> = { "aws:ec2/tag:Tag": tag };
