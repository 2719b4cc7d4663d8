// Names that are A records in a Route 53 zone: resources of this stack, taken over as they are and moved by it.
import { text, whole } from "../config/leaves";
import type { FoundNames } from "../logic/entryPoint";
import { Refusal } from "../logic/refusal";
import { EntryPointNames, HeldRecords, leadsTo, PlannedRecord, planRecords } from "../logic/servingRecords";
import { mapProducts } from "../products";
import { localEndpoint } from "../products/endpoints";
import { entryPointKind, namesOf } from "./kind";

export const route53 = entryPointKind({
    word: "route53",
    usual: true,
    about: "What leads the names: A records in a Route 53 zone, moved by this program; meant when absent.",
    settings: {
        zone: text("must be the id of a Route 53 hosted zone", "Z0A1B2C3D4E5F6G7H8I9J", /^Z[A-Z0-9]{1,31}$/).describe(
            "Route 53 hosted zone id.",
        ),
        ttl: whole(1, 604_800, 60).default(60).describe("Seconds; lower it some time before the cutover."),
    },
    make: ({ zone, ttl, ...config }) => {
        const names = namesOf(config);
        return {
            names,
            records: Object.keys(names).length,
            // A record leads to a host, and users to the product itself.
            endpoints: (local) => mapProducts(names, (name, product) => localEndpoint(name, local[product].port)),
            find: async ({ questions }) => {
                const ask = () => questions.records(zone, Object.values(names));
                return foundRecords(zone, { names, ttl }, await ask(), ask);
            },
        };
    },
});

/** @param ask the zone again, once the records were written. */
export function foundRecords(
    zone: string,
    entryPoints: EntryPointNames,
    held: HeldRecords,
    ask: () => Promise<HeldRecords>,
): FoundNames {
    return {
        leadsTo: (side) => leadsTo(side, entryPoints, held),
        plan: ({ target, moves, forward, last, lastNames }) => {
            const question = { entryPoints, held, target, forward: moves && forward, last, lastNames };
            const { records, unmet, away } = planRecords(question);
            return {
                unmet,
                away,
                warnings: [],
                byHand: [],
                published: Object.fromEntries(records.map((record) => [record.product, publication(record)])),
                lead: (hands) => {
                    records.forEach((record) => hands.record(zone, record));
                    hands.atTheEnd(async () => checkRecords(records, await ask()));
                },
            };
        },
    };
}

function publication({ name, value, ttl, overwrite }: PlannedRecord) {
    return { name, value, ttl, ...(overwrite !== undefined && { overwrite }) };
}

/** The engine believes its state; users believe the zone. */
function checkRecords(records: PlannedRecord[], held: HeldRecords): void {
    for (const { name, value } of records) {
        const found = (held[name] ?? []).flatMap(({ values }) => values);
        if (found.join() !== value) {
            throw new Refusal(
                `${name} should lead to ${value} by now, and the zone has ${found.join(", ") || "nothing"}: run \`pulumi refresh\`, then \`pulumi up\` again`,
            );
        }
    }
}
