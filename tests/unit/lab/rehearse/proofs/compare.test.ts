// Comparing observations: losses and changes fail, growth of history does not.
import assert from "node:assert/strict";
import type { Observation } from "../../../../../lab/client/observe";
import { canonical, compareObservations } from "../../../../../lab/rehearse/proofs/compare";

function observation(): Observation {
    return {
        packageManager: { version: "1", repositories: ["pypi python abc"], frozenPackage: { "x.whl": "00" } },
        workbench: {
            users: {
                alice: {
                    signedInAs: "alice",
                    files: { "/home/alice": [{ name: "a.R", uid: 2001, gid: 2001, owner: "alice", size: 3 }] },
                    contents: { "/home/alice/a.R": "11" },
                },
            },
        },
        connect: {
            version: "1",
            keys: { alice: "alice" },
            users: ["alice"],
            content: [{ guid: "g", name: "hello", owner: "alice" }],
            outputs: { hello: "Hello" },
            visits: 5,
            schedules: 1,
        },
    };
}

function failures(change: (after: Observation) => void): string[] {
    const after = observation();
    change(after);
    return compareObservations(observation(), after)
        .filter((one) => !one.passed)
        .map((one) => one.name);
}

describe("comparison", () => {
    it("accepts the same, with newer versions and more visits", () => {
        assert.deepEqual(
            failures((after) => {
                after.packageManager.version = "2";
                after.connect.visits = 9;
            }),
            [],
        );
    });

    it("sees another owner by number though the name is the same", () => {
        const found = failures((after) => {
            const file = after.workbench.users.alice?.files["/home/alice"]?.[0];
            assert.ok(file);
            file.uid = 2002;
        });
        assert.deepEqual(found, ["Workbench: alice's files, with owners by name and number"]);
    });

    it("sees a lost user, a lost visit and content that answers otherwise", () => {
        assert.equal(failures((after) => delete after.workbench.users.alice).length, 3);
        assert.equal(failures((after) => (after.connect.visits = 4)).length, 1);
        assert.equal(failures((after) => (after.connect.outputs.hello = "500")).length, 1);
    });

    it("does not mind the order of keys", () => {
        assert.equal(canonical({ a: 1, b: { c: 2, d: 3 } }), canonical({ b: { d: 3, c: 2 }, a: 1 }));
    });
});
