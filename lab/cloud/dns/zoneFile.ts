// The name server's files, from the records: its configuration and one zone file per zone. Pure text.
import { addresses } from "../../paths";
import type { RecordSet } from "../api";

export interface ZoneFile {
    /** Without the trailing dot; "" is the root, which holds the cloud's own names and denies all others. */
    domain: string;
    file: string;
    text: string;
}

const nameServer = "ns.dns.test";

export function renderZone(domain: string, serial: number, recordSets: RecordSet[]): string {
    const own = `${domain}.`;
    const lines = [
        // The numbers of a fresh Route 53 zone.
        `${own} 900 IN SOA ${nameServer}. hostmaster.${nameServer}. ${serial} 7200 900 1209600 86400`,
        `${own} 172800 IN NS ${nameServer}.`,
        ...recordSets.flatMap((set) => valuesOf(set).map(({ ttl, value }) => renderRecord({ ...set, ttl }, value))),
    ];
    return lines.join("\n") + "\n";
}

/** Of documentation's range: what AWS runs behind an alias is not in the lab. */
const aliased: Record<string, string> = { A: "192.0.2.10", AAAA: "2001:db8::10" };

/** Route 53 answers an alias with its target's addresses and TTL. */
function valuesOf({ type, ttl, records, alias }: RecordSet): { ttl: number; value: string }[] {
    return alias ? [{ ttl: 60, value: aliased[type] }] : records.map((value) => ({ ttl, value }));
}

/** These end in a host name, which Route 53 takes with or without a trailing dot and means the same. */
const endingInHost = ["CNAME", "MX", "NS", "PTR", "SRV"];

function renderRecord({ name, ttl, type }: RecordSet, value: string): string {
    const dot = endingInHost.includes(type) && !value.endsWith(".") ? "." : "";
    return `${name}. ${ttl} IN ${type} ${value}${dot}`;
}

/** What answers outside the hosted zones: the package repository and the databases' endpoints; all else is NXDOMAIN. */
export function renderRoot(serial: number, announced: Record<string, string>): string {
    const names = { [nameServer]: addresses.dns, "repository.test": addresses.repository, ...announced };
    const recordSets = Object.entries(names).map(([name, address]) => ({
        ...{ zoneId: "", name, type: "A" },
        ttl: 5, // as RDS's own endpoints
        records: [address],
    }));
    return renderZone("", serial, recordSets);
}

export function renderConfiguration(folder: string, zones: ZoneFile[]): string {
    const quoted = JSON.stringify;
    return [
        "server:",
        `    rundir: ${quoted(folder)}`,
        "    user: root:root",
        `    listen: ${addresses.dns}@53`,
        ...["udp-workers", "tcp-workers", "background-workers"].map((name) => `    ${name}: 1`),
        "log:",
        "  - target: stderr",
        "    any: notice",
        "control:",
        `    listen: ${quoted(`${folder}/knot.sock`)}`,
        "database:",
        `    storage: ${quoted(`${folder}/database`)}`,
        "template:",
        "  - id: default",
        `    storage: ${quoted(folder)}`,
        "    zonefile-sync: -1", // the files are the truth, the server never writes them
        "    zonefile-load: whole",
        "    journal-content: none",
        "zone:",
        ...zones.flatMap(({ domain, file }) => [`  - domain: ${quoted(`${domain}.`)}`, `    file: ${quoted(file)}`]),
        "",
    ].join("\n");
}
