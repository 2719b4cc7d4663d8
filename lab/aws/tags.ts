// One tag of a thing that another resource, or nobody, holds.
import { callCloud } from "../cloud/client";
import { ResourceType } from "../providerKit/resource";
import { ifThere, refreshed, withRegion } from "./shared";

const tag: ResourceType = {
    forceNew: ["resourceId", "key", "region"],
    computed: [],
    defaults: withRegion,
    create: async (inputs) => {
        const [id, key] = [String(inputs.resourceId), String(inputs.key)];
        await callCloud("SetTag", { id, key, value: String(inputs.value) });
        return { id: `${id},${key}`, outputs: inputs };
    },
    read: async (id, inputs) => {
        const [resourceId, key] = id.split(",");
        const tags = (await ifThere(callCloud("DescribeTags", { id: resourceId })))?.tags;
        const actual = { resourceId, key, value: tags?.[key] };
        return tags?.[key] === undefined ? undefined : { id, inputs: refreshed(inputs, actual), outputs: actual };
    },
    update: async (id, inputs) => {
        const [resourceId, key] = id.split(",");
        await callCloud("SetTag", { id: resourceId, key, value: String(inputs.value) });
        return inputs;
    },
    delete: async (id) => {
        const [resourceId, key] = id.split(",");
        await ifThere(callCloud("SetTag", { id: resourceId, key }));
    },
};

export const tags: Record<string, ResourceType> = { "aws:ec2/tag:Tag": tag };
