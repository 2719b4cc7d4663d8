// What the program's look-ups ask the provider, and what they make of an instance that does not answer. The provider is played: the shapes are
// those of its data sources, and the words those of EC2 and terraform-provider-aws (cloud/*.ts).
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { instanceState } from "../../../cloud/instances";
import {
    heldServerSnapshots,
    heldVolumeSnapshots,
    lastSnapshotTimes,
    questions,
    snapshotsInState,
} from "../../../cloud/capture/snapshots";

type Inputs = Record<string, unknown>;

/** Each look-up's token and arguments, while `run` asks. */
async function asked(run: () => Promise<unknown>, answer: (token: string, inputs: Inputs) => Inputs) {
    const calls: [string, Inputs][] = [];
    await pulumi.runtime.setMocks({
        newResource: () => assert.fail("a look-up registers nothing"),
        call: ({ token, inputs }) => {
            calls.push([token, inputs as Inputs]);
            return answer(token, inputs as Inputs);
        },
    });
    return { answered: await run(), calls };
}

const tags = (token: string, stack: string, kind = "posit:capture") => [
    { name: `tag:${kind}`, values: [token] },
    { name: "tag:posit:stack", values: [stack] },
];

describe("look-ups of the cloud", () => {
    it("find a capture's snapshots by stack and token, in this account only, and warm-ups by a tag of their own", async () => {
        for (const [kind, tag] of [
            ["token", "posit:capture"],
            ["warmUp", "posit:warm-up"],
        ] as const) {
            const { answered, calls } = await asked(
                () => heldVolumeSnapshots("prod", "t1", kind),
                (token) =>
                    token.endsWith("getSnapshotIds")
                        ? { ids: ["snap-1"] }
                        : { volumeId: "vol-1", state: "pending", startTime: "2026-11-21T10:00:00Z" },
            );
            assert.deepEqual(calls, [
                ["aws:ebs/getSnapshotIds:getSnapshotIds", { owners: ["self"], filters: tags("t1", "prod", tag) }],
                ["aws:ebs/getSnapshot:getSnapshot", { snapshotIds: ["snap-1"] }],
            ]);
            assert.deepEqual(answered, [
                { id: "snap-1", source: "vol-1", state: "pending", startTime: "2026-11-21T10:00:00Z" },
            ]);
        }
    });

    it("find a server's snapshot by server and tags, never one of RDS's own", async () => {
        const { calls } = await asked(
            () => heldServerSnapshots("prod", "t1", ["db"]),
            () => ({}),
        );
        assert.deepEqual(calls, [
            [
                "aws:rds/getSnapshot:getSnapshot",
                {
                    dbInstanceIdentifier: "db",
                    snapshotType: "manual",
                    mostRecent: true,
                    tags: { "posit:capture": "t1", "posit:stack": "prod" },
                },
            ],
        ]);
    });

    it("ask for states and times by id, and for nothing where there is nothing", async () => {
        const state = await asked(
            () => snapshotsInState(["a", "b"], "completed"),
            () => ({ ids: ["b"] }),
        );
        assert.deepEqual(state.answered, ["b"]);
        assert.deepEqual(state.calls[0][1].filters, [
            { name: "snapshot-id", values: ["a", "b"] },
            { name: "status", values: ["completed"] },
        ]);
        const none = await asked(
            () => lastSnapshotTimes(["vol-1"]),
            () => ({ ids: [] }),
        );
        assert.deepEqual([none.answered, none.calls.length], [[], 1]);
    });

    it("ask RDS of a server by its identifier", async () => {
        const { calls } = await asked(
            () => questions.server({ dbInstanceIdentifier: "db" }),
            () => ({ backupRetentionPeriod: 7 }),
        );
        assert.deepEqual(calls, [["aws:rds/getInstance:getInstance", { dbInstanceIdentifier: "db" }]]);
    });

    describe("of an instance that does not answer", () => {
        it("say the cloud's word", async () => {
            const { answered, calls } = await asked(
                () => instanceState("i-1"),
                () => ({ instanceState: "stopped" }),
            );
            assert.equal(answered, "stopped");
            assert.deepEqual(calls, [["aws:ec2/getInstance:getInstance", { instanceId: "i-1" }]]);
        });

        // Only the first three may stand for "nobody works there": that is what a gate goes by.
        for (const [words, expected] of [
            ["reading EC2 Instance: InvalidInstanceID.NotFound: The instance ID 'i-1' does not exist", /^gone$/],
            ["no matching EC2 Instance found", /^gone$/],
            ["Your query returned no results. Please change your search criteria and try again.", /^gone$/],
            ["UnauthorizedOperation: You are not authorized to perform this operation", /^not known: Unauthorized/],
            [
                "RequestExpired: Request has expired\n    at somewhere",
                /^not known: RequestExpired: Request has expired$/,
            ],
            ["connect ECONNREFUSED", /^not known: connect ECONNREFUSED$/],
        ] as [string, RegExp][]) {
            it(`take "${words.slice(0, 40)}…" for what it is`, async () => {
                // Mocks would lose the words.
                assert.match(await instanceState("i-1", () => Promise.reject(new Error(words))), expected);
            });
        }
    });
});
