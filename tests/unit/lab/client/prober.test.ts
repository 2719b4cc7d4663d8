// The prober's judgement: what a row of calls means for users.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { judgement, outages, type ProbeEvent } from "../../../../lab/client/prober";

function judged(calls: Parameters<ReturnType<typeof judgement>>[0][]): ProbeEvent[] {
    const events: ProbeEvent[] = [];
    const judge = judgement("connect", (event) => events.push(event));
    calls.forEach(judge);
    return events;
}

describe("prober", () => {
    it("counts an outage from the start of the first failed call to the end of the first answered one", () => {
        const events = judged([
            { started: 0, ended: 5, address: "10.0.0.1" },
            { started: 100, ended: 180, failure: "503" },
            { started: 200, ended: 1700, failure: "TimeoutError" },
            { started: 300, ended: 320, address: "10.0.0.1" },
        ]);
        assert.deepEqual(outages(events), [{ product: "connect", from: 100, to: 320, reason: "503" }]);
    });

    it("tells when answers come from another address", () => {
        const events = judged([
            { started: 0, ended: 5, address: "10.0.0.1" },
            { started: 100, ended: 105, address: "10.0.0.2" },
        ]);
        assert.deepEqual(events, [
            { event: "moved", product: "connect", at: 105, address: "10.0.0.2", before: "10.0.0.1" },
        ]);
    });

    it("keeps an outage open until a call is answered", () => {
        assert.deepEqual(outages(judged([{ started: 7, ended: 8, failure: "ECONNREFUSED" }])), [
            { product: "connect", from: 7, reason: "ECONNREFUSED" },
        ]);
    });

    it("never counts more downtime than there were failures between answers", () => {
        fc.assert(
            fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 50 }), (answered) => {
                const calls = answered.map((ok, index) => ({
                    started: index * 100,
                    ended: index * 100 + 10,
                    ...(ok ? { address: "10.0.0.1" } : { failure: "503" }),
                }));
                const found = outages(judged([...calls, { started: 9000, ended: 9010, address: "10.0.0.1" }]));
                const starts = answered.filter((ok, index) => !ok && answered[index - 1] !== false).length;
                assert.equal(found.length, starts);
                assert.ok(found.every((outage) => outage.to !== undefined && outage.to > outage.from));
            }),
        );
    });
});
