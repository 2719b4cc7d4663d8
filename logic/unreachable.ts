// A host that can't be asked is unknown: it refuses a move, and what would take content from under it. Pure.
import { HostReport, isResting, SideReport } from "./sideReport";
import type { Unmet } from "./unmet";

export function unknownOf({ hosts }: SideReport): HostReport[] {
    return hosts.filter(({ state }) => state === undefined);
}

/** `because`: what is to be done about it, with all that must be known. */
export function unreachable(
    { key }: SideReport,
    { product, address, instanceId, unknown }: HostReport,
    because: string,
    firm: boolean,
): Unmet {
    return {
        gate: "serve.unreachable",
        firm,
        condition: `${product} of ${key} (${address}, ${instanceId}) can't be asked how it stands: ${unknown}. ${because}`,
    };
}

/** Left out only when the cloud says that its instance rests, and a person accepts what is lost with it. */
export function mayStillServe(side: SideReport, host: HostReport, lost: string): Unmet {
    const word = host.cloud === undefined ? "" : `; the cloud says that its instance is ${host.cloud}`;
    return unreachable(
        side,
        host,
        `It may still serve${word}. Start it, or see that its instance is stopped and accept that with posit:overrides: [{gate: serve.unreachable, reason: …}]; ${lost}`,
        !isResting(host),
    );
}
