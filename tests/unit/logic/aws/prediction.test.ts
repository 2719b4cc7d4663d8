// Predictions from published durations: the table of those, the sums made of them, and what somebody else's simulation of the same procedure found.
import assert from "node:assert/strict";
import { predict, Steps } from "../../../../logic/aws/prediction";
import { cutoverSteps, MovedSizes, restoreSteps, warmUpSteps, windowSteps } from "../../../../logic/aws/procedures";
import { atRate, rates, Timing, timings } from "../../../../logic/aws/accountTiming";

const fixed = (seconds: number): Timing => ({ p50: seconds, p90: seconds, rank: "assumed", source: "this test" });
const part = (name: string, timing: Timing): Steps => ({ part: name, timing });

describe("durations of AWS", () => {
    it("have a source, and get no shorter when it takes long", () => {
        for (const [name, { p50, p90, source }] of Object.entries(timings)) {
            assert.ok(p50 > 0 && p90 >= p50 && source.length > 5, name);
        }
        for (const [name, { usual, slow, source }] of Object.entries(rates)) {
            assert.ok(slow > 0 && usual >= slow && source.length > 5, name);
        }
    });

    it("grow with what is copied", () => {
        assert.deepEqual(
            [atRate(1, rates.laterSnapshot).p50, atRate(1, rates.laterSnapshot).p90].map(Math.round),
            [85, 128],
        );
    });
});

describe("a prediction", () => {
    it("adds what comes one after the other, and takes the slowest of what goes side by side", () => {
        const steps: Steps = {
            series: [
                part("a", fixed(10)),
                { parallel: [part("b", fixed(20)), { series: [part("c", fixed(25)), part("d", fixed(5))] }] },
            ],
        };
        assert.deepEqual(predict(steps), { p50: 40, p90: 40, largest: { part: "c", seconds: 25 } });
        assert.deepEqual(predict({ series: [] }), { p50: 0, p90: 0 });
    });

    it("has a part's own numbers, and is the same each time", () => {
        const timing: Timing = { p50: 100, p90: 300, rank: "measured", source: "this test" };
        const { p50, p90 } = predict(part("a", timing));
        assert.ok(Math.abs(p50 - 100) < 5 && Math.abs(p90 - 300) < 20, `${p50} ${p90}`);
        assert.deepEqual(predict(part("a", timing)), predict(part("a", timing)));
    });

    it("is no sum of worst cases", () => {
        const timing: Timing = { p50: 100, p90: 200, rank: "measured", source: "this test" };
        const { p90 } = predict({ series: Array.from({ length: 4 }, () => part("a", timing)) });
        assert.ok(p90 < 700, String(p90));
    });

    it("knows that something hangs once in a while", () => {
        const stuck = { share: 0.2, seconds: 5000 };
        assert.equal(predict(part("a", { ...fixed(10), stuck })).p90, 5000);
        assert.equal(predict(part("a", { ...fixed(10), stuck: { ...stuck, share: 0.02 } })).p90.toFixed(0), "10");
    });
});

describe("the procedures", () => {
    const sizes = (more: Partial<MovedSizes>): MovedSizes => ({
        volumes: ["a", "b", "c", "d"].map((id) => ({ id, used: 125, hasSnapshot: true })),
        servers: [{ server: "db", size: 20 }],
        dumps: [],
        method: "pointInTime",
        records: true,
        ...more,
    });
    const minutes = (steps: Steps) => {
        const { p50, p90, largest } = predict(steps);
        return { p50: p50 / 60, p90: p90 / 60, largest: largest?.part };
    };

    it("take as long as a simulation of the same from the same sources said", () => {
        const rows: [Partial<MovedSizes>, number][] = [
            [{}, 33],
            [{ method: "snapshot" }, 24],
            [{ servers: [], dumps: [{ of: "x", size: 2 }] }, 12],
            [{ servers: [], dumps: [{ of: "x", size: 5 }] }, 14.4],
        ];
        for (const [more, expected] of rows) {
            const { p50, p90 } = minutes(cutoverSteps(sizes(more)));
            assert.ok(Math.abs(p50 - expected) < 0.2 * expected, `${p50} instead of ${expected}`);
            assert.ok(p90 > p50 && p90 < 3 * p50, `${p50} ${p90}`);
        }
    });

    it("name what is waited for most", () => {
        assert.equal(minutes(cutoverSteps(sizes({}))).largest, "restore of db");
        assert.equal(minutes(windowSteps(sizes({ method: "snapshot" }))).largest, "snapshot of db");
        assert.match(minutes(restoreSteps(sizes({ servers: [] }))).largest ?? "", /repairs/);
    });

    it("wait for the biggest volume that has no snapshot yet, and go by the last one where there is one", () => {
        const volume = { id: "a", used: 100, hasSnapshot: true };
        const warmUp = (volumes: MovedSizes["volumes"]) => minutes(warmUpSteps(sizes({ volumes }))).p50;
        const [later, first, known] = [
            warmUp([volume]),
            warmUp([{ ...volume, hasSnapshot: false }]),
            warmUp([{ ...volume, lastSnapshot: 120 }]),
        ];
        assert.ok(first > 3 * later, `${first} ${later}`);
        assert.ok(Math.abs(known - 2) < 0.2, String(known));
    });

    it("close production for a snapshot of a server, and for a dump by its size", () => {
        const closed = (more: Partial<MovedSizes>) => predict(windowSteps(sizes(more))).p50;
        assert.ok(closed({ method: "snapshot" }) > closed({}) + 60);
        const dumped = (size: number) => closed({ servers: [], dumps: [{ of: "x", size }] });
        assert.ok(dumped(20) > 5 * dumped(2) && dumped(20) > 300, `${dumped(20)} ${dumped(2)}`);
    });
});
