// The hosts of the model's world (servingSides.ts): as the scripts leave them after each of their steps (hosts/serve.sh, state.sh).
import type { HostMarker, HostState } from "../../../contract/host";
import type { PlannedCommand } from "../../../logic/servingCommands";
import type { ProductId } from "../../../products/ids";
import { hostState } from "./servingWorld";

export interface Host {
    side: "listed" | "new";
    product: ProductId;
    alive: boolean;
    /** Files on its disk; each holds a token. */
    retired?: string;
    serving?: string;
    quarantined?: string;
    staying?: string;
    halfway: boolean;
    masked: boolean;
    /** Acts on the world when it runs; a quarantined copy does not. */
    live: boolean;
    running: boolean;
    marker: HostMarker;
    /** What users wrote there, and how much of it the newest capture has. */
    writes: number;
    captured: number;
    /** It came back from the dead, or a person opened it although it was retired: no run's doing. */
    foreign: boolean;
}

/** A command that ended with an error. */
export class Failed extends Error {}

/** As hosts/state.sh says it. */
export function sideOf(host: Host): HostState["side"] {
    if (host.retired !== undefined) return "retired";
    if (host.staying !== undefined) return "staying";
    if (host.serving !== undefined || (host.side === "listed" && host.quarantined === undefined)) return "serving";
    return host.quarantined !== undefined ? "quarantined" : "built";
}

export function stateOf(host: Host): HostState {
    const side = sideOf(host);
    const token = {
        retired: host.retired,
        staying: host.staying,
        serving: host.serving,
        quarantined: host.quarantined,
    }[side as string];
    return hostState(host.product, {
        side,
        token: token ?? "",
        state: host.halfway ? "halfway" : "",
        running: host.running ? ["x active"] : [],
        timers: host.staying !== undefined ? ["posit-deadman-stay"] : [],
        until: "2026-11-29T00:00:00Z",
    });
}

export function isLive(host: Host): boolean {
    return host.alive && host.running && host.live;
}

type Step = () => unknown;

/** hosts/serve.sh, step by step: a run may be killed after each, and its host keeps what was done. */
export function stepsOf(host: Host, action: PlannedCommand["action"], variables: Record<string, string>): Step[] {
    switch (action) {
        case "retire":
            return retire(host, variables);
        case "revive":
            return revive(host);
        case "open":
            return open(host, variables);
        case "close":
            return close(host);
        case "health":
            return [
                () => {
                    if (!host.running) throw new Failed(`${host.side} ${host.product} is not healthy`);
                },
            ];
    }
}

function retire(host: Host, { TOKEN, EVEN_OPEN }: Record<string, string>): Step[] {
    if (host.retired !== undefined && !host.running && host.staying === undefined && !host.halfway) return [];
    const stays = host.staying === TOKEN && host.marker.thawingAt === undefined;
    if (host.retired === undefined && EVEN_OPEN !== "true" && !stays) {
        throw new Failed(`${host.product} does not stay closed`);
    }
    return [
        () => (host.halfway = true),
        () => (host.retired ??= TOKEN),
        () => (host.masked = true),
        () => {
            if (host.staying !== undefined) host.marker.state = "retired";
        },
        () => (host.running = false),
        () => (host.staying = undefined),
        () => (host.halfway = false),
    ];
}

export function revive(host: Host): Step[] {
    const start = () => (host.running = !host.masked);
    if (host.retired === undefined && host.staying === undefined) return [start, () => (host.halfway = false)];
    return [
        () => (host.halfway = true),
        () => (host.retired ??= host.staying ?? ""),
        () => {
            host.marker.thawingAt ??= "t";
            host.marker.openedBy ??= "reverted";
            host.marker.state = "reverted";
        },
        () => (host.staying = undefined),
        () => (host.masked = false),
        start,
        () => (host.retired = undefined),
        () => (host.halfway = false),
    ];
}

function open(host: Host, { TOKEN }: Record<string, string>): Step[] {
    if (host.serving !== undefined && !host.halfway && host.running) return [];
    return [
        () => (host.halfway = true),
        () => (host.serving = TOKEN || (host.quarantined ?? "")),
        () => (host.running = false),
        () => (host.live = true),
        () => (host.quarantined = undefined),
        () => (host.masked = false),
        () => (host.running = true),
        () => (host.halfway = false),
    ];
}

function close(host: Host): Step[] {
    if (host.quarantined !== undefined && host.serving === undefined && !host.halfway) return [];
    return [
        () => (host.halfway = true),
        () => (host.masked = true),
        () => (host.running = false),
        () => (host.live = false),
        () => (host.quarantined = host.serving ?? ""),
        () => (host.serving = undefined),
        () => (host.halfway = false),
    ];
}
