// Strikes that follow each other: each must come, or the row says which did not.
import assert from "node:assert/strict";
import { type Attempt, randomSecond, strikeAll } from "../../../../lab/faults/strikes/series";

const killed: Attempt = { struck: true, code: -1, seconds: 10, said: "" };
const over: Attempt = { struck: false, code: 0, seconds: 7, said: "" };
const failed: Attempt = { struck: false, code: 255, seconds: 7, said: "DBInstanceAlreadyExists" };

/** Each run ends as the list has it, the last of it for ever. */
function series(...ends: Attempt[]) {
    const asked: [string, number][] = [];
    let anew = 0;
    const answer = strikeAll({
        moments: ["a", "b", "c"],
        nameOf: (moment) => `at ${moment}`,
        seconds: 30,
        strike: async (moment, length) => {
            asked.push([moment, length]);
            return ends[Math.min(asked.length, ends.length) - 1];
        },
        anew: async () => void (anew += 1),
    });
    return answer.then((problems) => ({ problems, asked, anew }));
}

describe("strikes that follow each other", () => {
    it("are nothing to tell of where each came, and know that less is left after each", async () => {
        const { problems, asked, anew } = await series(killed);
        assert.deepEqual(problems, []);
        assert.deepEqual(asked, [
            ["a", 30],
            ["b", 25],
            ["c", 20],
        ]);
        assert.equal(anew, 0);
    });

    it("begin anew after a run that was over too early, and strike within what that one took", async () => {
        const { problems, asked, anew } = await series(killed, over, killed);
        assert.deepEqual(problems, []);
        assert.deepEqual(asked.slice(1), [
            ["b", 25],
            ["b", 7],
            ["c", 6],
        ]);
        assert.equal(anew, 1);
    });

    it("are told with their number where one never came, or none", async () => {
        const none = await series(over);
        assert.match(none.problems.join("; "), /^only 0 of 3 strikes came; at a: the run was over before it, 3 times/);
        assert.equal(none.anew, 9);
        const { problems } = await series(killed, over, over, over, killed);
        assert.deepEqual(problems, ["only 2 of 3 strikes came", "at b: the run was over before it, 3 times"]);
    });

    it("end with a run that fails by itself, in its words", async () => {
        const { problems, asked } = await series(killed, failed);
        assert.deepEqual(problems, [
            "only 1 of 3 strikes came",
            "a resumed run fails by itself: DBInstanceAlreadyExists",
        ]);
        assert.equal(asked.length, 2);
    });

    it("never wait longer than the run is on, wherever chance leads", () => {
        for (const length of [6, 7, 30]) {
            for (const chance of [0, 0.5, 1]) {
                const second = randomSecond(length, chance);
                assert.ok(second >= 3 && second <= length * 0.8, `${length} ${chance}: ${second}`);
            }
        }
    });
});
