// The table of AWS's time as data: drawn within its bounds, counted in buckets, and nothing of it in TIMING=fast. Does not prove that AWS is so.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { createBuckets } from "../../../../lab/cloud/buckets";
import { createClock } from "../../../../lab/cloud/clock";
import { operationOf } from "../../../../lab/cloud/operations";
import { attachment, bucketOf, draw, latencies, latencyOf, timingMode, visibility } from "../../../../lab/cloud/timing";

const describeSnapshots = operationOf("DescribeSnapshots", {});

describe("the time that AWS takes", () => {
    it("is drawn around its middle, a tenth above the second figure, and never beyond the worst", () => {
        for (const duration of [...Object.values(latencies), visibility, attachment]) {
            assert.ok(duration.p50 < duration.p90 && duration.p90 <= duration.worst);
            assert.ok(duration.source.length > 10);
            assert.ok(Math.abs(draw(duration, 0, 0.5) - duration.p50) < 1e-9);
            fc.assert(
                fc.property(
                    fc.double({ min: 0, max: 0.999999, noNaN: true }),
                    fc.double({ min: 0, max: 1, noNaN: true }),
                    (a, b) => {
                        const seconds = draw(duration, a, b);
                        return seconds > 0 && seconds <= duration.worst;
                    },
                ),
            );
        }
        const draws = Array.from({ length: 2000 }, (_, i) =>
            draw(latencies.describe, (i + 0.5) / 2000, (i * 0.618) % 1),
        );
        const above = draws.filter((seconds) => seconds > latencies.describe.p90).length / draws.length;
        assert.ok(above > 0.07 && above < 0.13, `${above}`);
    });

    it("is that of the request's own name where there is one", () => {
        assert.equal(latencyOf(operationOf("CreateSnapshot", {})), latencies.createSnapshot);
        assert.equal(latencyOf(operationOf("RunInstance", {})), latencies.runInstances);
        assert.equal(latencyOf(operationOf("SetTags", {})), latencies.createTags);
        assert.equal(latencyOf(operationOf("DescribeDbInstance", {})), latencies.rdsDescribe);
        assert.equal(latencyOf(describeSnapshots), latencies.describe);
    });

    it("is counted by name, filled again with time, and shared with others in the account", () => {
        const buckets = createBuckets();
        const burst = (now: number) => {
            let taken = 0;
            while (buckets.take(describeSnapshots, now)) taken++;
            return taken;
        };
        assert.equal(burst(0), 70);
        assert.equal(burst(1000), 14);
        assert.equal(buckets.take(operationOf("DescribeVolume", {}), 1000), true);
        assert.equal(bucketOf(operationOf("ListRecordSets", {}))?.name, "route53");
        assert.equal(bucketOf(operationOf("DescribeDbInstance", {})), undefined);
    });

    it("passes only with TIMING=aws", async () => {
        const clock = createClock(timingMode(undefined));
        const began = Date.now();
        for (let call = 0; call < 300; call++) await (await clock.begin("DescribeSnapshots", {})).end();
        assert.ok(Date.now() - began < 1000);
        assert.deepEqual((await clock.begin("CreateSnapshot", {})).request, {});
        clock.mode = timingMode("aws");
        const late = await clock.begin("CreateSnapshot", {});
        assert.ok("hiddenMilliseconds" in late.request);
        assert.throws(() => timingMode("slow"), /TIMING=slow: there are fast, aws/);
    });
});
