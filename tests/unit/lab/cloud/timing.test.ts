// Which timing the pretended AWS has: said at its start, and changed while it stands.
import assert from "node:assert/strict";
import { keepTiming, readTiming } from "../../../../lab/cloud/timing";

describe("the timing of the pretended AWS", () => {
    it("is fast where nothing is said, and nothing else than it knows", () => {
        assert.deepEqual([readTiming(undefined), readTiming(""), readTiming("aws")], ["fast", "fast", "aws"]);
        assert.throws(() => readTiming("slow"), /TIMING=slow: fast or aws/);
    });

    it("can be changed while the cloud stands", () => {
        const timing = keepTiming("fast");
        timing.set("aws");
        assert.equal(timing.now(), "aws");
        assert.throws(() => timing.set("later" as "aws"), /fast or aws/);
        assert.equal(timing.now(), "aws");
    });
});
