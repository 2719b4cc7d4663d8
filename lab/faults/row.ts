// One row of the fault bench: what is tried, about how long that takes, and what came of it.
import type { Bench } from "./bench/bench";

/** "none": nothing was closed, the token may still be used. */
export type Fate = "complete" | "void" | "none";
/** Of a move of the names: the side that serves in the end. */
export type SideName = "old" | "new";

export interface FaultRow {
    fault: string;
    what: string;
    /** How long users waited longer than they must, or, of a move, for the longest time. */
    closedBeyondSeconds: number;
    outcome: Fate | `${SideName} serves` | "unknown";
    dataIntact: boolean;
    passed: boolean;
    problems: string[];
    /** Of the whole row. */
    seconds: number;
}

export type Tried = Omit<FaultRow, "fault" | "what" | "passed" | "seconds">;

export interface Row {
    name: string;
    what: string;
    /** About, on two cores. */
    seconds: number;
    /** `window` is how long a capture without fault keeps production closed, seconds. */
    attempt(bench: Bench, window: number): Promise<Tried>;
}

/** What the bench itself could not go through with is a failed row; the next one is tried all the same. */
export async function tryRow({ name, what, attempt }: Row, bench: Bench, window: number): Promise<FaultRow> {
    const began = Date.now();
    const tried = await attempt(bench, window).catch((error: Error): Tried => ({
        closedBeyondSeconds: 0,
        outcome: "unknown",
        dataIntact: false,
        problems: [`the bench could not try it: ${error.message}`],
    }));
    const seconds = (Date.now() - began) / 1000;
    return { fault: name, what, ...tried, passed: tried.problems.length === 0, seconds };
}
