// From the client's list of outages to the two durations that matter: closed windows and the cutover. Pure.
import type { Outage, ProbeEvent } from "../../client/prober";
import { productIds, type ProductId } from "../../../products/ids";
import type { Downtime } from "./reportTypes";

export interface Span {
    from: number;
    to: number;
}

/** How long each product was away within a span, in seconds; an outage that reaches beyond counts to the span's edge. */
export function downtimeWithin(outages: Outage[], span: Span): Downtime {
    const downtime: Downtime = {};
    for (const product of productIds) {
        const milliseconds = outages
            .filter((outage) => outage.product === product)
            .map((outage) => Math.min(outage.to ?? span.to, span.to) - Math.max(outage.from, span.from))
            .filter((length) => length > 0)
            .reduce((sum, length) => sum + length, 0);
        downtime[product] = milliseconds / 1000;
    }
    return downtime;
}

/** From the first product away to the last one back. */
export function cutover(outages: Outage[], span: Span): number | undefined {
    const within = outages.filter((outage) => outage.from >= span.from && outage.from <= span.to);
    if (within.length === 0 || within.some((outage) => outage.to === undefined)) return undefined;
    return (
        (Math.max(...within.map((outage) => outage.to ?? 0)) - Math.min(...within.map((outage) => outage.from))) / 1000
    );
}

export function switches(events: ProbeEvent[]): { product: ProductId; at: string; from: string; to: string }[] {
    return events
        .filter((event) => event.event === "moved")
        .map((event) => ({
            product: event.product as ProductId,
            at: new Date(event.at).toISOString(),
            from: event.before,
            to: event.address,
        }));
}
