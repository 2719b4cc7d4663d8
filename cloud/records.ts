// The records that a zone holds under some names, so that they are taken over instead of fought, and what can't be taken over is found.
import * as aws from "@pulumi/aws";
import { z } from "zod";
import type { HeldRecord, HeldRecords } from "../logic/servingRecords";

/** Types that lead users of a name somewhere; others may stand beside an address. */
const leadingTypes = ["A", "AAAA", "CNAME"];

/**
 * What lies under exactly these names. The provider compares the expression with the names as Route 53 has them, with a trailing dot
 * (terraform-provider-aws, internal/service/route53/records_data_source.go); what Route 53 does not send (the values of an alias, an empty
 * zone's list) is absent here, whatever the types say (pulumi-aws#5353).
 */
export async function heldRecords(zoneId: string, names: string[]): Promise<HeldRecords> {
    const nameRegex = `^(${names.map((name) => name.replace(/\./g, "\\.")).join("|")})\\.?$`;
    const { resourceRecordSets } = await aws.route53.getRecords({ zoneId, nameRegex });
    const read = recordSets.safeParse(resourceRecordSets);
    if (!read.success) {
        throw new Error(
            `the records of zone ${zoneId} are something else than expected:\n${z.prettifyError(read.error)}`,
        );
    }
    const held: HeldRecords = {};
    for (const set of read.data ?? []) {
        const name = set.name.replace(/\.$/, "");
        if (names.includes(name) && leadingTypes.includes(set.type)) {
            (held[name] ??= []).push(recordOf(set));
        }
    }
    return held;
}

const recordSet = z.object({
    name: z.string(),
    type: z.string(),
    ttl: z.number().nullish(),
    resourceRecords: z.array(z.object({ value: z.string() })).nullish(),
    aliasTarget: z.object({ dnsName: z.string().nullish() }).nullish(),
    setIdentifier: z.string().nullish(),
});
const recordSets = z.array(recordSet).nullish();

function recordOf({ type, ttl, resourceRecords, aliasTarget, setIdentifier }: z.infer<typeof recordSet>): HeldRecord {
    const special = aliasTarget?.dnsName
        ? `an alias (${type}) of ${aliasTarget.dnsName.replace(/\.$/, "")}`
        : setIdentifier
          ? `one of several records that share the name (${type}, set identifier ${setIdentifier})`
          : undefined;
    return {
        type,
        values: (resourceRecords ?? []).map(({ value }) => value),
        ttl: ttl ?? 0,
        ...(special !== undefined && { special }),
    };
}
