// What must hold about the two sides: the copy is quiet while it is quarantined, and the old one stays retired.
import { callCloud } from "../../cloud/client";
import type { EnvironmentOutputs } from "../../../contract/environment";
import type { ProductionContract } from "../../../contract/production";
import { productIds, type ProductId } from "../../../products/ids";
import { step } from "../../progress";
import { waitForHost } from "../../ssh";
import { type HostsOf, mailsSent, oldHosts, scheduleRunsSince, unitStates } from "./hostFacts";
import type { Rehearsal } from "../rehearsal";

/** "address port" of each database server of the new side. */
export function newDatabases(rehearsal: Rehearsal): string[] {
    const contract = rehearsal.stacks.staging.outputs.contract as EnvironmentOutputs;
    const hosts = Object.values(contract.databases)
        .flat()
        .flatMap((database) => ("host" in database ? [database.host] : []));
    return [...new Set(hosts)].map((host) => `${host} 5432`);
}

/** Schedules of the copy are due every minute: waiting longer than one, with nothing sent and nothing run, is the proof. */
const watchSeconds = 65;

export async function watchQuarantine(rehearsal: Rehearsal, hosts: HostsOf, token: string): Promise<void> {
    const { recorder, facts } = rehearsal;
    const contract = rehearsal.stacks.prod.outputs.contract as ProductionContract;
    const takenAt = contract.captures[token]?.takenAt ?? "";
    await step(`Watching the quarantined copy for ${watchSeconds} s`, async () => {
        await new Promise((resolve) => setTimeout(resolve, watchSeconds * 1000));
        const [mails, runs] = [await mailsSent(hosts), await scheduleRunsSince(rehearsal, takenAt)];
        recorder.check("The quarantined copy sent no mail", mails === 0, { before: 0, after: mails });
        recorder.check("The quarantined copy ran no schedule", runs === 0, { before: 0, after: runs });
        const own = await mailsSent(oldHosts(facts));
        recorder.check("Production sent mail meanwhile", own > 0, { before: "some", after: own });
    });
}

/** Quarantine is lifted: the new side does what the old one did every minute. */
export async function checkSchedulesRun(rehearsal: Rehearsal, hosts: HostsOf): Promise<void> {
    await step("Waiting for a scheduled mail of the new side", async () => {
        const until = Date.now() + 75_000;
        let mails = await mailsSent(hosts);
        while (mails === 0 && Date.now() < until) {
            await new Promise((resolve) => setTimeout(resolve, 2000));
            mails = await mailsSent(hosts);
        }
        rehearsal.recorder.check("The new side runs schedules and sends mail", mails > 0, {
            before: "some",
            after: mails,
        });
    });
}

/** Units of the old side that run, as "unit active-state enabled-state", and all of them. */
export async function oldUnits({ facts }: Rehearsal): Promise<{ alive: string[]; states: string[] }> {
    const states = await unitStates(oldHosts(facts));
    return { alive: states.filter((line) => / active /.test(`${line} `)), states };
}

export async function checkRetired(rehearsal: Rehearsal, when: string): Promise<void> {
    const { alive, states } = await oldUnits(rehearsal);
    rehearsal.recorder.check(`Old production is retired ${when}`, alive.length === 0, { before: [], after: states });
}

export function rebootOldHosts({ facts }: Rehearsal): Promise<void> {
    return reboot("the old hosts", oldHosts(facts), (product) => facts.hosts[product].instanceId);
}

export function rebootNewHosts({ stacks }: Rehearsal, hosts: HostsOf): Promise<void> {
    const contract = stacks.staging.outputs.contract as { hosts: Record<ProductId, { instanceId: string }> };
    return reboot("the new hosts", hosts, (product) => contract.hosts[product].instanceId);
}

async function reboot(which: string, hosts: HostsOf, instanceId: (product: ProductId) => string): Promise<void> {
    await step(`Rebooting ${which}`, async (progress) => {
        await Promise.all(
            productIds.map(async (product) => {
                await callCloud("RebootInstance", { instanceId: instanceId(product) });
                await new Promise((resolve) => setTimeout(resolve, 3000));
                (await waitForHost(hosts[product])).close();
                progress(`${product} is up again`);
            }),
        );
        // Units that were going to start would have done so by now.
        await new Promise((resolve) => setTimeout(resolve, 5000));
    });
}
