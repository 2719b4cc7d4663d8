// How the provider asks, and what it leaves behind when it fails with an id in its hands. Does not prove that AWS's SDK does so.
import assert from "node:assert/strict";
import { ask, pauseMilliseconds } from "../../../../lab/aws/asking";
import { machines } from "../../../../lab/aws/machines";
import { snapshots } from "../../../../lab/aws/snapshots";
import { InitFailed } from "../../../../lab/providerKit/errors";
import { fromStruct } from "../../../../lab/providerKit/values";
import { created, type PlayedCloud, playCloud } from "./playedCloud";

const throttled = { code: "RequestLimitExceeded", message: "Request limit exceeded." };
const snapshotType = "aws:ebs/snapshot:Snapshot";
const pending = { snapshotId: "snap-1", volumeId: "vol-1", state: "pending", tags: {} };

describe("the provider's questions", function () {
    this.timeout(20_000);
    let cloud: PlayedCloud;

    before(async () => {
        cloud = await playCloud(() => ({}));
    });

    after(() => cloud.stop());

    it("are asked again when they were throttled, and not when it has been tried often enough, or for another refusal", async () => {
        let calls = 0;
        cloud.answering = () => ((calls += 1) === 1 ? throttled : { snapshots: [] });
        assert.deepEqual(await ask("DescribeSnapshots", {}), { snapshots: [] });
        assert.equal(calls, 2);
        calls = 0;
        cloud.answering = () => ((calls += 1), { ...throttled, givenUp: true });
        await assert.rejects(
            ask("DescribeSnapshots", {}),
            /operation error EC2: DescribeSnapshots, https response error StatusCode: 400, api error RequestLimitExceeded/,
        );
        assert.equal(calls, 1);
        cloud.answering = () => ((calls += 1), { code: "UnauthorizedOperation", message: "no" });
        await assert.rejects(ask("DescribeSnapshots", {}), { code: "UnauthorizedOperation" });
        assert.equal(calls, 2);
    });

    it("wait longer each time, twenty seconds at most", () => {
        assert.deepEqual(
            [0, 1, 2, 3, 4, 5, 24].map((attempt) => pauseMilliseconds(attempt, 1)),
            [1000, 2000, 4000, 8000, 16_000, 20_000, 20_000],
        );
    });

    it("leave a snapshot with the engine that failed, or that nobody may ask for any longer", async () => {
        for (const answer of [
            { snapshots: [{ ...pending, state: "error" }] },
            { code: "RequestExpired", message: "Request has expired." },
        ]) {
            cloud.answering = ({ action }) => (action === "CreateSnapshot" ? pending : answer);
            await assert.rejects(
                created(snapshotType, snapshots[snapshotType], { volumeId: "vol-1" }),
                (error: unknown) =>
                    error instanceof InitFailed &&
                    error.id === "snap-1" &&
                    fromStruct(error.properties).values.volumeId === "vol-1",
            );
        }
    });

    it("leave nothing with the engine of a request that was refused, and go on with an attachment that stands", async () => {
        cloud.answering = () => ({ code: "SnapshotLimitExceeded", message: "no more" });
        await assert.rejects(
            created(snapshotType, snapshots[snapshotType], { volumeId: "vol-1" }),
            (error: unknown) => !(error instanceof InitFailed),
        );
        const attachment = { instanceId: "i-1", device: "/dev/sdf", state: "attached" };
        cloud.calls = [];
        cloud.answering = () => ({ volumeId: "vol-1", attachment });
        const token = "aws:ec2/volumeAttachment:VolumeAttachment";
        const place = { volumeId: "vol-1", instanceId: "i-1", deviceName: "/dev/sdf" };
        await created(token, machines[token], place);
        assert.ok(!cloud.calls.some(({ action }) => action === "AttachVolume"));
    });
});
