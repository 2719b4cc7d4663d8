// The second step of a window: work in progress comes to its end while everything still serves.
import type { HostEvent, HostWindow } from "./hostWindow";
import { settled } from "./settled";
import type { WindowArgs } from "./types";

type Draining = Pick<WindowArgs, "options" | "log">;

/** Once one host can't be drained, the others may still say what keeps them, ms. */
const findingsGrace = 1_000;

export async function drainAll(hosts: HostWindow[], args: Draining): Promise<void> {
    await settled(
        hosts.map((host) => drain(host, args)),
        findingsGrace,
    );
}

async function drain(host: HostWindow, { options, log }: Draining): Promise<void> {
    host.say("drain");
    await host.expect(["drained"], options.drainSeconds + 60, (event) => {
        if (event.event === "busy") {
            log(`${host.host.product} is still busy: ${(event.work ?? []).join("; ")}`);
        }
        tellCut(host, event, log);
    });
}

/** Whose work force ends, here or in the freeze. */
export function tellCut(host: HostWindow, { event, work }: HostEvent, log: (line: string) => void): void {
    if (event === "cut") {
        log(`${host.host.product}: force: true ends ${(work ?? []).join("; ")}`);
    }
}
