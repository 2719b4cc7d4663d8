// The address records that a zone holds already, so that they are taken over instead of fought.
import * as aws from "@pulumi/aws";

export interface HeldRecord {
    records: string[];
    /** Seconds */
    ttl: number;
}

/** Simple A records of the zone, by name without the trailing dot. */
export async function heldAddressRecords(zoneId: string): Promise<Record<string, HeldRecord>> {
    const { resourceRecordSets } = await aws.route53.getRecords({ zoneId });
    return Object.fromEntries(
        resourceRecordSets
            .filter((set) => set.type === "A" && !set.setIdentifier && set.resourceRecords.length > 0)
            .map((set) => [
                set.name.replace(/\.$/, ""),
                { records: set.resourceRecords.map((record) => record.value), ttl: set.ttl },
            ]),
    );
}
