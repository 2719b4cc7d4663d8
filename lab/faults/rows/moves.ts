// The move of the names, struck at every named step and at random seconds: the engine gets SIGKILL, `make recover` is run, and then either
// the same commit again or its revert. Rows follow each other forward and back on the same two sides.
import { step } from "../../progress";
import type { Bench } from "../bench/bench";
import { cloud, type Mend, signalEngine, standStill, type Strike } from "../strikes/breakages";
import { environmentOf, move } from "../bench/environment";
import { forgetMoves } from "../bench/forgetting";
import { makeRecover } from "../bench/operator";
import type { Row, SideName, Tried } from "../row";
import { otherSide, proveServing } from "../bench/serves";
import { listenToLines, type MoveStep, moveSteps, reached, stepNames } from "../strikes/steps";
import { compareData } from "../bench/trial";

type When = { step: MoveStep } | { random: number };

interface Struck {
    to: SideName;
    when: When;
    with: Strike;
    /** What the operator does then: the same commit once more, or its revert. Nothing where the run goes on by itself. */
    then: "rerun" | "revert" | "nothing";
}

/** The side that a row begins from must serve as it should, or the row would prove nothing. */
export async function bring(bench: Bench, side: SideName): Promise<void> {
    const environment = await environmentOf(bench);
    // What a row has just proved need not be proved again by the next one.
    const before = environment.proved;
    environment.proved = undefined;
    if (before === side || (await servesQuietly(bench, side))) return;
    for (const to of [side, otherSide(side), side]) {
        const { code } = await step(`The bench moves to the ${to} side`, () => move(bench, to));
        if (to === side && code === 0 && (await servesQuietly(bench, side))) return;
    }
    throw new Error(`the ${side} side does not serve as it should, so nothing can be tried`);
}

/** The last proof of a row: that side serves, and the next row may begin from there. */
export async function proved(bench: Bench, side: SideName, problems: string[]): Promise<void> {
    const wrong = await proveServing(bench, side);
    problems.push(...wrong);
    (await environmentOf(bench)).proved = wrong.length === 0 ? side : undefined;
}

async function servesQuietly(bench: Bench, side: SideName): Promise<boolean> {
    const wanted = side === "new" ? "object" : "string";
    if (typeof bench.stacks.prod.values["posit:serve"] !== wanted) return false;
    return (await proveServing(bench, side)).length === 0;
}

async function tryMove(bench: Bench, struck: Struck): Promise<Tried> {
    const { to, then } = struck;
    const problems: string[] = [];
    await bring(bench, otherSide(to));
    // A first `serve` knows of no move before it; those at random seconds do.
    if (to === "new" && "step" in struck.when) await forgetMoves(bench);
    const began = Date.now();
    const code = await struckInTime(bench, struck, problems);
    if (then === "nothing") {
        // It may have gone through, or failed: the operator runs it again.
        if (code !== 0) await step("The same commit again", () => move(bench, to));
    } else {
        await makeRecover(bench);
    }
    const end = then === "revert" ? otherSide(to) : to;
    if (then !== "nothing") {
        const words = then === "rerun" ? "The same commit again" : "The commit is reverted";
        const result = await step(words, () => move(bench, end));
        if (result.code !== 0) problems.push(`${words.toLowerCase()}: pulumi up fails: ${lastWords(result.stdout)}`);
    }
    await proved(bench, end, problems);
    const dataIntact = await compareData(bench, `${to} ${JSON.stringify(struck.when)}`, problems);
    return { closedBeyondSeconds: longestOutage(bench, began), outcome: `${end} serves`, dataIntact, problems };
}

/** A random second may lie behind the end of a run that is faster than the one that was measured: then it is tried again with its time. */
async function struckInTime(bench: Bench, struck: Struck, problems: string[]): Promise<number> {
    for (let tries = 1; ; tries++) {
        const began = Date.now();
        const { code, came, said } = await moveStruck(bench, struck);
        if (came) return code;
        if ("step" in struck.when || tries === 3) {
            problems.push(`the run ended before the strike: ${lastWords(said)}`);
            return code;
        }
        const environment = await environmentOf(bench);
        environment.moveSeconds = (Date.now() - began) / 1000;
        await bring(bench, otherSide(struck.to));
    }
}

