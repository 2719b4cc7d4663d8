// One piece of work that is struck again and again, each run going on where the one before it was ended. A moment that did not strike proves nothing:
// a run that was over before it is begun anew, and what never struck is told.

/** What came of one run that was to be struck. */
export interface Attempt {
    struck: boolean;
    code: number;
    seconds: number;
    /** Why it failed by itself, if it did. */
    said: string;
}

export interface Series<Moment> {
    moments: Moment[];
    nameOf(moment: Moment): string;
    /** Of a run that nobody strikes, about. */
    seconds: number;
    /** `length`: seconds that the run has from its begin to its end, as far as is known by now. */
    strike(moment: Moment, length: number): Promise<Attempt>;
    /** Takes back what was done, so that a run has all to do again. */
    anew(): Promise<void>;
}

/** Of each run, before it comes to something that the one before it has not done: the engine, the program, its look-ups. */
const startSeconds = 5;
const tries = 3;

/** Answers what is wrong; with nothing wrong every moment has struck. */
export async function strikeAll<Moment>(series: Series<Moment>): Promise<string[]> {
    const { moments, nameOf, strike, anew } = series;
    const problems: string[] = [];
    let length = series.seconds;
    let struck = 0;
    for (const moment of moments) {
        for (let tried = 1; tried <= tries; tried++) {
            const { code, seconds, said, ...came } = await strike(moment, length);
            if (came.struck) {
                struck += 1;
                length = Math.max(startSeconds + 1, length - seconds + startSeconds);
                break;
            }
            if (code !== 0) return [...problems, ...short(struck, moments), `a resumed run fails by itself: ${said}`];
            if (tried === tries) problems.push(`${nameOf(moment)}: the run was over before it, ${tries} times`);
            await anew();
            // All is to do again: that takes at least as long as what was left of it.
            length = seconds;
        }
    }
    return [...short(struck, moments), ...problems];
}

function short(struck: number, { length }: unknown[]): string[] {
    return struck === length ? [] : [`only ${struck} of ${length} strikes came`];
}

/** Seconds after the begin of a run of that length: never before the engine is there, nor so late that a faster one is over. */
export const randomSecond = (length: number, chance: number): number => 3 + (length * 0.8 - 3) * chance;
