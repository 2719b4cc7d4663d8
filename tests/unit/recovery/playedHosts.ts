// Three hosts as `make thaw` and `make state` ask them, played: they stand where a test puts them, and what they are told is written down.
import { HostSide, HostState } from "../../../contract/host";
import { seal } from "../../../logic/secret";
import { perProduct, ProductId } from "../../../products";
import type { Questions } from "../../../recovery/questions";

export interface PlayedHost {
    side: HostSide;
    token?: string;
    /** It answers as soon as it is open; false: it is started, and never does. */
    healthy?: boolean;
    /** Which questions fail. */
    deaf?: "to state" | "to all";
    /** Answers nothing, ever. */
    hangs?: boolean;
}

export const addresses = { packageManager: "10.0.0.1", workbench: "10.0.0.2", connect: "10.0.0.3" };

export const hosts = perProduct((product) => ({
    address: addresses[product],
    user: "u",
    privateKey: seal("k"),
    hostKey: "ssh-ed25519 AAAA",
}));

export function stateOf(product: ProductId, host: PlayedHost): HostState {
    const open = host.side === "serving" || host.side === "quarantined" || host.side === "built";
    return {
        product,
        host: product,
        side: host.side,
        state: host.side === "staying" ? "staying" : host.side === "closed" ? "frozen" : "",
        token: host.token ?? "",
        since: host.side === "staying" ? "2026-11-28T20:00:00Z" : "",
        until: host.side === "staying" ? "2026-11-29T20:00:00Z" : "",
        timers: [],
        answering: open && host.healthy !== false,
        running: [],
    };
}

/** What was asked and told, in order: "connect reopen leave". */
export function play(side: Record<ProductId, PlayedHost>): Questions & { asked: string[] } {
    const asked: string[] = [];
    const hear = async (product: ProductId, what: string) => {
        asked.push(`${product} ${what}`);
        const { deaf, hangs } = side[product];
        if (hangs) await new Promise(() => undefined);
        if (deaf === "to all" || (deaf === "to state" && what === "state")) throw new Error("no answer");
        return side[product];
    };
    return {
        asked,
        state: async (_host, product) => stateOf(product, await hear(product, "state")),
        reopen: async (_host, product, { staying }) => {
            const host = await hear(product, `reopen ${staying}`);
            const { since, until } = stateOf(product, host);
            const known = { token: host.token ?? "", since, until, note: "", openedBy: "", openedAt: "" };
            if (host.side === "retired") return { ...known, state: "retired" };
            if (host.side === "staying" && staying === "leave") return { ...known, state: "staying" };
            if (host.healthy === false) {
                if (host.side === "serving") return { ...known, state: "down" };
                throw new Error("was started and does not answer");
            }
            const was = host.side;
            if (was === "closed" || was === "staying") host.side = "serving";
            return { ...known, state: was === "closed" || was === "staying" ? "opened" : "open" };
        },
        revive: async (_host, product) => {
            const host = await hear(product, "revive");
            host.side = "serving";
            if (host.healthy === false) throw new Error("was started and does not answer");
        },
    };
}
