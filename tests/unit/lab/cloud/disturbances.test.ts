// What the cloud does wrong on purpose reaches the calls it is meant for, and no other.
import assert from "node:assert/strict";
import { createDisturbances } from "../../../../lab/cloud/disturbances";

const nothing = { request: {}, answerLost: false };

describe("disturbances", () => {
    it("leave out the first calls, take so many, and leave the rest alone", async () => {
        const disturbances = createDisturbances();
        disturbances.set([{ action: "CreateSnapshot", skip: 1, times: 2, request: { endsIn: "error" } }]);
        const met = [];
        for (let call = 0; call < 4; call++) met.push((await disturbances.meet("CreateSnapshot", {})).request);
        assert.deepEqual(met, [{}, { endsIn: "error" }, { endsIn: "error" }, {}]);
        assert.deepEqual(await disturbances.meet("DeleteSnapshot", {}), nothing);
    });

    it("count only calls that have what they ask for", async () => {
        const disturbances = createDisturbances();
        const refusal = { code: "RequestLimitExceeded", message: "Request limit exceeded." };
        disturbances.set([{ action: "DescribeSnapshots", having: "filters", times: 1, refusal }]);
        assert.deepEqual(await disturbances.meet("DescribeSnapshots", { snapshotIds: [] }), nothing);
        await assert.rejects(disturbances.meet("DescribeSnapshots", { filters: [] }), /Request limit exceeded/);
        assert.deepEqual(await disturbances.meet("DescribeSnapshots", { filters: [] }), nothing);
    });

    it("count only calls that give what they make the tag", async () => {
        const disturbances = createDisturbances();
        disturbances.set([{ action: "CreateSnapshot", tag: "posit:capture", skip: 1, answerLost: true }]);
        const lost = async (tags?: object) => (await disturbances.meet("CreateSnapshot", { tags })).answerLost;
        const captured = { "posit:capture": "token" };
        assert.deepEqual(
            [await lost({ "posit:warm-up": "token" }), await lost(), await lost(captured), await lost(captured)],
            [false, false, false, true],
        );
    });

    it("lose an answer and not the work", async () => {
        const disturbances = createDisturbances();
        disturbances.set([{ action: "CreateSnapshot", times: 1, answerLost: true }]);
        assert.deepEqual(await disturbances.meet("CreateSnapshot", {}), { request: {}, answerLost: true });
        assert.deepEqual(await disturbances.meet("CreateSnapshot", {}), nothing);
    });
});
