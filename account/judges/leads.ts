// Whether a table of routes leads a whole range somewhere, as routers choose: the longest prefix wins. Pure.
import { isWithin, overlap, Range, union } from "../../logic/ranges";

export interface Leading {
    range: Range;
    /** Whoever it leads to can answer; not so a blackhole. */
    good: boolean;
}

export function isLed(range: Range, routes: Leading[]): boolean {
    const goods = routes.filter(({ good }) => good).map((route) => route.range);
    return covers(goods, range) && routes.every((route) => route.good || isOutdone(route.range, range, goods));
}

/**
 * What a bad route would take of the range, narrower good ones must take from it. One that is a part of the range only is no business of the rest:
 * old routes to nowhere lie within 0.0.0.0/0 in many tables.
 */
function isOutdone(bad: Range, range: Range, goods: Range[]): boolean {
    const part = { first: Math.max(bad.first, range.first), last: Math.min(bad.last, range.last) };
    return (
        !overlap(bad, range) ||
        bad.prefix > range.prefix ||
        covers(
            goods.filter(({ prefix }) => prefix > bad.prefix),
            part,
        )
    );
}

function covers(ranges: Range[], part: Pick<Range, "first" | "last">): boolean {
    return union(ranges).some((block) => isWithin(part, block));
}
