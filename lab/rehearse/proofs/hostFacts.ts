// Looks into hosts, old and new, as their operators can: mails sent, units, who can be reached from them.
import { Client } from "pg";
import { hostScript } from "../../hostScript";
import { legacyAccess, type LegacyFacts } from "../../legacy/facts";
import { type HostAccess, onHost } from "../../ssh";
import { perProduct, productIds, products, type ProductId } from "../../../products";
import type { Rehearsal } from "../rehearsal";

export type HostsOf = Record<ProductId, HostAccess>;

export function oldHosts(facts: LegacyFacts): HostsOf {
    return perProduct((product) => legacyAccess(facts, product));
}

interface PublishedHost {
    address: string;
    hostKey: string;
    user: string;
}

/** The new side, as the staging stack publishes it. */
export function newHosts(rehearsal: Rehearsal, privateKey: string): HostsOf {
    const contract = rehearsal.stacks.staging.outputs.contract as { hosts: Record<ProductId, PublishedHost> };
    return perProduct((product) => {
        const { address, hostKey, user } = contract.hosts[product];
        return { address, hostKey, user, privateKey };
    });
}

export async function mailsSent(hosts: HostsOf): Promise<number> {
    const counts = await Promise.all(
        productIds.map(async (product) =>
            Number(await onHost(hosts[product], hostScript(["rehearse/proofs/scripts/mails"], {}))),
        ),
    );
    return counts.reduce((sum, count) => sum + count, 0);
}

/** "unit active-state enabled-state" of every unit of every product. */
export async function unitStates(hosts: HostsOf): Promise<string[]> {
    const lines = await Promise.all(
        productIds.map((product) =>
            onHost(
                hosts[product],
                hostScript(["rehearse/proofs/scripts/units"], { UNITS: products[product].units.join(" ") }),
            ),
        ),
    );
    return lines.flatMap((text) => text.trim().split("\n"));
}

/** Which of the targets ("address port") answer a TCP connection from that host. */
export async function reachable(from: HostAccess, targets: string[]): Promise<string[]> {
    const answer = await onHost(from, hostScript(["rehearse/proofs/scripts/reach"], { TARGETS: targets.join("\n") }));
    return answer.split("\n").filter((line) => line !== "");
}

/** Scheduled runs that the new side's Connect has recorded since a moment, asked of its database itself. */
export async function scheduleRunsSince(rehearsal: Rehearsal, since: string): Promise<number> {
    const contract = rehearsal.stacks.staging.outputs.contract as {
        databases: Record<ProductId, [{ host: string; name: string; user: string }]>;
    };
    const [{ host, name, user }] = contract.databases.connect;
    const client = new Client({
        host,
        database: name,
        user,
        password: rehearsal.secrets.staging.databasePasswords.connect.main,
        ssl: { ca: rehearsal.facts.database.caCertificate },
    });
    await client.connect();
    try {
        const { rows } = await client.query<{ runs: string }>(
            "SELECT count(*) AS runs FROM schedule_runs WHERE started > $1",
            [since],
        );
        return Number(rows[0]?.runs);
    } finally {
        await client.end();
    }
}
