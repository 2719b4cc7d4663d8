// Route 53 records.
import { callCloud } from "../cloud/client";
import type { RecordSet } from "../cloud/api";
import { ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { refreshed } from "./shared";

const idOf = (inputs: Properties): string => `${inputs.zoneId}_${inputs.name}_${inputs.type}`;

function setOf(inputs: Properties): RecordSet {
    return {
        zoneId: String(inputs.zoneId),
        name: String(inputs.name),
        type: String(inputs.type),
        ttl: Number(inputs.ttl),
        records: inputs.records as string[],
    };
}

async function find(zoneId: string, name: string, type: string): Promise<RecordSet | undefined> {
    const { records } = await callCloud("ListRecordSets", { zoneId });
    return records.find((record) => record.name === name && record.type === type);
}

const record: ResourceType = {
    forceNew: ["zoneId", "name", "setIdentifier", "type"],
    computed: ["fqdn"],
    create: async (inputs) => {
        await callCloud("ChangeRecordSet", {
            change: inputs.allowOverwrite === true ? "UPSERT" : "CREATE",
            ...setOf(inputs),
        });
        return { id: idOf(inputs), outputs: { fqdn: inputs.name } };
    },
    read: async (id, inputs) => {
        const [zoneId, name, type] = id.split("_");
        const found = await find(zoneId, name, type);
        const content = found?.alias
            ? { aliases: [{ name: found.alias.dnsName, zoneId: found.alias.zoneId, evaluateTargetHealth: false }] }
            : { ttl: found?.ttl, records: found?.records };
        const actual = found && { zoneId, name, type, ...content };
        return actual && { id, inputs: refreshed(inputs, actual), outputs: { ...inputs, ...actual, fqdn: name } };
    },
    update: async (_id, inputs) => {
        await callCloud("ChangeRecordSet", { change: "UPSERT", ...setOf(inputs) });
        return { fqdn: inputs.name };
    },
    delete: async (id, outputs) => {
        const [zoneId, name, type] = id.split("_");
        if (await find(zoneId, name, type)) {
            await callCloud("ChangeRecordSet", { change: "DELETE", ...setOf(outputs) });
        }
    },
};

export const records: Record<string, ResourceType> = { "aws:route53/record:Record": record };
