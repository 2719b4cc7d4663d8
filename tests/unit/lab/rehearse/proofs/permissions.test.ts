// What the lab's provider is asked is noted, type by type, and held against the policies of deploy/iam.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { readAsked } from "../../../../../lab/aws/asked";
import { outsidePolicies } from "../../../../../lab/rehearse/proofs/permissions";

describe("what the lab's provider was asked", () => {
    it("is noted beside the cloud's socket, each kind once, a restore apart", () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "asked-"));
        const program = `
            const { notingResources, notingInvokes } = require("./lab/aws/asked");
            const type = { forceNew: [], computed: [], create: async () => ({ id: "x", outputs: {} }), read: async () => undefined, delete: async () => {} };
            const { "aws:ebs/volume:Volume": volume } = notingResources({ "aws:ebs/volume:Volume": type });
            const { "aws:ebs/getSnapshot:getSnapshot": look } = notingInvokes({ "aws:ebs/getSnapshot:getSnapshot": async () => ({}) });
            volume.create({}, {}); volume.create({}, {}); volume.create({ snapshotId: "snap-1" }, {}); volume.read("x", {}, {}); look({}, {});
            if (volume.update !== undefined) throw new Error("what a type can't do it can do now");
        `;
        const run = spawnSync("node", ["--require", "ts-node/register/transpile-only", "-e", program], {
            cwd: path.join(__dirname, "../../../../.."),
            env: { ...process.env, POSIT_LAB_CLOUD: path.join(folder, "cloud.sock") },
            encoding: "utf8",
        });
        assert.equal(run.stderr, "");
        assert.deepEqual(readAsked(path.join(folder, "asked")), [
            { operation: "create", token: "aws:ebs/volume:Volume" },
            { operation: "read", token: "aws:ebs/getSnapshot:getSnapshot" },
            { operation: "read", token: "aws:ebs/volume:Volume" },
            { operation: "restore", token: "aws:ebs/volume:Volume" },
        ]);
        assert.deepEqual(readAsked(path.join(folder, "nothing")), []);
    });

    it("is within the policies, or named with what is missing", () => {
        assert.deepEqual(outsidePolicies([{ operation: "create", token: "aws:ec2/instance:Instance" }]), []);
        // Of warm-ups: that none other may go is held by its tags, which are not seen here (tests/unit/iam/decisions.test.ts).
        assert.deepEqual(outsidePolicies([{ operation: "delete", token: "aws:rds/snapshot:Snapshot" }]), []);
        assert.match(outsidePolicies([{ operation: "read", token: "aws:s3/bucket:Bucket" }]).join(), /no row/);
    });
});
