// What a window is closed for beyond the products' own stops and starts, and which volumes are captured for it. Does not prove how long that takes
// (make window-figures).
import assert from "node:assert/strict";
import { beyondOf, goalOf, judged, median } from "../../../../lab/measures/beyond";
import type { BeyondRow } from "../../../../lab/measures/results";
import { cases, chosenVolumes, throttling } from "../../../../lab/measures/windowFigures";

const phase = (stop: number, proveQuiet: number, request: number, start: number) => ({
    ...{ stop, proveQuiet, request, start },
});
// As docs/performance.md had them: Connect is closed first and opened last.
const window = {
    packageManager: phase(0.21, 0.06, 2.1, 0.15),
    workbench: phase(0.04, 0.08, 2.48, 0.22),
    connect: phase(0.06, 0.07, 2.84, 0.23),
};

describe("what a window is closed for beyond stop and start", () => {
    it("is the whole window less the stops and starts of all three", () => {
        assert.equal(beyondOf(window).toFixed(2), "2.29");
    });

    it("is held against three seconds, and four where calls are held back", () => {
        const row = (throttled: boolean, longest: number): BeyondRow => ({
            ...{ volumes: 4, timing: "aws", throttled },
            windows: [window, { connect: phase(1, 0, longest, 1) }],
        });
        assert.deepEqual([goalOf(row(false, 1)), goalOf(row(true, 1))], [3, 4]);
        assert.equal(judged(row(false, 3)).verdict, "held");
        assert.equal(judged(row(false, 3.1)).verdict, "not held in 1 of 2");
        assert.equal(judged(row(true, 3.1)).verdict, "held");
        assert.equal(judged(row(true, 3.5)).longest, 3.5);
        assert.equal(judged(row(true, 3.5)).median.toFixed(2), "2.90");
    });

    it("has a median of one, of an odd and of an even number", () => {
        assert.deepEqual([median([3]), median([3, 1, 2]), median([4, 1, 2, 3])], [3, 2, 2.5]);
    });

    it("is measured by a quick cloud first, by AWS's timing, and by one that holds calls back", () => {
        assert.deepEqual(
            cases.map(({ timing, throttled }) => `${timing} ${throttled}`),
            ["fast false", "aws false", "aws true"],
        );
        assert.ok(throttling.every(({ by, refuses, everyOther }) => by === "provider" && refuses && everyOther));
    });
});

describe("the volumes that are captured", () => {
    const volumes = (...ids: string[]) => ({
        dataVolumes: ids.map((volumeId) => ({ volumeId, mount: `/${volumeId}` })),
    });
    const hosts = {
        packageManager: volumes("p1", "p2", "p3", "p4"),
        // Two places on its first volume.
        workbench: {
            dataVolumes: [
                { volumeId: "w1", mount: "/home", folder: "/home" },
                ...volumes("w1", "w2", "w3", "w4").dataVolumes,
            ],
        },
        connect: volumes("c1", "c2", "c3", "c4"),
    };
    const chosen = (count: number) =>
        Object.values(chosenVolumes(hosts, count)).map((places) => places.map(({ volumeId }) => volumeId).join(" "));

    it("are one a host, one more, and all", () => {
        assert.deepEqual(chosen(3), ["p1", "w1 w1", "c1"]);
        assert.deepEqual(chosen(4), ["p1 p2", "w1 w1", "c1"]);
        assert.deepEqual(chosen(12), ["p1 p2 p3 p4", "w1 w1 w2 w3 w4", "c1 c2 c3 c4"]);
    });

    it("are not fewer than asked for", () => {
        assert.throws(() => chosen(13), /There are 12 volumes, not 13/);
    });
});
