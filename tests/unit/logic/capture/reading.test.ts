// When production is read anew. Not that the engine then reads it, nor that it leaves it alone otherwise (tests/program, the rehearsal).
import assert from "node:assert/strict";
import { readingOf } from "../../../../logic/capture/reading";

const now = new Date("2026-11-28T12:00:00Z");
const later = new Date("2026-11-28T12:01:00Z");
type Captures = Parameters<typeof readingOf>[0];
type Found = Parameters<typeof readingOf>[1];
const carried: Found = [{ verdict: "supported" }, { verdict: "declare" }];
const refused: Found = [...carried, { verdict: "refused" }];

describe("production is read anew", () => {
    const table: [string, Captures, Found, boolean][] = [
        ["by a run that begins a capture", [{ token: "a", kind: "begin" }], [], true],
        [
            "by one that begins a second capture",
            [
                { token: "a", kind: "adopt" },
                { token: "b", kind: "begin" },
            ],
            [],
            true,
        ],
        ["by one that begins it again after it was refused", [{ token: "a", kind: "begin" }], refused, true],
        ["while something is refused and no capture is there", [], refused, true],
        ["while something is refused and a capture waits", [{ token: "a", kind: "waiting" }], refused, true],
        ["not by a run that adopts one", [{ token: "a", kind: "adopt" }], [], false],
        ["not by a run that adopts one, whatever was refused", [{ token: "a", kind: "adopt" }], refused, false],
        ["not where one is void: it may have been final", [{ token: "a", kind: "void" }], refused, false],
        ["not while nothing is refused", [], carried, false],
        ["not before anything was read", [], [], false],
    ];
    for (const [when, captures, last, anew] of table) {
        it(when, () => {
            const reading = readingOf(captures, last, now);
            assert.equal(reading !== undefined, anew);
            assert.equal(readingOf(captures, last, later) === reading, !anew, "each time another word");
        });
    }
});
