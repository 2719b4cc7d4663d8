// Isolation, tried and not assumed: from each new host against every port of production, and the other way round.
// Each host must reach something of its own side too, or the test would prove nothing.
import type { LegacyFacts } from "../../legacy/facts";
import { ports } from "../../legacy/world";
import { productIds } from "../../../products/ids";
import { step } from "../../progress";
import { type HostsOf, oldHosts, reachable } from "./hostFacts";
import { newDatabases } from "./oldAndNew";
import type { Recorder } from "../report/recorder";
import type { Rehearsal } from "../rehearsal";

interface Side {
    name: string;
    hosts: HostsOf;
    /** "address port" of each of its databases. */
    databases: string[];
}

export async function checkSidesApart(rehearsal: Rehearsal, hosts: HostsOf): Promise<void> {
    const { recorder, facts } = rehearsal;
    const old: Side = { name: "production", hosts: oldHosts(facts), databases: oldDatabases(facts) };
    const fresh: Side = { name: "staging", hosts, databases: newDatabases(rehearsal) };
    await step("Isolation: trying to cross it in both directions", async () => {
        await Promise.all([tryToCross(recorder, fresh, old), tryToCross(recorder, old, fresh)]);
    });
}

async function tryToCross(recorder: Recorder, from: Side, to: Side): Promise<void> {
    const forbidden = [
        ...productIds.flatMap((product) => [22, ports[product]].map((port) => `${to.hosts[product].address} ${port}`)),
        ...to.databases,
    ];
    await Promise.all(
        productIds.map(async (product) => {
            const crossed = await reachable(from.hosts[product], forbidden);
            const own = await reachable(from.hosts[product], from.databases);
            recorder.check(
                `From ${from.name}'s ${product} nothing of ${to.name} can be reached`,
                crossed.length === 0,
                {
                    before: [],
                    after: crossed,
                },
            );
            recorder.check(`From ${from.name}'s ${product} its own database can be reached`, own.length > 0, {
                before: from.databases,
                after: own,
            });
        }),
    );
}

function oldDatabases(facts: LegacyFacts): string[] {
    return [`${facts.database.address} ${facts.database.port}`];
}
