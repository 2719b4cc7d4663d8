// The procedure as people do it by hand, measured on the same data, with the tools as somebody who knows them would call them: from the stop of the
// old product to the moment at which it may go on, since all is copied or lies aside. Plain: stop, then everything goes over the network. Careful:
// files ahead of time; then stop, copy their difference, dump aside; the dump goes over and is loaded later. Both leave production as it was.
import { hostScript } from "../../hostScript";
import { databases, publicNames } from "../../legacy/world";
import type { LegacyFacts } from "../../legacy/facts";
import { step } from "../../progress";
import { type HostAccess, openHost } from "../../ssh";
import { productIds, type ProductId } from "../../../products/ids";
import { products } from "../../../products";
import { spareHost } from "./baselineTarget";
import { oldHosts } from "../proofs/hostFacts";
import type { Downtime } from "../report/reportTypes";

export type Way = "plain" | "careful";

export interface ByHand {
    /** Seconds, by product. */
    closed: Downtime;
    /** Of that. */
    dump: Downtime;
    /** Of the careful way: until a server elsewhere could have the database, closed or not. */
    loaded?: Downtime;
}

/** What the script prints. */
export interface TimedByHand {
    closedSeconds: number;
    dumpSeconds: number;
    loadSeconds?: number;
}

/** Copies go to a spare host; each product alone, as one person does it. */
export async function measureBaseline(facts: LegacyFacts): Promise<Record<Way, ByHand>> {
    const spare = await step("By hand: a machine to copy to", () => spareHost(facts));
    const measured: Record<Way, ByHand> = { plain: { closed: {}, dump: {} }, careful: { closed: {}, dump: {} } };
    for (const way of ["plain", "careful"] as const) {
        for (const product of productIds) {
            const timed = await step(`By hand, ${way}: ${publicNames[product]}`, () =>
                byHand(facts, spare.access, product, way),
            );
            note(measured[way], product, timed);
        }
    }
    await spare.remove();
    return measured;
}

export function note(of: ByHand, product: ProductId, { closedSeconds, dumpSeconds, loadSeconds }: TimedByHand): void {
    of.closed[product] = closedSeconds;
    of.dump[product] = dumpSeconds;
    if (loadSeconds !== undefined) of.loaded = { ...of.loaded, [product]: closedSeconds + loadSeconds };
}

/** For the report, beside the windows and the cutover. */
export function downtimesByHand({ plain, careful }: Record<Way, ByHand>): Record<string, Downtime> {
    return {
        plain: plain.closed,
        careful: careful.closed,
        ...(careful.loaded && { "careful, until its database is loaded": careful.loaded }),
    };
}

async function byHand(facts: LegacyFacts, target: HostAccess, product: ProductId, way: Way): Promise<TimedByHand> {
    const host = await openHost(oldHosts(facts)[product]);
    try {
        const result = await host.script(
            hostScript(["rehearse/byHand/scripts/byHand"], variables(facts, target, product, way)),
        );
        if (result.code !== 0)
            throw new Error(`By hand, ${way}, ${product}: ${result.stderr.trim().split("\n").at(-1)}`);
        return JSON.parse(result.stdout.trim().split("\n").at(-1) ?? "") as TimedByHand;
    } finally {
        host.close();
    }
}

function variables(facts: LegacyFacts, target: HostAccess, product: ProductId, way: Way): Record<string, string> {
    const { name, role } = databases[product];
    const { address, port, masterUsername } = facts.database;
    const url = (user: string, database: string) =>
        `postgresql://${user}@${address}:${port}/${database}?sslmode=require`;
    return {
        WAY: way,
        UNITS: products[product].units.join(" "),
        MOUNTS: topmost(facts.hosts[product].dataVolumes.map(({ mount }) => mount)).join(" "),
        PORT: String(products[product].port),
        HEALTH: products[product].healthPath,
        DATABASE_URL: url(role, name),
        PGPASSWORD: facts.database.passwords[product],
        LOADER_URL: url(masterUsername, "postgres"),
        LOAD_URL: url(masterUsername, "by_hand"),
        LOADER_PASSWORD: facts.database.masterPassword,
        TARGET: `${target.user}@${target.address}`,
        TARGET_KEY: target.privateKey,
        TARGET_HOST_KEY: `${target.address} ${target.hostKey}`,
    };
}

/** Without those that come along with one above them. */
function topmost(mounts: string[]): string[] {
    return mounts.filter((mount) => !mounts.some((other) => mount.startsWith(`${other}/`)));
}
