// Who serves, from what the hosts of all sides answered: one status for a pipeline, one sentence for people. Pure.
import { HostState } from "../contract/host";
import { ProductId } from "../products/ids";

export interface SeenHost {
    product: ProductId;
    address: string;
    /** Absent when it could not be asked. */
    state?: HostState;
    /** Why it could not. */
    problem?: string;
}

export interface SeenSide {
    side: string;
    hosts: SeenHost[];
}

export const statuses = {
    0: "exactly one side serves: all its hosts serve and answer, and none of another side does",
    1: "could not ask some host, and the others do not settle it",
    3: "closed on purpose: all hosts of one side stay closed for one capture, and nobody else serves",
    4: "closed otherwise: something does not answer, is closed by a window, or stands between",
    5: "both sides serve, or none of those that were asked does",
} as const;
export type Status = keyof typeof statuses;

export interface Verdict {
    status: Status;
    /** What there is to see, in a sentence. */
    why: string;
}

export function judge(sides: SeenSide[]): Verdict {
    const hosts = sides.flatMap((side) => side.hosts);
    const serving = sides.filter((side) => side.hosts.some(isOn("serving")));
    if (serving.length > 1) {
        const named = serving.map(({ side, hosts: own }) => `${side} (${names(own.filter(isOn("serving")))})`);
        return { status: 5, why: `hosts of ${serving.length} sides serve: ${named.join(" and ")}` };
    }
    const unknown = hosts.filter(({ state }) => !state);
    if (unknown.length > 0) {
        return { status: 1, why: `could not ask ${names(unknown)}` };
    }
    if (hosts.every(isOn("retired", "quarantined", "built"))) {
        const others = sides.length === 1 ? "; name the other side's file too: HOSTS=a.yaml,b.yaml" : "";
        return { status: 5, why: `none of the sides that were asked serves: ${standing(hosts)}${others}` };
    }
    const whole = serving.find((side) => side.hosts.every((host) => isOn("serving")(host) && host.state?.answering));
    if (whole) {
        const closed = hosts.filter(isOn("closed"));
        const mind = closed.length > 0 ? `; mind that ${names(closed)} is closed by a window, and opens by itself` : "";
        return { status: 0, why: `side ${whole.side} serves${mind}` };
    }
    const staying = serving.length === 0 ? sides.find(staysForOne) : undefined;
    if (staying) {
        const { token, since, until } = staying.hosts[0].state!;
        const opens = until ? `, and opens by itself at ${until}` : "";
        return {
            status: 3,
            why: `side ${staying.side} stays closed on purpose for capture ${token} since ${since}${opens}`,
        };
    }
    const odd = hosts.filter((host) => !isOn("retired", "quarantined", "built")(host) && !host.state?.answering);
    return { status: 4, why: `closed, or partly so: ${standing(odd.length > 0 ? odd : hosts)}` };
}

function isOn(...wanted: HostState["side"][]): (host: SeenHost) => boolean {
    return ({ state }) => state !== undefined && wanted.includes(state.side);
}

function staysForOne({ hosts }: SeenSide): boolean {
    return hosts.every(isOn("staying")) && new Set(hosts.map(({ state }) => state?.token)).size === 1;
}

function names(hosts: SeenHost[]): string {
    return hosts.map(({ product, address }) => `${product} (${address})`).join(", ");
}

function standing(hosts: SeenHost[]): string {
    return hosts
        .map(({ product, address, state }) => {
            const silent = state?.side === "serving" && !state.answering ? " and does not answer" : "";
            return `${product} (${address}) is ${state?.side ?? "unknown"}${silent}`;
        })
        .join(", ");
}
