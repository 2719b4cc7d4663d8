// The third step of a window, and the first that users notice: products stop, each is proved quiet, and what is on no volume is put on one.
import { inOrder, ProductId } from "../../products";
import { tellCut } from "./draining";
import type { HostEvent, HostWindow } from "./hostWindow";
import { settled } from "./settled";
import type { WindowArgs } from "./types";

/** Nobody is left without what it fetches from. */
const freezeOrder = [...inOrder].reverse();

/** Longer than any service's stop; the host's own timer is what really limits it. */
const freezeSeconds = 120;

export interface Frozen {
    product: ProductId;
    event: HostEvent;
}

export interface Freezing {
    log: (line: string) => void;
    /** Throws once the window is called off. */
    stillWanted: () => void;
    /** Of the whole window. */
    callOff: (reason: string) => void;
}

/** Each product is told to stop as soon as the one that depends on it is stopped; the proofs of quiet go on side by side. */
export async function freezeAll(hosts: HostWindow[], { log, stillWanted, callOff }: Freezing): Promise<Frozen[]> {
    // From the first stop on one host that opens, fails or goes is the end of the whole window, whoever else is still busy.
    for (const host of hosts) {
        host.whenEnded((reason) => callOff(`${host.host.product}: ${reason}`));
    }
    let before: Promise<unknown> = Promise.resolve();
    const proofs = inFreezeOrder(hosts).map((host) => {
        const stopped = before.then(async () => {
            stillWanted();
            host.say("freeze");
            await host.expect(["stopped"], freezeSeconds);
        });
        before = stopped;
        return stopped.then(async () => ({
            product: host.host.product,
            event: await host.expect(["frozen"], freezeSeconds, (event) => tellCut(host, event, log)),
        }));
    });
    return settled(proofs, 0);
}

/** Once nobody writes any more, what is on no volume is put on one. */
export async function dumpAll(
    hosts: HostWindow[],
    { options, log }: Pick<WindowArgs, "options" | "log">,
): Promise<void> {
    await settled(
        hosts
            .filter(({ host }) => host.databases?.some(({ dumped }) => dumped))
            .map(async (host) => {
                host.say("dump");
                const { bytes, seconds } = await host.expect(["dumped"], options.maxClosedSeconds);
                log(`${host.host.product}: database dumped and read back, ${bytes} bytes in ${seconds} s`);
            }),
        0,
    );
}

/** They are opened in the other direction. */
export function inFreezeOrder(hosts: HostWindow[]): HostWindow[] {
    return [...hosts].sort((a, b) => freezeOrder.indexOf(a.host.product) - freezeOrder.indexOf(b.host.product));
}
