// What is known of an installation before it is closed: from the plan of a capture, and from the manifests of earlier ones.
import assert from "node:assert/strict";
import { installationOf } from "../../../../logic/aws/installation";

const phase = { stop: 1, proveQuiet: 0.1, request: 2, start: 3 };
const volume = (volumeId: string, size: number) => ({
    ...{ volumeId, size, product: "connect" as const },
    ...{ mount: "/data", snapshotId: "snap-1" },
});
const manifest = (takenAt: string, stop: number) => ({
    takenAt,
    volumes: [volume("vol-1", 125), volume("vol-1", 125)],
    phases: { connect: phase, workbench: { ...phase, stop } },
});

describe("an installation that is to be captured", () => {
    const known = {
        volumeIds: ["vol-1", "vol-2"],
        methods: [
            { method: "pointInTime" as const },
            { method: "dump" as const, size: { bytes: 5 } },
            { method: "folder" as const },
        ],
        names: 3,
    };

    it("has the sizes that earlier captures know, and how each database gets over", () => {
        const { volumes, databases, names } = installationOf(known, [manifest("2026-11-21T10:00:00Z", 4)]);
        assert.deepEqual(volumes, [{ gib: 125 }, { gib: undefined }]);
        assert.deepEqual(
            databases.map(({ how, size }) => [how, size?.bytes]),
            [
                ["pointInTime", undefined],
                ["dumped", 5],
                ["folder", undefined],
            ],
        );
        assert.equal(names, 3);
    });

    it("has the server that is loaded, where the new side has it", () => {
        const stands = (prepared?: boolean) =>
            installationOf({ ...known, prepared }, []).databases.map((database) => database.prepared);
        assert.deepEqual(stands(true), [true, true, true]);
        assert.deepEqual(stands(), [undefined, undefined, undefined]);
    });

    it("stops and starts as slowly as its slowest product did last time", () => {
        const earlier = [manifest("2026-11-22T10:00:00Z", 7), manifest("2026-11-21T10:00:00Z", 4)];
        const final = { ...manifest("2026-11-23T10:00:00Z", 9), phases: {} };
        assert.deepEqual(installationOf(known, [...earlier, final]).measured, { stop: 7, start: 3 });
        assert.equal(installationOf(known, [final]).measured, undefined);
    });
});
