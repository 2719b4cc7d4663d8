// Draws from the table of timings. The same seed draws the same, so that one installation is told one prediction.
import type { AwsTiming } from "./timing";

/** From 0 to 1, without either. */
type Chance = () => number;

/** Of a normal distribution: nine tenths lie below. */
const z90 = 1.2816;

/** Mulberry32: 32 bits of state are plenty for some thousand draws. */
export function chances(seed: number): Chance {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
    };
}

/** Log-normal through p50 and p90: durations have a long end on one side. In the row's own unit. */
export function drawn({ p50, p90, stuck }: AwsTiming, chance: Chance): number {
    const [hangs, one, other] = [chance(), chance(), chance()];
    if (stuck && hangs < stuck.probability) {
        return stuck.seconds;
    }
    const normal = Math.sqrt(-2 * Math.log(one)) * Math.cos(2 * Math.PI * other);
    return p50 * Math.exp((Math.log(p90 / p50) / z90) * normal);
}

/** Of things that happen side by side; 0 of none. */
export function longestOf<T>(things: T[], seconds: (thing: T) => number): number {
    return Math.max(0, ...things.map(seconds));
}

export interface Spread {
    p50: number;
    p90: number;
}

/** Of values in any order. */
export function spreadOf(values: number[]): Spread {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return { p50: at(0.5), p90: at(0.9) };
}
