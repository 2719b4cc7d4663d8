// What the cloud does wrong on purpose reaches the calls it is meant for, and no other.
import assert from "node:assert/strict";
import type { CloudError } from "../../../../lab/cloud/api";
import { createDisturbances } from "../../../../lab/cloud/disturbances";

const nothing = { request: {}, answerLost: false, hideMilliseconds: 0 };

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

    it("leave whoever asks the very same again alone, and then not", async () => {
        const disturbances = createDisturbances();
        disturbances.set([{ action: "CreateSnapshot", by: "provider", refuses: "throttled", everyOther: true }]);
        const refused = async (volumeId: string) =>
            disturbances.meet("CreateSnapshot", { volumeId }, "provider").then(
                () => false,
                () => true,
            );
        const met = [];
        for (const volumeId of ["vol-1", "vol-2", "vol-1", "vol-2", "vol-1"]) met.push(await refused(volumeId));
        assert.deepEqual(met, [true, true, false, false, true]);
        assert.deepEqual(await disturbances.meet("CreateSnapshot", { volumeId: "vol-3" }), nothing);
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
        assert.deepEqual(await disturbances.meet("CreateSnapshot", {}), { ...nothing, answerLost: true });
        assert.deepEqual(await disturbances.meet("CreateSnapshot", {}), nothing);
    });

    it("refuse whoever may not ask, or not any longer, in the words of each service, and the provider only", async () => {
        const disturbances = createDisturbances();
        const refusal = (action: string, by?: "provider") =>
            disturbances.meet(action, {}, by).then(
                () => "answered",
                (error: CloudError) => `${error.code}: ${error.message}`,
            );
        disturbances.set([{ action: "*", refuses: "expired" }]);
        assert.match(await refusal("DescribeSnapshots", "provider"), /^RequestExpired: /);
        assert.match(await refusal("DescribeDbInstance", "provider"), /^ExpiredToken: The security token included/);
        assert.equal(await refusal("DescribeSnapshots"), "answered");
        disturbances.set([{ action: "*", refuses: "logged out" }]);
        assert.match(
            await refusal("DescribeSnapshots", "provider"),
            /^get identity: get credentials: failed to refresh/,
        );
        disturbances.set([{ action: "RunInstance", by: "provider", refuses: "denied" }]);
        assert.match(
            await refusal("RunInstance", "provider"),
            /^UnauthorizedOperation: You are not authorized to perform this operation\. User: \S+ is not authorized to perform: ec2:RunInstances because/,
        );
        assert.equal(await refusal("RunInstance"), "answered");
        disturbances.set([{ action: "ChangeRecordSet", refuses: "denied" }]);
        assert.match(await refusal("ChangeRecordSet"), /^AccessDenied: .*route53:ChangeResourceRecordSets/);
    });

    it("keep what was made from whoever asks for it a moment later", async () => {
        const disturbances = createDisturbances();
        disturbances.hide({ snapshotId: "snap-1" }, { volumeId: "vol-1", snapshotId: "snap-1", size: 3 }, 60_000);
        await assert.rejects(disturbances.meet("AttachVolume", { volumeId: "vol-1" }, "provider"), {
            code: "InvalidVolume.NotFound",
        });
        await assert.rejects(disturbances.meet("DescribeSnapshots", { snapshotIds: ["vol-1"] }, "provider"));
        assert.deepEqual(await disturbances.meet("AttachVolume", { volumeId: "vol-2" }, "provider"), nothing);
        assert.deepEqual(
            await disturbances.meet("DescribeSnapshots", { snapshotIds: ["snap-1"] }, "provider"),
            nothing,
        );
        assert.deepEqual(await disturbances.meet("AttachVolume", { volumeId: "vol-1" }), nothing);
    });
});
