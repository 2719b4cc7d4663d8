// What today's program does that AWS would refuse, or answer otherwise: exactly this is found. What is mended is taken away here.
import type { Finding } from "./findings";

interface Known {
    rule: string;
    about: string;
    /** Of the audit. */
    finding: string;
    /** By configuration (configurations.ts). */
    configurations: string[];
}

export const known: Known[] = [];

/** By a production's servers (replay/sources.ts). */
export const knownReplays: Known[] = [];

/** Without the step and the resource: one mend takes all of them away. */
export function keyOf({ stack, rule, about }: Finding): string {
    return `${stack.replace(/-\d-.*/, "")}: ${rule}: ${about}`;
}

export function expectedOf(list: Known[]): string[] {
    return list
        .flatMap(({ rule, about, configurations }) => configurations.map((one) => `${one}: ${rule}: ${about}`))
        .sort();
}

/** In a state of any other configuration: by what it is found for, not where. */
export function isKnown({ rule }: Finding): boolean {
    return [...known, ...knownReplays].some((one) => one.rule === rule);
}
