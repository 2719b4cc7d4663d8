// What a procedure takes, from what its parts take: drawn many times over, always with the same chance, so that the same parts give the same
// numbers. Parts side by side cost what the slowest does, and a sum's worst case is not the sum of worst cases.
import type { Timing } from "./accountTiming";

/** A part, parts one after the other, or parts side by side. */
export type Steps = { part: string; timing: Timing } | { series: Steps[] } | { parallel: Steps[] };

export interface Prediction {
    /** Seconds */
    p50: number;
    p90: number;
    /** The part that the procedure waits for longest, on the average, and for how long. */
    largest?: { part: string; seconds: number };
}

const draws = 4_000;

export function predict(steps: Steps): Prediction {
    const random = chance(20_261_129);
    const waits = new Map<string, number>();
    const totals: number[] = [];
    for (let draw = 0; draw < draws; draw++) {
        const { seconds, critical } = drawn(steps, random);
        totals.push(seconds);
        for (const [part, own] of critical) waits.set(part, (waits.get(part) ?? 0) + own);
    }
    totals.sort((a, b) => a - b);
    const [largest] = [...waits].sort(([, a], [, b]) => b - a);
    return {
        p50: totals[Math.floor(draws * 0.5)],
        p90: totals[Math.floor(draws * 0.9)],
        ...(largest && { largest: { part: largest[0], seconds: largest[1] / draws } }),
    };
}

/** One go: how long, and what of it was waited for. */
function drawn(steps: Steps, random: () => number): { seconds: number; critical: [string, number][] } {
    if ("part" in steps) {
        const seconds = draw(steps.timing, random);
        return { seconds, critical: [[steps.part, seconds]] };
    }
    if ("series" in steps) {
        const parts = steps.series.map((part) => drawn(part, random));
        return {
            seconds: parts.reduce((sum, { seconds }) => sum + seconds, 0),
            critical: parts.flatMap(({ critical }) => critical),
        };
    }
    const parts = steps.parallel.map((part) => drawn(part, random));
    return parts.reduce((slowest, part) => (part.seconds > slowest.seconds ? part : slowest), {
        seconds: 0,
        critical: [],
    });
}

/** Of nine times of ten being so many standard deviations from half of them. */
const deviationsOfP90 = 1.2815515655446004;

/** Log-normal through p50 and p90, as durations of services are. */
function draw({ p50, p90, stuck }: Timing, random: () => number): number {
    const hangs = random();
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    if (stuck && hangs < stuck.share) {
        return stuck.seconds;
    }
    return p50 === 0 ? 0 : p50 * Math.exp((normal * Math.log(p90 / p50)) / deviationsOfP90);
}

/** Numbers from 0 to 1 that are the same each time (the generator is called mulberry32). */
function chance(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
}
