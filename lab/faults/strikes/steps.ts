// The named steps of a move of the names, as seen from outside: flags on the hosts, records in the zone, the engine's own lines.
import { productIds, type ProductId } from "../../../products/ids";
import { products } from "../../../products";
import { callCloud } from "../../cloud/client";
import { hostScript } from "../../hostScript";
import { publicNames } from "../../legacy/world";
import { onHost } from "../../ssh";
import type { Bench } from "../bench/bench";
import { environmentOf } from "../bench/environment";
import type { SideName } from "../row";
import { otherSide } from "../bench/serves";

export const moveSteps = [
    "begun",
    "first-down",
    "last-down",
    "first-up",
    "last-up",
    "healthy",
    "first-record",
    "last-record",
] as const;
export type MoveStep = (typeof moveSteps)[number];

/** For the reader of the table. */
export const stepNames: Record<SideName, Record<MoveStep, string>> = {
    new: {
        begun: "before the first retire",
        "first-down": "after the first retire",
        "last-down": "after the last retire",
        "first-up": "after the first open",
        "last-up": "after the last open",
        healthy: "after health was asked",
        "first-record": "after the first record",
        "last-record": "after the last record, before the exit",
    },
    old: {
        begun: "before the first close",
        "first-down": "after the first close",
        "last-down": "after the last close",
        "first-up": "after the first revive",
        "last-up": "after the last revive",
        healthy: "after health was asked",
        "first-record": "after the first record",
        "last-record": "after the last record, before the exit",
    },
};

/** The engine's lines of the run as they come. */
export interface Lines {
    take(line: string): void;
    /** So many different lines that match. */
    await(wanted: RegExp, count: number): Promise<void>;
}

export function listenToLines(): Lines {
    const seen: string[] = [];
    const waiting: { wanted: RegExp; count: number; tell: () => void }[] = [];
    const matches = (wanted: RegExp) => seen.filter((line) => wanted.test(line)).length;
    return {
        take(line) {
            seen.push(line);
            for (const { wanted, count, tell } of waiting) if (matches(wanted) >= count) tell();
        },
        await: (wanted, count) =>
            new Promise((resolve) => {
                if (matches(wanted) >= count) resolve();
                else waiting.push({ wanted, count, tell: resolve });
            }),
    };
}

/** Ends when a move to that side has come to that step. */
export async function reached(bench: Bench, to: SideName, step: MoveStep, lines: Lines): Promise<unknown> {
    const down = (product: ProductId, untilDown = false) => flagged(bench, otherSide(to), to, product, untilDown);
    const up = (product: ProductId) => flagged(bench, to, to, product, false);
    switch (step) {
        case "begun":
            return Promise.race([lines.await(/Stack .*running/, 1), anyOf(productIds.map((product) => down(product)))]);
        case "first-down":
            return anyOf(productIds.map((product) => down(product)));
        case "last-down":
            return Promise.all(productIds.map((product) => down(product, true)));
        case "first-up":
            return up(productIds[0]);
        case "last-up":
            return Promise.all(productIds.map(up));
        case "healthy":
            return Promise.race([
                lines.await(/-health-\S+ (created|updated|replaced)/, productIds.length),
                recordsMoved(bench, to, 1),
            ]);
        case "first-record":
            return recordsMoved(bench, to, 1);
        case "last-record":
            return recordsMoved(bench, to, productIds.length);
    }
}

/** The first that comes true; those that never do are of no interest. */
function anyOf(conditions: Promise<unknown>[]): Promise<unknown> {
    return Promise.any(conditions);
}

/** A host of `side` has begun its part of a move to `to`; with `untilDown` its units have ended too. */
async function flagged(
    bench: Bench,
    side: SideName,
    to: SideName,
    product: ProductId,
    untilDown: boolean,
): Promise<void> {
    const { hosts } = await environmentOf(bench);
    // Old hosts carry "retired" while the new side serves, new ones "serving".
    const flag = side === "old" ? "retired" : "serving";
    const script = hostScript(["faults/strikes/scripts/awaitFlag"], {
        FLAG: flag,
        GONE: to === "new" ? "0" : "1",
        DOWN_UNITS: untilDown ? products[product].units.join(" ") : "",
    });
    await onHost(hosts[side][product], script);
}

async function recordsMoved(bench: Bench, to: SideName, count: number): Promise<void> {
    const { hosts } = await environmentOf(bench);
    const moved = async () => {
        const { records } = await callCloud("ListRecordSets", { zoneId: bench.facts.zoneId });
        return productIds.filter((product) =>
            records.some(
                ({ name, records: values }) =>
                    name === publicNames[product] && values.join() === hosts[to][product].address,
            ),
        ).length;
    };
    for (const until = Date.now() + 120_000; (await moved()) < count;) {
        if (Date.now() > until) throw new Error(`${count} records never led to the ${to} side.`);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}
