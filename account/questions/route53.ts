// Route 53: a zone, and what it holds under some names.
import {
    GetHostedZoneCommand,
    ListResourceRecordSetsCommand,
    NoSuchHostedZone,
    ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import type { HeldRecord, HeldRecords } from "../../logic/servingRecords";
import { answered, CloudAnswer } from "../answer";
import type { Cloud } from "../cloud";
import type { ZoneFacts } from "../facts";

/** `undefined` where there is no such zone in this account. */
export function zoneFacts({ route53 }: Cloud, zone: string): Promise<CloudAnswer<ZoneFacts | undefined>> {
    return answered("route53:GetHostedZone", async () => {
        try {
            const { HostedZone } = await route53.send(new GetHostedZoneCommand({ Id: zone }));
            return {
                id: zone,
                name: withoutDot(HostedZone?.Name ?? ""),
                isPrivate: HostedZone?.Config?.PrivateZone ?? false,
            };
        } catch (error) {
            if (error instanceof NoSuchHostedZone) {
                return undefined;
            }
            throw error;
        }
    });
}

/** Types that lead users of a name somewhere; others may stand beside an address. */
const leading = ["A", "AAAA", "CNAME"];
/** One name has at most some records of each type and of each identifier; a zone may have ten thousand. */
const page = 100;

/** Each name by itself: a list begins where one asks for, in the order of names (API reference of ListResourceRecordSets). */
export function recordsUnder({ route53 }: Cloud, zone: string, names: string[]): Promise<CloudAnswer<HeldRecords>> {
    return answered("route53:ListResourceRecordSets", async () => {
        const found = await Promise.all(
            names.map(async (name): Promise<[string, HeldRecord[]]> => {
                const list = new ListResourceRecordSetsCommand({
                    HostedZoneId: zone,
                    StartRecordName: name,
                    MaxItems: page,
                });
                const { ResourceRecordSets = [] } = await route53.send(list);
                const own = ResourceRecordSets.filter((set) => withoutDot(set.Name ?? "") === name.toLowerCase());
                return [name, own.filter(({ Type = "" }) => leading.includes(Type)).map(heldOf)];
            }),
        );
        return Object.fromEntries(found.filter(([, records]) => records.length > 0));
    });
}

function heldOf({ Type, TTL, ResourceRecords, AliasTarget, SetIdentifier }: ResourceRecordSet): HeldRecord {
    const special = AliasTarget
        ? `an alias (${Type}) of ${withoutDot(AliasTarget.DNSName ?? "")}`
        : SetIdentifier
          ? `one of several records that share the name (${Type}, set identifier ${SetIdentifier})`
          : undefined;
    return {
        type: Type ?? "",
        values: (ResourceRecords ?? []).map(({ Value }) => Value ?? ""),
        ttl: TTL ?? 0,
        ...(special !== undefined && { special }),
    };
}

function withoutDot(name: string): string {
    return name.replace(/\.$/, "");
}
