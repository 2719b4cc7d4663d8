// Looks at the cloud while production is closed, against a bucket as AWS's documentation describes it, which others use too. Does not prove that
// AWS's bucket is that one.
import assert from "node:assert/strict";
import { firstPause, fullBudget, nextPause, take } from "../../../../logic/capture/looks";

interface Scene {
    volumes: number;
    /** Questions a second that others ask. */
    others: number;
    /** Of AWS's bucket when production is closed. */
    left?: number;
    /** When the last snapshot is visible, s; the others come one after the other before it. */
    visible: number;
}

/** One answer takes 200 ms (guessed in aws-timing), those of one look come side by side. */
const latency = 200;

/** Plays one closed window; answers its end, and what was asked. */
function play({ volumes, others, left = 100, visible }: Scene) {
    let [now, bucket, filled, pause] = [0, left, 0, firstPause];
    let [refused, asked] = [0, 0];
    let budget = fullBudget(0);
    const seen = new Set<number>();
    const question = (): boolean => {
        bucket = Math.min(100, Math.max(0, bucket + ((now - filled) / 1000) * (20 - others)));
        filled = now;
        asked++;
        if (bucket < 1) {
            refused++;
            return false;
        }
        bucket--;
        return true;
    };
    while (seen.size < volumes && now < 60_000) {
        const before = refused;
        const ids = take(budget, 1, now);
        budget = ids.left;
        if (ids.granted === 1 && question()) {
            const there = Array.from({ length: volumes }, (_, index) => index).filter(
                (index) => (visible * 1000 * (index + 1)) / volumes <= now && !seen.has(index),
            );
            const each = take(budget, there.length, now);
            budget = each.left;
            there.slice(0, each.granted).forEach((index) => void (question() && seen.add(index)));
        }
        now += 2 * latency;
        if (seen.size === volumes) break;
        now += pause;
        pause = nextPause(pause, { waited: now, failed: refused > before });
    }
    return { seconds: now / 1000, refused, perSecond: asked / (now / 1000) };
}

describe("looks at the cloud in a closed window", () => {
    for (const volumes of [1, 4, 12]) {
        it(`of ${volumes} volumes are never refused, also where others use half of the bucket, or left a third of it`, () => {
            for (const others of [0, 10]) {
                for (const left of [100, 33]) {
                    for (const visible of [0.5, 3, 30]) {
                        const { refused, perSecond } = play({ volumes, others, left, visible });
                        assert.equal(refused, 0, JSON.stringify({ others, left, visible }));
                        // The window's own part, the first burst apart.
                        if (visible === 30) assert.ok(perSecond < 3, `${perSecond} a second`);
                    }
                }
            }
        });

        it(`of ${volumes} volumes see the last one soon: within a second at first, and two when it took long`, () => {
            for (const [visible, within] of [
                [0.5, 1],
                [3, 1.1],
                [30, 1.9],
            ]) {
                const { seconds } = play({ volumes, others: 10, visible });
                assert.ok(seconds - visible < within, `${seconds} s for ${visible} s`);
            }
        });
    }

    it("keep to the budget, whatever number of snapshots comes at once, and fill it again", () => {
        const first = take(fullBudget(0), 80, 0);
        assert.equal(first.granted, 50);
        assert.equal(take(first.left, 30, 0).granted, 0);
        assert.equal(take(first.left, 30, 1_000).granted, 10);
        assert.equal(take(first.left, 80, 60_000).granted, 50);
        // A clock that is set back gives nothing away.
        assert.equal(take(first.left, 1, -60_000).granted, 0);
    });

    it("come less often once it takes long, and back off from failures, for no longer than they go on", () => {
        const after = (pause: number, waited: number, failed = false) => nextPause(pause, { waited, failed });
        assert.equal(after(firstPause, 1_000), firstPause);
        assert.equal(after(firstPause, 6_000), 325);
        assert.equal(after(900, 60_000), 1_000);
        assert.equal(after(firstPause, 1_000, true), 500);
        assert.equal(after(3_000, 1_000, true), 4_000);
        assert.ok(after(4_000, 6_000) <= 1_000);
        assert.equal(after(500, 1_000), firstPause);
    });
});
