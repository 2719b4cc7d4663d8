// What the program makes of the cloud's answers about production's volumes. Does not prove that AWS answers so.
import assert from "node:assert/strict";
import type * as aws from "@pulumi/aws";
import type { CloudQuestions } from "../../../../cloud/capture/snapshots";
import { tooManyPending, volumeSpeeds } from "../../../../cloud/capture/volumes";

const asked = (volumes: Record<string, object>) =>
    (async ({ filters = [] }: aws.ebs.GetVolumeArgs = {}) => {
        const found = volumes[filters[0].values[0]];
        if (!found) throw new Error("UnauthorizedOperation: DescribeVolumes\nrequest id: 1");
        return found;
    }) as unknown as typeof aws.ebs.getVolume;

describe("how fast volumes are", () => {
    it("is asked of each, without what its kind does not have", async () => {
        const volumes = {
            "vol-1": { volumeType: "gp3", iops: 6000, throughput: 500 },
            "vol-2": { volumeType: "st1", iops: 0, throughput: 0 },
        };
        assert.deepEqual(await volumeSpeeds(Object.keys(volumes), () => assert.fail(), asked(volumes)), {
            "vol-1": { type: "gp3", iops: 6000, throughput: 500 },
            "vol-2": { type: "st1" },
        });
    });

    it("stops nothing where it can't be asked, and says what comes of that", async () => {
        const said: string[] = [];
        assert.deepEqual(await volumeSpeeds(["vol-3"], (line) => said.push(line), asked({})), {});
        assert.match(
            said.join("\n"),
            /^volume vol-3 can't be asked how fast .*DescribeVolumes\): a restored one .*3000/,
        );
    });
});

describe("pending snapshots that stand in the way", () => {
    const pending = (ids: Record<string, string[]>) =>
        ({
            snapshotIds: async ({ filters = [] }: aws.ebs.GetSnapshotIdsArgs) => {
                assert.deepEqual(filters[1], { name: "status", values: ["pending"] });
                return { ids: ids[filters[0].values[0]] ?? [] };
            },
        }) as unknown as CloudQuestions;
    const speeds = { "vol-1": { type: "st1" }, "vol-2": { type: "gp3" } };

    it("are one of a throughput volume, which AWS would refuse while production is closed", async () => {
        const [said, ...more] = await tooManyPending(["vol-1", "vol-2"], speeds, pending({ "vol-1": ["snap-a"] }));
        assert.match(said, /^volume vol-1 \(st1\) has 1 pending snapshot \(snap-a\), and AWS takes 1 at a time: wait/);
        assert.deepEqual(more, []);
    });

    it("are five of others, those included that nobody could ask about", async () => {
        const five = ["a", "b", "c", "d", "e"];
        assert.equal((await tooManyPending(["vol-2", "vol-9"], speeds, pending({ "vol-2": five }))).length, 1);
        assert.equal((await tooManyPending(["vol-9"], {}, pending({ "vol-9": five }))).length, 1);
        assert.deepEqual(await tooManyPending(["vol-2"], speeds, pending({ "vol-2": five.slice(1) })), []);
    });
});
