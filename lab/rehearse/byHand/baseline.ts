// The procedure as people do it by hand, measured on the same data: from the stop of the old product to the moment at
// which the copied one could be started. Plain: stop, dump and copy everything. Careful: copy ahead of time, then stop,
// copy the difference and dump. Both leave production running as it was.
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

/** Copies go to a spare host; each product alone, as one person does it. */
export async function measureBaseline(facts: LegacyFacts): Promise<Record<Way, Downtime>> {
    const spare = await step("By hand: a machine to copy to", () => spareHost(facts));
    const measured: Record<Way, Downtime> = { plain: {}, careful: {} };
    for (const way of ["plain", "careful"] as const) {
        for (const product of productIds) {
            measured[way][product] = await step(`By hand, ${way}: ${publicNames[product]}`, () =>
                byHand(facts, spare.access, product, way),
            );
        }
    }
    await spare.remove();
    return measured;
}

interface Timed {
    closedSeconds: number;
}

async function byHand(facts: LegacyFacts, target: HostAccess, product: ProductId, way: Way): Promise<number> {
    const host = await openHost(oldHosts(facts)[product]);
    try {
        const { name, role } = databases[product];
        const result = await host.script(
            hostScript(["rehearse/byHand/scripts/byHand"], {
                WAY: way,
                UNITS: products[product].units.join(" "),
                MOUNTS: topmost(facts.hosts[product].dataVolumes.map(({ mount }) => mount)).join(" "),
                PORT: String(products[product].port),
                HEALTH: products[product].healthPath,
                DATABASE_URL: `postgresql://${role}@${facts.database.address}:${facts.database.port}/${name}?sslmode=require`,
                PGPASSWORD: facts.database.passwords[product],
                TARGET: `${target.user}@${target.address}`,
                TARGET_KEY: target.privateKey,
                TARGET_HOST_KEY: `${target.address} ${target.hostKey}`,
            }),
        );
        if (result.code !== 0)
            throw new Error(`By hand, ${way}, ${product}: ${result.stderr.trim().split("\n").at(-1)}`);
        return (JSON.parse(result.stdout.trim().split("\n").at(-1) ?? "") as Timed).closedSeconds;
    } finally {
        host.close();
    }
}

/** Without those that come along with one above them. */
function topmost(mounts: string[]): string[] {
    return mounts.filter((mount) => !mounts.some((other) => mount.startsWith(`${other}/`)));
}
