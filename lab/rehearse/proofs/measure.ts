// Checks with the client, at a moment that has a name.
import type { Observation } from "../../client/observe";
import { publicNames } from "../../legacy/world";
import { productIds } from "../../../products/ids";
import { step } from "../../progress";
import { compareObservations } from "./compare";
import type { HostsOf } from "./hostFacts";
import { questionsFrom } from "./questions";
import type { Rehearsal } from "../rehearsal";

/** `through` sends the public names to these hosts, as a tester's hosts file does; without it the DNS decides. */
export async function look(rehearsal: Rehearsal, moment: string, through?: HostsOf): Promise<Observation> {
    const overrides =
        through === undefined
            ? {}
            : Object.fromEntries(productIds.map((product) => [publicNames[product], through[product].address]));
    const found = await step(`The client looks: ${moment}`, () =>
        rehearsal.client.observe(questionsFrom(rehearsal.facts), overrides),
    );
    rehearsal.observed[moment] = found;
    return found;
}

export function checkSame(rehearsal: Rehearsal, label: string, before: string, after: string): void {
    const [old, now] = [rehearsal.observed[before], rehearsal.observed[after]];
    if (old === undefined || now === undefined) throw new Error(`There is no observation "${before}" or "${after}".`);
    for (const one of compareObservations(old, now)) {
        rehearsal.recorder.check(`${label}: ${one.name}`, one.passed, { before: one.before, after: one.after });
    }
}
