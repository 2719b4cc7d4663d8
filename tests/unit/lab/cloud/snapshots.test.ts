// When a snapshot completes and how one is found.
import * as assert from "node:assert/strict";
import fc from "fast-check";
import { changedBytes, parseExtents } from "../../../../lab/cloud/machines/extents";
import type { Extent } from "../../../../lab/cloud/machines/extents";
import type { SnapshotRecord } from "../../../../lab/cloud/machines/records";
import { matches, view } from "../../../../lab/cloud/machines/snapshots";
import { completionMilliseconds } from "../../../../lab/cloud/timing";

const start = Date.parse("2026-11-21T08:00:00Z");
const record: SnapshotRecord = {
    snapshotId: "snap-1",
    volumeId: "vol-1",
    volumeSize: 5,
    description: "",
    encrypted: true,
    state: "pending",
    startTime: new Date(start).toISOString(),
    progress: "0%",
    tags: { "posit:capture": "2026-11-21a" },
    completesAt: start + 4000,
};

describe("a snapshot", () => {
    it("goes from pending to completed with time alone", () => {
        assert.deepEqual([view(record, start).state, view(record, start).progress], ["pending", "0%"]);
        assert.deepEqual([view(record, start + 1000).state, view(record, start + 1000).progress], ["pending", "25%"]);
        assert.deepEqual(
            [view(record, start + 4000).state, view(record, start + 4000).progress],
            ["completed", "100%"],
        );
        assert.equal("completesAt" in view(record, start), false);
    });

    it("may end in an error, and says so only then", () => {
        const failing: SnapshotRecord = { ...record, fails: true, hiddenUntil: start + 1 };
        assert.equal(view(failing, start).state, "pending");
        assert.equal(view(failing, start + 4000).state, "error");
        assert.deepEqual(
            Object.keys(view(failing, start)).filter((key) => key === "fails" || key === "hiddenUntil"),
            [],
        );
    });

    it("takes longer the more there is to copy", () => {
        assert.equal(completionMilliseconds("snapshot", 0), 1000);
        assert.equal(completionMilliseconds("snapshot", 2 * 1024 ** 3), 9000);
    });

    it("is found by tag, volume and status, with EC2's wildcards", () => {
        const snapshot = view(record, start);
        const finds = (name: string, ...values: string[]): boolean => matches(snapshot, { name, values });
        assert.equal(finds("tag:posit:capture", "other", "2026-11-21a"), true);
        assert.equal(finds("tag:posit:capture", "2026-*"), true);
        assert.equal(finds("tag:posit:capture", "2026"), false);
        assert.equal(finds("tag:absent", "*"), false);
        assert.equal(finds("volume-id", "vol-1"), true);
        assert.equal(finds("status", "completed"), false);
        assert.throws(() => finds("colour", "red"), /filter 'colour' is invalid/);
    });
});

describe("what changed since the last snapshot", () => {
    const extents = fc
        .array(fc.record({ gap: fc.nat(5), length: fc.integer({ min: 1, max: 9 }), physical: fc.nat(10_000) }))
        .map((parts) => {
            let logical = 0;
            return parts.map(({ gap, length, physical }): Extent => {
                const extent = { logical: logical + gap, length, physical };
                logical = extent.logical + length;
                return extent;
            });
        });

    /** The same, block by block. */
    function slowly(now: Extent[], before: Extent[]): number {
        const blocks = (list: Extent[]): Map<number, number> =>
            new Map(
                list.flatMap(({ logical, physical, length }) =>
                    Array.from({ length }, (_, index): [number, number] => [logical + index, physical + index]),
                ),
            );
        const old = blocks(before);
        return [...blocks(now)].filter(([logical, physical]) => old.get(logical) !== physical).length * 4096;
    }

    it("is nothing between equal files, and everything since none", () => {
        fc.assert(fc.property(extents, (list) => changedBytes(list, list) === 0));
        fc.assert(fc.property(extents, (list) => changedBytes(list, []) === slowly(list, [])));
    });

    it("is what a comparison block by block finds", () => {
        const pair = extents.chain((before) =>
            fc.tuple(
                fc.constant(before),
                fc.array(fc.boolean()).map((kept) =>
                    // Some extents stay, some move: as copy on write leaves them.
                    before.map((extent, index) =>
                        kept[index] ? extent : { ...extent, physical: extent.physical + 7 },
                    ),
                ),
            ),
        );
        fc.assert(fc.property(pair, ([before, now]) => changedBytes(now, before) === slowly(now, before)));
        fc.assert(fc.property(extents, extents, (now, before) => changedBytes(now, before) === slowly(now, before)));
    });

    it("is read from what filefrag prints", () => {
        const text = [
            "Filesystem type is: 9123683e",
            "File size of snap.img is 1073741824 (262144 blocks of 4096 bytes)",
            " ext:     logical_offset:        physical_offset: length:   expected: flags:",
            "   0:        0..      31:     123456..    123487:     32:             shared",
            "   1:      256..     257:     200000..    200001:      2:     123488: last,shared,eof",
            "snap.img: 2 extents found",
        ].join("\n");
        assert.deepEqual(parseExtents(text), [
            { logical: 0, physical: 123456, length: 32 },
            { logical: 256, physical: 200000, length: 2 },
        ]);
    });
});
