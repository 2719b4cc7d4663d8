// Hosts, sides and questions for tests of who serves.
import type { HostMarker, HostState } from "../../../contract/host";
import type { EnvironmentOutputs } from "../../../contract/environment";
import type { HostReport, SideReport } from "../../../logic/sideReport";
import { foundRecords } from "../../../entryPoints/route53";
import type { EntryPointNames, HeldRecords, PlannedRecord } from "../../../logic/servingRecords";
import { planServing, type ServingPlan, type ServingQuestion } from "../../../logic/serving";
import { perProduct, productIds, type ProductId } from "../../../products";
import { manifest } from "../../program/world";

export const names = perProduct((product) => `${product.toLowerCase()}.example.com`);

export const addressOf = (key: string, product: ProductId) =>
    `10.${key === "listed" ? 1 : key === "new" ? 2 : 3}.0.${productIds.indexOf(product)}`;

export const hostState = (product: ProductId, change: Partial<HostState> = {}): HostState => ({
    product,
    host: "host",
    side: "serving",
    state: "",
    token: "",
    since: "",
    until: "",
    timers: [],
    answering: true,
    running: ["unit active"],
    ...change,
});

export const serving = {} satisfies Partial<HostState>;
export const down = (side: HostState["side"], token = "f"): Partial<HostState> => ({
    side,
    token,
    answering: false,
    running: [],
});
export const staying = { ...down("staying"), timers: ["posit-deadman-stay"], until: "2026-11-29T00:00:00Z" };
export const unknown = "unknown" as const;

export const stayingMarker: HostMarker = {
    token: "f",
    state: "staying",
    closedAt: "2026-11-28T10:00:00Z",
    frozenAt: "2026-11-28T10:00:05Z",
    stayingSince: "2026-11-28T10:00:09Z",
    quiet: {},
};

export type Found = Partial<HostState> | typeof unknown;

/** All three alike, unless one is said to be otherwise. */
export function side(
    key: string,
    all: Found,
    change: Partial<Record<ProductId, Found>> = {},
    more: Partial<HostReport> = {},
): SideReport {
    return {
        key,
        hosts: productIds.map((product): HostReport => {
            const found = change[product] ?? all;
            return {
                product,
                instanceId: `i-${key}-${product}`,
                address: `ssh-${addressOf(key, product)}`,
                publicAddress: addressOf(key, product),
                ...(found === unknown ? { unknown: "timed out" } : { state: hostState(product, found) }),
                ...more,
            };
        }),
    };
}

export const leadingTo = (key: string, ttl = 60): HeldRecords =>
    Object.fromEntries(
        productIds.map((product) => [names[product], [{ type: "A", values: [addressOf(key, product)], ttl }]]),
    );

export const migrated = {
    phase: "migrate",
    restored: "f",
    accepted: { migrate: "sha256:m" },
    receipts: { migrate: { digest: "sha256:m", body: { passed: true } } },
} as unknown as EnvironmentOutputs;

/** A question, and what the zone holds, where names are records there. */
export type Asked = Partial<ServingQuestion> & { entryPoints?: EntryPointNames; held?: HeldRecords };

/** Names lead to the listed side, which stays closed for the capture that the other one has. */
export function question({ entryPoints = { names, ttl: 60 }, held, ...change }: Asked = {}): ServingQuestion {
    const zone = held ?? leadingTo("listed");
    return {
        current: "listed",
        target: side("new", down("quarantined")),
        targetOutputs: migrated,
        others: [side("listed", staying, {}, { marker: stayingMarker })],
        vanished: [],
        names: foundRecords("Z1", entryPoints, zone, async () => zone),
        last: { side: "listed", records: published("listed") },
        captures: { f: { ...manifest("f"), final: true } },
        configured: [],
        overrides: [],
        move: "m1",
        now: new Date("2026-11-28T11:00:00Z"),
        ...change,
    };
}

/** What the zone is to hold. */
export function recordsOf({ names }: ServingPlan): PlannedRecord[] {
    const records: PlannedRecord[] = [];
    names?.lead({ record: (_zone, record) => records.push(record), atTheEnd: () => undefined });
    return records;
}

export const published = (key: string) =>
    perProduct((product) => ({ name: names[product], value: addressOf(key, product), ttl: 60 }));

// ---- the plan, in short ----

export const plan = (change: Asked = {}) => planServing(question(change));
export const gates = ({ unmet }: ServingPlan) => unmet.map(({ gate }) => gate);
export const fresh = ({ commands }: ServingPlan) =>
    commands.filter((command) => command.fresh).map(({ action, side, product }) => `${action} ${side} ${product}`);
export const all = (action: string, key: string) => productIds.map((product) => `${action} ${key} ${product}`);
export const reason = { reason: "agreed by everybody" };

/** The side that is current is to serve, and serves. */
export const back = (change: Asked = {}) =>
    plan({ target: side("listed", serving), targetOutputs: undefined, others: [], ...change });
