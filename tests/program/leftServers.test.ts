// An `up` of an environment that was killed while RDS made its server, and the next one, through index.ts: what is imported, what is refused and what it
// costs. That the engine takes the server over, and leaves one alone that it has, is the real engine's part (tests/lab/providers.test.ts).
import assert from "node:assert/strict";
import { serverReady } from "../../components/serverReady";
import { build } from "./built";
import { Installation } from "./installation";
import type { Recording } from "./recorder";
import { shapes } from "./shapes";
import { manifest } from "./world";

const serverIn = ({ registrations }: Recording) =>
    registrations.find(({ type }) => type === "aws:rds/instance:Instance")!;

describe("a database server that a killed `up` has left", function () {
    this.timeout(120_000);
    let installation: Installation;
    let first: Recording;

    before(async () => {
        installation = await Installation.of(shapes.plain);
        await installation.up("prod");
        first = await ran();
    });
    after(() => installation.stop());

    /** As after a kill: the cloud has what was made, and the stack has published nothing. */
    async function ran({ preview = false } = {}): Promise<Recording> {
        const { published } = installation;
        const up = await installation.up("staging", {}, { preview });
        installation.published = published;
        if (up.refused !== undefined) throw new Error(up.refused);
        return up.recording;
    }

    it("is imported by its id, by a preview and by the next `up`; the first one imports nothing", async () => {
        assert.equal(serverIn(first).importId, "");
        const { id } = serverIn(first);
        for (const preview of [true, false]) {
            const again = serverIn(await ran({ preview }));
            assert.equal(again.importId, id);
            assert.equal(again.inputs.identifier, serverIn(first).inputs.identifier);
        }
    });

    it("is not looked for once the stack has published it", async () => {
        const { published } = installation;
        await installation.up("staging");
        const again = await installation.up("staging");
        installation.published = published;
        assert.ok(again.refused === undefined);
        assert.equal(serverIn(again.recording).importId, "");
    });

    it("is refused before anything is registered where it came to nothing, or is another's", async () => {
        const identifier = String(serverIn(first).inputs.identifier);
        const { cloud } = installation;
        const refusalWith = async (change: () => void): Promise<string> => {
            const before = { statuses: cloud.statuses, made: cloud.made };
            change();
            const up = await installation.up("staging");
            Object.assign(cloud, before);
            assert.ok(up.refused !== undefined && up.plainly && up.registered === 0, up.refused);
            return up.refused;
        };
        const failed = await refusalWith(() => (cloud.statuses = { [identifier]: "incompatible-restore" }));
        assert.match(failed, /RDS says incompatible-restore.*delete-db-instance/);
        const others = await refusalWith(
            () => (cloud.made = { [identifier]: { ...cloud.made[identifier], tags: { Project: "other" } } }),
        );
        assert.match(others, /is not this stack's/);
    });

    it("is told what a restore tells afterwards, and its final snapshot's name", async () => {
        const token = "2026-11-21a";
        const identifier = `acme-staging-${token}-legacy-db`;
        const settings = { storageType: "io2", iops: 9000, parameterGroup: "ours" };
        const databases = manifest(token).databases.map((one) => ({ ...one, settings }));
        const built = (left: Record<string, string>) => build(token, { databases }, {}, {}, undefined, left);
        const before = serverIn(await built({}));
        const after = serverIn(await built({ [identifier]: "db-LEFT" }));
        assert.deepEqual([before.importId, after.importId], ["", "db-LEFT"]);
        assert.deepEqual(before.ignoreChanges.filter((name) => !after.ignoreChanges.includes(name)).sort(), [
            "finalSnapshotIdentifier",
            "iops",
            "parameterGroupName",
            "storageType",
        ]);
        assert.ok(after.ignoreChanges.includes("restoreToPointInTime"));
    });
});

describe("waiting for a database server", () => {
    const says = (...statuses: (string | Error)[]) => {
        const left = [...statuses];
        return () => {
            const next = left.length > 1 ? left.shift()! : left[0];
            return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
        };
    };

    it("goes on over what passes, and over a question that went wrong", async () => {
        const ask = says("creating", new Error("connection reset"), "backing-up", "available");
        assert.equal(await serverReady("x", { pause: 1, ask }), "x");
    });

    it("ends where it never will be, and where nobody may ask any longer", async () => {
        await assert.rejects(serverReady("x", { pause: 1, ask: says("creating", "failed") }), /RDS says failed/);
        const denied = new Error("AccessDenied: cloudformation:GetResource");
        await assert.rejects(serverReady("x", { pause: 1, ask: says(denied) }), /allow cloudformation:GetResource/);
    });
});
