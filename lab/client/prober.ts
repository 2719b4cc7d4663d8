// Calls each product ten times a second for as long as it lives and notes when it did not answer, and where it answered.
import { exchange } from "./http";
import type { Names } from "./names";

export interface Target {
    product: string;
    url: string;
}

export interface Outage {
    product: string;
    /** Milliseconds since 1970: the start of the first call that failed … */
    from: number;
    /** … and the end of the first one that was answered again; absent while it lasts. */
    to?: number;
    /** How users met it first: "503", "ECONNREFUSED", … */
    reason: string;
}

export type ProbeEvent =
    | { event: "down"; product: string; at: number; reason: string }
    | { event: "up"; product: string; at: number; address: string; from: number }
    | { event: "moved"; product: string; at: number; address: string; before: string };

const everyMs = 100;
const patienceMs = 1500;

interface Call {
    started: number;
    ended: number;
    address?: string;
    failure?: string;
}

export function startProber(names: Names, targets: Target[], tell: (event: ProbeEvent) => void): () => void {
    const stops = targets.map((target) => probe(names, target, tell));
    return () => stops.forEach((stop) => stop());
}

/** Calls overlap when they take long; their results are judged in the order in which they began. */
function probe(names: Names, target: Target, tell: (event: ProbeEvent) => void): () => void {
    let turn: Promise<void> = Promise.resolve();
    const judge = judgement(target.product, tell);
    const timer = setInterval(() => {
        const result = call(names, target.url);
        turn = turn.then(async () => judge(await result));
    }, everyMs);
    return () => clearInterval(timer);
}

async function call(names: Names, url: string): Promise<Call> {
    const started = Date.now();
    try {
        const answer = await exchange(names, { url, timeoutMs: patienceMs });
        const failure = answer.status >= 200 && answer.status < 400 ? undefined : String(answer.status);
        return { started, ended: Date.now(), address: answer.address, failure };
    } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? (error as Error).name;
        return { started, ended: Date.now(), failure: String(code) };
    }
}

/** Pure but for `tell`: what a row of calls means. */
export function judgement(product: string, tell: (event: ProbeEvent) => void): (call: Call) => void {
    let downSince: number | undefined;
    let address: string | undefined;
    return (call) => {
        if (call.failure !== undefined) {
            if (downSince === undefined) {
                downSince = call.started;
                tell({ event: "down", product, at: call.started, reason: call.failure });
            }
            return;
        }
        if (downSince !== undefined) {
            tell({ event: "up", product, at: call.ended, address: call.address ?? "", from: downSince });
            downSince = undefined;
        }
        if (address !== undefined && call.address !== undefined && call.address !== address) {
            tell({ event: "moved", product, at: call.ended, address: call.address, before: address });
        }
        address = call.address ?? address;
    };
}

/** Outages out of a list of events, oldest first. */
export function outages(events: ProbeEvent[]): Outage[] {
    const found: Outage[] = [];
    for (const event of events) {
        if (event.event === "down") found.push({ product: event.product, from: event.at, reason: event.reason });
        if (event.event === "up") {
            const open = found.find((outage) => outage.product === event.product && outage.to === undefined);
            if (open !== undefined) open.to = event.at;
        }
    }
    return found;
}
