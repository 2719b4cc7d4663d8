// What a window is closed for beyond the products' own stops and starts, and whether that is within its goal. Pure.
import type { BeyondRow, Phases } from "./results";

/** Seconds; with AWS holding every call back once they may be more. */
export function goalOf({ throttled }: Pick<BeyondRow, "throttled">): number {
    return throttled ? 4 : 3;
}

/**
 * Taken as one, from the first product closed to the last one answered, less the stops and starts of all: they come one after the other, and those
 * of the others are within the longest.
 */
export function beyondOf(phases: Phases): number {
    const products = Object.values(phases);
    const own = products.reduce((sum, { stop, start }) => sum + stop + start, 0);
    return Math.max(...products.map((one) => one.stop + one.proveQuiet + one.request + one.start)) - own;
}

export interface Beyond {
    median: number;
    longest: number;
    goal: number;
    /** "held", or in how many it was not. */
    verdict: string;
}

export function judged(row: BeyondRow): Beyond {
    const values = row.windows.map(beyondOf);
    const goal = goalOf(row);
    const over = values.filter((seconds) => seconds > goal).length;
    return {
        median: median(values),
        longest: Math.max(...values),
        goal,
        verdict: over === 0 ? "held" : `not held in ${over} of ${values.length}`,
    };
}

export function median(values: number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
