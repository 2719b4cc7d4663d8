// How fast restored volumes are made. Does not prove that AWS makes them so; the bounds are its documentation's.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { pendingLimit, restoredSpeed } from "../../../logic/volumeSpeed";

describe("a restored volume", () => {
    it("is as its source was", () => {
        const gp3 = { type: "gp3", iops: 6000, throughput: 500 };
        assert.deepEqual(restoredSpeed(gp3, 200), gp3);
        assert.deepEqual(restoredSpeed({ type: "io2", iops: 20_000 }, 200), { type: "io2", iops: 20_000 });
        assert.deepEqual(restoredSpeed({ type: "st1" }, 500), { type: "st1" });
    });

    it("is gp3 where that has followed on, and no slower", () => {
        assert.deepEqual(restoredSpeed({ type: "gp2", iops: 300 }, 100), { type: "gp3", iops: 3000, throughput: 128 });
        assert.deepEqual(restoredSpeed({ type: "gp2", iops: 6000 }, 2000), {
            type: "gp3",
            iops: 6000,
            throughput: 250,
        });
        assert.deepEqual(restoredSpeed({ type: "standard" }, 100), { type: "gp3" });
    });

    it("is what older versions made where an older one took the capture, so that nothing that stands changes", () => {
        assert.deepEqual(restoredSpeed(undefined, 100), { type: "gp3" });
    });

    it("is never asked for what its kind does not have: the provider refuses the whole run then", () => {
        const any = fc.option(fc.integer({ min: 1, max: 64_000 }), { nil: undefined });
        const types = fc.constantFrom("gp2", "gp3", "io1", "io2", "st1", "sc1", "standard", "another");
        fc.assert(
            fc.property(types, any, any, fc.integer({ min: 1, max: 16_384 }), (type, iops, throughput, size) => {
                const made = restoredSpeed({ type, iops, throughput }, size);
                if (made.type !== "gp3") assert.equal(made.throughput, undefined);
                if (made.type === "io1" || made.type === "io2") assert.ok(made.iops);
                else if (made.type !== "gp3") assert.equal(made.iops, undefined);
            }),
        );
    });
});

describe("pending snapshots of a volume", () => {
    it("may be five, and one of a throughput volume", () => {
        assert.deepEqual(["st1", "sc1", "gp3", undefined].map(pendingLimit), [1, 1, 5, 5]);
    });
});
