// Hosted zones and record sets as data: what Route 53 accepts and how it refuses. Nothing here touches the server.
import { isIPv4, isIPv6 } from "node:net";
import { CloudError } from "../api";
import type { HostedZone, RecordSet, Request } from "../api";

export interface NameRecords {
    zones: Record<string, HostedZone>;
    recordSets: Record<string, RecordSet[]>;
    /** Names of the cloud's own, outside every hosted zone: name → IPv4 address. */
    announced: Record<string, string>;
    serial: number;
}

export const emptyNames = (): NameRecords => ({ zones: {}, recordSets: {}, announced: {}, serial: 1 });

const types = ["A", "AAAA", "CAA", "CNAME", "MX", "NAPTR", "NS", "PTR", "SPF", "SRV", "TXT"];

/** Lower case, no trailing dot. */
export const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, "");

const isName = (name: string): boolean =>
    name.length < 254 && name.split(".").every((label) => /^(\*|[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)$/.test(label));

export function checkZoneName(zones: HostedZone[], name: string): void {
    if (!isName(name) || !name.includes(".")) {
        throw new CloudError("InvalidDomainName", `${name} is not a valid domain name`);
    }
    // Route 53 allows a second zone of the same name on other name servers; here is only one.
    if (zones.some((zone) => zone.name === name)) {
        throw new CloudError("HostedZoneAlreadyExists", `A hosted zone of the name ${name} has already been created`);
    }
}

/** The zone's record sets after the change; refuses with InvalidChangeBatch as Route 53 does. */
export function changeRecordSets(
    zone: HostedZone,
    existing: RecordSet[],
    { change, ...request }: Request<"ChangeRecordSet">,
): RecordSet[] {
    const wanted: RecordSet = { ...request, name: plainName(request.name), type: request.type.toUpperCase() };
    const same = existing.find((set) => set.name === wanted.name && set.type === wanted.type);
    const others = existing.filter((set) => set !== same);
    const tried = `resource record set [name='${wanted.name}.', type='${wanted.type}']`;
    if (change === "DELETE") {
        if (same === undefined) {
            throw invalid(`Tried to delete ${tried} but it was not found`);
        }
        if (!sameContent(same, wanted)) {
            throw invalid(`Tried to delete ${tried} but the values provided do not match the current values`);
        }
        return others;
    }
    if (change === "CREATE" && same !== undefined) {
        throw invalid(`Tried to create ${tried} but it already exists`);
    }
    checkRecordSet(zone, others, wanted);
    return [...others, wanted];
}

const invalid = (message: string): CloudError => new CloudError("InvalidChangeBatch", `[${message}]`);

const sameContent = (one: RecordSet, other: RecordSet): boolean =>
    one.ttl === other.ttl &&
    one.alias?.dnsName === other.alias?.dnsName &&
    [...one.records].sort().join("\n") === [...other.records].sort().join("\n");

function checkRecordSet(zone: HostedZone, others: RecordSet[], { name, type, ttl, records, alias }: RecordSet): void {
    if (!types.includes(type)) {
        throw new CloudError("InvalidInput", `The record type ${type} is not supported`);
    }
    if (!isName(name) || (name !== zone.name && !name.endsWith(`.${zone.name}`))) {
        throw invalid(`RRSet with DNS name ${name}. is not permitted in zone ${zone.name}.`);
    }
    if (alias) {
        if (ttl !== 0 || records.length > 0 || !["A", "AAAA"].includes(type)) {
            throw invalid(`An alias has neither a TTL nor values of its own, and is of type A or AAAA: ${name}.`);
        }
        checkNeighbours(zone, others, name, type, 1);
        return;
    }
    if (!Number.isInteger(ttl) || ttl < 0 || ttl > 2 ** 31 - 1) {
        throw new CloudError("InvalidInput", `TTL ${ttl} is not a number of seconds from 0 to ${2 ** 31 - 1}`);
    }
    if (records.length === 0 || new Set(records).size !== records.length) {
        throw invalid(`RRSet with DNS name ${name}., type ${type} must have values, each once`);
    }
    for (const value of records) {
        checkValue(type, value);
    }
    checkNeighbours(zone, others, name, type, records.length);
}

function checkValue(type: string, value: string): void {
    const refuse = (problem: string): CloudError =>
        invalid(`Invalid Resource Record: '${problem} encountered with '${value}''`);
    if (type === "A" && !isIPv4(value)) {
        throw refuse("ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)");
    }
    if (type === "AAAA" && !isIPv6(value)) {
        throw refuse("AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)");
    }
    if (type === "CNAME" && !isName(plainName(value))) {
        throw refuse("CNAMERRDATANotDomainName (Value is not a valid domain name)");
    }
    if (["TXT", "SPF"].includes(type) && !/^("([^"\\]|\\.)*"\s*)+$/.test(value)) {
        throw refuse("InvalidCharacterString (Value should be enclosed in quotation marks)");
    }
    if (value === "" || [...value].some((character) => character < " ")) {
        throw refuse("InvalidCharacterString (Value is empty or has control characters)");
    }
}

/** A CNAME stands alone at its name, has one value, and can't be at the zone's own name. */
function checkNeighbours(zone: HostedZone, others: RecordSet[], name: string, type: string, count: number): void {
    const neighbours = others.filter((set) => set.name === name);
    const refused = `RRSet of type ${type} with DNS name ${name}. is not permitted`;
    if (neighbours.some((set) => set.type === "CNAME" || type === "CNAME")) {
        throw invalid(`${refused} as it conflicts with other records with the same DNS name in zone ${zone.name}.`);
    }
    if (name === zone.name && (type === "CNAME" || type === "NS")) {
        throw invalid(`${refused} at apex in zone ${zone.name}.`);
    }
    if (type === "CNAME" && count > 1) {
        throw invalid(`${refused}: a CNAME has exactly one value`);
    }
}
