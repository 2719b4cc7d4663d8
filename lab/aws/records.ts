// Route 53 records.
import type { RecordSet } from "../cloud/api";
import { ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { ask } from "./asking";
import { factsOf } from "./tables/table";

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

async function find(id: string): Promise<RecordSet | undefined> {
    const [zoneId, name, type] = id.split("_");
    const { records } = await ask("ListRecordSets", { zoneId });
    return records.find((record) => record.name === name && record.type === type);
}

function outputsOf({ zoneId, name, type, ttl, records, alias }: RecordSet): Properties {
    const content = alias
        ? { aliases: [{ name: alias.dnsName, zoneId: alias.zoneId, evaluateTargetHealth: false }] }
        : { ttl, records };
    return { zoneId, name, type, ...content, fqdn: name };
}

async function change(verb: "CREATE" | "UPSERT", inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    await ask("ChangeRecordSet", { change: verb, ...setOf(inputs) });
    const id = idOf(inputs);
    const found = await find(id);
    return { id, outputs: found ? outputsOf(found) : {} };
}

const record: ResourceType = {
    ...factsOf("aws:route53/record:Record"),
    create: (inputs) => change(inputs.allowOverwrite === true ? "UPSERT" : "CREATE", inputs),
    read: async (id) => {
        const found = await find(id);
        return found && { id, outputs: outputsOf(found) };
    },
    update: async (_id, inputs) => (await change("UPSERT", inputs)).outputs,
    delete: async (id) => {
        const found = await find(id);
        if (found) await ask("ChangeRecordSet", { change: "DELETE", ...found });
    },
};

export const records: Record<string, ResourceType> = { "aws:route53/record:Record": record };