async function moveStruck(bench: Bench, struck: Struck): Promise<{ code: number; came: boolean; said: string }> {
    const { to, when } = struck;
    const lines = listenToLines();
    const mends: Mend[] = [];
    const striking: { begun?: Promise<unknown>; over?: boolean; came?: boolean } = {};
    if ("step" in when && when.step === "first-record") mends.push(await recordsApart(bench));
    try {
        const result = await step(`To the ${to} side, struck ${wordsOf(to, when)}`, () =>
            move(
                bench,
                to,
                (pid) => {
                    striking.begun = comeTo(bench, to, when, lines).then(async () => {
                        if (striking.over) return;
                        striking.came = true;
                        mends.push(await struck.with(bench, pid));
                    });
                    striking.begun.catch(() => undefined);
                },
                lines.take,
            ),
        );
        striking.over = true;
        if (striking.came) await striking.begun;
        return { code: result.code, came: striking.came === true, said: result.stdout };
    } finally {
        for (const mend of mends.reverse()) await mend();
    }
}

/** One after the other, so that there is a while in which some have moved and some have not. */
const recordsApart = cloud({ action: "ChangeRecordSet", skip: 1, delayMilliseconds: 1500 });

async function comeTo(
    bench: Bench,
    to: SideName,
    when: When,
    lines: ReturnType<typeof listenToLines>,
): Promise<unknown> {
    if ("step" in when) return reached(bench, to, when.step, lines);
    const { moveSeconds } = await environmentOf(bench);
    return new Promise((resolve) => setTimeout(resolve, moveSeconds * 1000 * chance(bench.seed, when.random)));
}

/** A number from 0 to 1 that the seed decides (mulberry32); the same for a row whatever ran before it. */
export function chance(seed: number, index: number): number {
    let state = (seed + index * 0x6d2b79f5) | 0;
    state = Math.imul(state ^ (state >>> 15), state | 1);
    state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
    return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
}

function wordsOf(to: SideName, when: When): string {
    return "step" in when ? stepNames[to][when.step] : "at a random second";
}

/** Of an `up` that failed: its diagnostics, in one line. */
export function lastWords(text: string): string {
    const diagnostics = text.indexOf("Diagnostics:");
    return (diagnostics >= 0 ? text.slice(diagnostics + 12) : text)
        .replace(/^ *(pulumi:.*|warning: .*)$/gm, "")
        .trim()
        .replace(/\s+/g, " ")
        .slice(0, 600);
}

export function longestOutage(bench: Bench, since: number): number {
    const outages = bench.client.outages().filter(({ to = Infinity }) => to > since);
    return Math.max(0, ...outages.map(({ from, to = Date.now() }) => (to - Math.max(from, since)) / 1000));
}

const killed = signalEngine("SIGKILL");
const afterwards = { rerun: "run again", revert: "reverted" } as const;

function row(name: string, to: SideName, when: When, then: "rerun" | "revert"): Row {
    const move = to === "new" ? "`serve`" : "the way back";
    return {
        name,
        what: `${move}: SIGKILL ${wordsOf(to, when)}, then ${afterwards[then]}`,
        seconds: 27,
        attempt: (bench) => tryMove(bench, { to, when, with: killed, then }),
    };
}

/** In an order in which each begins where the one before it ended: new, new, old, old, new. */
const fourWays = (key: string, whens: When[]): Row[] => [
    row(`back-${key}-then-forward`, "old", whens[0], "revert"),
    row(`back-${key}`, "old", whens[1], "rerun"),
    row(`revert-${key}`, "new", whens[2], "revert"),
    row(`serve-${key}`, "new", whens[3], "rerun"),
];

export const moveRows: Row[] = [
    ...moveSteps.flatMap((step) => fourWays(step, [{ step }, { step }, { step }, { step }])),
    ...[1, 2].flatMap((turn) =>
        fourWays(
            `random-${turn}`,
            [0, 1, 2, 3].map((way) => ({ random: turn * 4 + way })),
        ),
    ),
    {
        name: "back-still",
        what: "the way back: the whole run stands still for 12 s after the first revive",
        seconds: 45,
        attempt: (bench) =>
            tryMove(bench, { to: "old", when: { step: "first-up" }, with: standStill(12), then: "nothing" }),
    },
    {
        name: "serve-still",
        what: "`serve`: the whole run stands still for 12 s after the first open",
        seconds: 45,
        attempt: (bench) =>
            tryMove(bench, { to: "new", when: { step: "first-up" }, with: standStill(12), then: "nothing" }),
    },
];
