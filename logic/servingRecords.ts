// The records of the three names, where they are records in a zone (entryPoints/route53.ts): what they say, what they must say, and whether that is a move. Pure. The zone is asked, since neither last
// outputs nor the engine's state know what a run that was killed, or a person, has changed there.
import type { Serving } from "../contract/production";
import { byProduct, PerProduct, ProductId } from "../products";
import { isPrivate, parseAddress } from "./ranges";
import type { SideReport } from "./sideReport";
import type { Unmet } from "./unmet";

/** A record under one of the names. */
export interface HeldRecord {
    type: string;
    values: string[];
    /** Seconds */
    ttl: number;
    /** Why it is no plain record that this program could lead elsewhere, such as "an alias of lb.example.com". */
    special?: string;
}

/** By name, without the trailing dot. */
export type HeldRecords = Record<string, HeldRecord[]>;

export interface PlannedRecord {
    product: ProductId;
    name: string;
    value: string;
    ttl: number;
    /** It is in the zone: taken over as it is. */
    held: boolean;
    /**
     * Turned round to make the engine write a record that it believes to be right: the provider's update is an UPSERT, whatever changed
     * (terraform-provider-aws, internal/service/route53/record.go, resourceRecordUpdate). Absent as long as that was never needed; then said
     * at every run, since the provider keeps what is no longer said.
     */
    overwrite?: boolean;
}

export interface EntryPointNames {
    names: PerProduct<string>;
    /** Seconds */
    ttl: number;
}

export interface RecordsPlan {
    records: PlannedRecord[];
    unmet: Unmet[];
    /** A name leads to another place than the side that is to serve. */
    away: boolean;
}

interface RecordsQuestion {
    entryPoints: EntryPointNames;
    held: HeldRecords;
    target: SideReport;
    /** It is to be led to an environment now. */
    forward: boolean;
    last?: Serving;
    /** Names that this stack published, for outputs of before `serving.records`. */
    lastNames?: Partial<PerProduct<string>>;
}

export function planRecords(question: RecordsQuestion): RecordsPlan {
    const planned = byProduct(question.entryPoints.names).map(([product]) => planRecord(question, product));
    return {
        records: planned.map(({ record }) => record),
        unmet: planned.flatMap(({ unmet }) => unmet),
        away: planned.some(({ away }) => away),
    };
}

function planRecord({ entryPoints, held, target, forward, last, lastNames }: RecordsQuestion, product: ProductId) {
    const name = entryPoints.names[product];
    const { ttl } = entryPoints;
    const value = target.hosts.find((host) => host.product === product)?.publicAddress ?? "";
    const found = held[name] ?? [];
    const plain = found.find(isPlain);
    const published = publishedRecord(last, product, name);
    const ours = published !== undefined || (last !== undefined && !last.records && lastNames?.[product] === name);
    const right = plain !== undefined && plain.values.length === 1 && plain.values[0] === value && plain.ttl === ttl;
    // Other words for the same side are no move.
    const readdressed = last?.side === target.key && published !== undefined && plain?.values[0] === published.value;
    const forced = !right && published?.value === value && published.ttl === ttl;
    return {
        record: {
            product,
            name,
            value,
            ttl,
            held: plain !== undefined,
            overwrite: forced ? !published?.overwrite : published?.overwrite,
        },
        unmet: [
            ...notPlain(name, found),
            ...(ours || !plain || right ? [] : [differs(name, plain, value, ttl)]),
            ...(ours && !forward ? [] : leftBehind(name, plain?.values ?? [value], target)),
        ],
        away: ours && plain?.values.join() !== value && !readdressed,
    };
}

/** As this stack made it; a name that something else led has no TTL, and its record in the zone is not ours. */
function publishedRecord(last: Serving | undefined, product: ProductId, name: string) {
    const published = last?.records?.[product];
    return published?.name === name && published.ttl !== undefined ? { ...published, ttl: published.ttl } : undefined;
}

function isPlain({ type, special }: HeldRecord): boolean {
    return type === "A" && special === undefined;
}

function notPlain(name: string, found: HeldRecord[]): Unmet[] {
    return found
        .filter((record) => !isPlain(record))
        .map((record) => ({
            gate: "names",
            firm: true,
            condition: `${name} has ${record.special ?? `a record of type ${record.type} (${record.values.join(", ")})`}; a name can be moved only when it has one plain A record and none of type AAAA or CNAME. Replace it by that first, or set posit:entryPoints.kind: external where people move it`,
        }));
}

/** The first `up` changes nothing; nor does another name in the configuration. */
function differs(name: string, plain: HeldRecord, value: string, ttl: number): Unmet {
    return {
        gate: "names",
        condition: `the zone has ${name} A ${plain.values.join(", ")} with TTL ${plain.ttl}, the configuration would make it ${value} with TTL ${ttl}. Set publicAddress of that host in posit:current and posit:entryPoints.ttl to what is there; they are changed on purpose later`,
    };
}

/**
 * Users who come to a public address may be anywhere; an environment's hosts have none (components/network.ts). Asked on the first day, and by a
 * move for whoever began with an older version.
 */
function leftBehind(name: string, values: string[], { key, hosts }: SideReport): Unmet[] {
    const open = values.filter(isPublic);
    const followed = key !== "listed" && hosts.every(({ publicAddress }) => isPublic(publicAddress));
    return open.length === 0 || followed
        ? []
        : [
              {
                  gate: "names.public",
                  condition: `${name} leads to ${open.join(", ")}, which is a public address, and hosts of an environment have private ones only: whoever comes from outside could not follow the name to them. Put something in front of them that such users reach, such as a load balancer, and set posit:entryPoints.kind: external (docs/entry-points.md); or, where everybody reaches private addresses too, accept that with posit:overrides: [{gate: names.public, reason: …}]`,
              },
          ];
}

function isPublic(address: string): boolean {
    const number = parseAddress(address);
    return number !== undefined && !isPrivate({ first: number, last: number });
}

/** A name leads to that side, as the zone has it. */
export function leadsTo(side: SideReport, { names }: EntryPointNames, held: HeldRecords): boolean {
    return byProduct(names).some(([, name]) =>
        (held[name] ?? []).some(
            (record) =>
                isPlain(record) && side.hosts.some(({ publicAddress }) => record.values.includes(publicAddress)),
        ),
    );
}
