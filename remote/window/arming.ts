// The first step of a window: every host is connected and armed to open by itself, before anything of a product is touched.
import type { ProductId } from "../../products";
import { HostEvent, HostWindow } from "./hostWindow";
import type { WindowArgs } from "./types";

/** Hosts whose clocks differ by more can't be said to have been quiet at the same time. */
const clockTolerance = 1_000;

export interface Armed {
    hosts: HostWindow[];
    /** By the host's clock. */
    armedAt: Map<ProductId, string>;
    /** Of hosts that can't be armed, or tell another time; those that are armed must be released then. */
    findings: string[];
}

export async function armAll(
    { hosts, options }: Pick<WindowArgs, "hosts" | "options">,
    calledOff: () => boolean,
): Promise<Armed> {
    const results = await Promise.allSettled(
        hosts.map(async (host) => {
            const before = Date.now();
            const { window, armed } = await HostWindow.arm(host, options);
            // Called off meanwhile: the end of the connection opens it.
            return calledOff() ? window.release() : { window, armed, off: clockOffset(armed, before) };
        }),
    );
    const opened = results.flatMap((result) => (result.status === "fulfilled" && result.value ? [result.value] : []));
    return {
        hosts: opened.map(({ window }) => window),
        armedAt: new Map(opened.map(({ window, armed }) => [window.host.product, armed.armedAt ?? ""])),
        findings: [
            ...results.flatMap((result) => (result.status === "rejected" ? [(result.reason as Error).message] : [])),
            ...opened.flatMap(({ window, off }) =>
                off > clockTolerance
                    ? [
                          `${window.host.product}: its clock is ${(off / 1000).toFixed(1)} s off this machine's; set up time synchronisation first (chronyc tracking)`,
                      ]
                    : [],
            ),
        ],
    };
}

/** How far the host's clock certainly is from ours, ms: its word was said between our question and now. */
function clockOffset({ clock }: HostEvent, before: number): number {
    const now = Date.now();
    return clock === undefined ? 0 : Math.max(0, before - clock, clock - now);
}
