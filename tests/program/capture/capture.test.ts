// A capture as the program asks for it: every snapshot behind the closing of every host, kept, adopted, never twice.
// Does not prove that hosts close (tests/unit/hosts/window) or that the engine runs hooks (the rehearsal).
import * as assert from "node:assert/strict";
import { Capture, CaptureArgs } from "../../../components/capture/capture";
import { InventoryReadingArgs } from "../../../components/inventory";
import { Production } from "../../../components/production";
import { perProduct } from "../../../products";
import { capture, captureArgs, target } from "./captureArgs";
import { reachable, record, Recording } from "../recorder";
import { answer, lookup, manifest } from "../world";

async function build(change: Partial<CaptureArgs> = {}): Promise<Recording> {
    return record(
        async () => {
            new Capture(`capture-${change.capture?.token ?? "t1"}`, captureArgs(change));
            return {};
        },
        { stack: "prod", answer, lookup },
    );
}

const isWarmUp = (name: string) => name.includes("-warm-up-");
const ofServer = (type: string) => type.startsWith("aws:rds/");
const warmUps = (recording: Recording) => recording.registrations.filter((r) => isWarmUp(r.name) && !ofServer(r.type));
const serverWarmUps = (recording: Recording) =>
    recording.registrations.filter((r) => isWarmUp(r.name) && ofServer(r.type));
const snapshots = (recording: Recording) =>
    recording.registrations.filter((r) => /napshot:Snapshot$/.test(r.type) && !isWarmUp(r.name));

describe("a capture", () => {
    let built: Recording;
    before(async () => (built = await build()));

    it("has one snapshot per volume and server, each behind the same closing, each opening at a failure", () => {
        assert.equal(snapshots(built).length, 4);
        for (const snapshot of snapshots(built)) {
            assert.deepEqual(
                snapshot.hooks,
                {
                    beforeCreate: ["capture-t1-close"],
                    afterCreate: ["capture-t1-opened"],
                    onError: ["capture-t1-abort"],
                },
                snapshot.name,
            );
        }
    });

    it("has seen a snapshot of every volume succeed before it closes anything", () => {
        assert.equal(warmUps(built).length, 3);
        for (const snapshot of snapshots(built)) {
            const seen = reachable(built, snapshot);
            assert.ok(
                warmUps(built).every((warmUp) => seen.has(warmUp.urn)),
                snapshot.name,
            );
        }
        // They may wait and try again, but neither close nor open anything.
        for (const { name, hooks } of warmUps(built)) {
            assert.deepEqual(hooks, { beforeCreate: [], afterCreate: [], onError: [`${name}-rate`] });
        }
    });

    it("never deletes a snapshot", () => {
        assert.ok(snapshots(built).every((snapshot) => snapshot.retainOnDelete));
    });

    it("lets no snapshot wait for another: all are requested while production is closed", () => {
        const urns = new Set(snapshots(built).map((snapshot) => snapshot.urn));
        for (const snapshot of snapshots(built)) {
            assert.ok(
                [...reachable(built, snapshot)].every((urn) => !urns.has(urn)),
                snapshot.name,
            );
        }
    });

    it("reads the hosts' markers after every snapshot", () => {
        const records = built.registrations.filter((r) => r.name.startsWith("capture-t1-record-"));
        assert.equal(records.length, 3);
        for (const marker of records) {
            const seen = reachable(built, marker);
            assert.ok(
                snapshots(built).every((snapshot) => seen.has(snapshot.urn)),
                marker.name,
            );
            assert.equal(marker.inputs.delete, undefined);
        }
    });

    it("dials no host for what was recorded: it may be stopped for weeks, and key or program another one since", async () => {
        const asked = ({ registrations }: Recording) =>
            registrations.filter(({ name }) => name.startsWith("capture-t1-record-"));
        assert.ok(asked(built).every(({ ignoreChanges }) => ignoreChanges.length === 0));
        for (const { ignoreChanges, name } of asked(await build({ recorded: manifest("t1") }))) {
            assert.ok(
                ["connection", "stdin", "triggers"].every((input) => ignoreChanges.includes(input)),
                name,
            );
        }
    });

    it("adopts what is there already", async () => {
        const adopted = await build({
            existing: { "vol-0": "snap-0", "vol-1": "snap-1", "vol-2": "snap-2", "legacy-db": "posit-t1-legacy-db" },
        });
        assert.deepEqual(
            snapshots(adopted)
                .map((snapshot) => snapshot.importId)
                .sort(),
            ["posit-t1-legacy-db", "snap-0", "snap-1", "snap-2"],
        );
    });

    it("is what was recorded, also where production has got another volume or server since", async () => {
        const existing = { "vol-0": "snap-0", "vol-1": "snap-1" };
        const volumes = Object.entries(existing).map(([volumeId, snapshotId]) => ({
            ...{ product: "connect" as const, mount: "/data", size: 20 },
            ...{ volumeId, snapshotId },
        }));
        const recorded = await build({ recorded: { ...manifest("t1"), volumes }, existing });
        assert.deepEqual(
            snapshots(recorded)
                .map((snapshot) => snapshot.importId)
                .sort(),
            ["snap-0", "snap-1"],
        );
        const tags = recorded.registrations.filter((r) => r.type === "aws:ec2/tag:Tag");
        assert.deepEqual(
            tags.map(({ inputs }) => inputs.value),
            ["complete", "complete"],
        );
    });

    it("has other names under another token, and only those", async () => {
        const other = await build({ capture: { ...capture, token: "t2" } });
        assert.ok(other.registrations.filter((r) => !r.type.startsWith("pulumi:")).every((r) => r.name.includes("t2")));
    });

    it("says on each snapshot that it is unproven, until the manifest says what it is", () => {
        const tags = built.registrations.filter((r) => r.type === "aws:ec2/tag:Tag");
        assert.equal(tags.length, 3);
        for (const tag of tags) {
            assert.deepEqual([tag.inputs.key, tag.inputs.value], ["posit:capture-state", "complete"]);
            assert.ok(tag.retainOnDelete);
            // Only what every host's marker was read for.
            const seen = reachable(built, tag);
            assert.ok(
                built.registrations
                    .filter((r) => r.name.startsWith("capture-t1-record-"))
                    .every((marker) => seen.has(marker.urn)),
            );
        }
        const [first] = snapshots(built);
        assert.equal((first.inputs.tags as Record<string, string>)["posit:capture-state"], "unproven");
    });

    it("tags by token, stack, product and mount", () => {
        const [first] = snapshots(built).filter((snapshot) => snapshot.type.startsWith("aws:ebs"));
        assert.deepEqual(Object.keys(first.inputs.tags as object).sort(), [
            "posit:capture",
            "posit:capture-state",
            "posit:mount",
            "posit:product",
            "posit:stack",
        ]);
    });

    it("names an RDS snapshot as RDS allows it, and one that is there as it is", async () => {
        const nameOf = (recording: Recording) =>
            snapshots(recording).find(({ type }) => ofServer(type))?.inputs.dbSnapshotIdentifier;
        assert.match(String(nameOf(built)), /^posit-t1-legacy-db-[0-9a-f]{8}$/);
        assert.equal(nameOf(await build({ existing: { "legacy-db": "posit-t1-legacy-db" } })), "posit-t1-legacy-db");
    });

    it("has seen how long a snapshot of the server takes, after those of the volumes, and not while it waits", async () => {
        const [first, ...more] = serverWarmUps(built);
        assert.equal(more.length, 0);
        assert.match(String(first.inputs.dbSnapshotIdentifier), /^posit-warm-up-t1-legacy-db-[0-9a-f]{8}$/);
        assert.deepEqual(first.ignoreChanges, ["dbSnapshotIdentifier"]);
        const before = reachable(built, first);
        assert.ok(warmUps(built).every(({ urn }) => before.has(urn)));
        assert.ok(snapshots(built).every((snapshot) => reachable(built, snapshot).has(first.urn)));
        assert.deepEqual(serverWarmUps(await build({ waits: true })), []);
        assert.deepEqual(serverWarmUps(await build({ serverMethod: "pointInTime" })), []);
        assert.deepEqual(serverWarmUps(await build({ capture: { ...capture, warmUp: false } })), []);
        const [kept] = serverWarmUps(await build({ warmUps: { "legacy-db": "warm-1" } }));
        assert.deepEqual([kept.importId, kept.inputs.dbSnapshotIdentifier], ["warm-1", "warm-1"]);
    });

    it("calls a snapshot that is no part of the capture void, whatever the capture is", async () => {
        const other = await build({ existing: { "vol-1": "snap-9" } });
        const tags = other.registrations.filter((r) => r.type === "aws:ec2/tag:Tag");
        assert.deepEqual(tags.map(({ inputs }) => [inputs.resourceId, inputs.value]).sort(), [
            ["snap-0", "complete"],
            ["snap-2", "complete"],
            ["snap-9", "void"],
        ]);
    });

    describe("that waits for its maintenance window", () => {
        it("takes its warm-ups after another one's window: AWS would make that one wait, with production closed", async () => {
            const hosts = perProduct(() => ({
                instanceId: "i",
                target,
                layout: { dataMounts: [] },
                dataVolumes: [],
                databases: [{ role: "main", kind: "rds" }],
            })) as unknown as InventoryReadingArgs["hosts"];
            const both = await record(
                async () => {
                    new Production("posit-team", {
                        inventory: { hosts, reading: "first" },
                        captures: [captureArgs({ capture: { ...capture, token: "t2" }, waits: true }), captureArgs()],
                    });
                    return {};
                },
                { stack: "prod", answer, lookup },
            );
            const later = warmUps(both).filter(({ name }) => name.includes("t2"));
            assert.equal(later.length, 3);
            for (const warmUp of later) {
                const seen = reachable(both, warmUp);
                assert.ok(
                    snapshots(both).every(({ urn }) => seen.has(urn)),
                    warmUp.name,
                );
            }
        });

        it("takes its warm-ups, by the names that they keep, and nothing else", async () => {
            const waiting = await build({ waits: true });
            assert.deepEqual(
                warmUps(waiting).map(({ urn, inputs }) => ({ urn, inputs })),
                warmUps(built).map(({ urn, inputs }) => ({ urn, inputs })),
            );
            const others = waiting.registrations.filter((r) => !r.type.startsWith("pulumi:") && !isWarmUp(r.name));
            assert.deepEqual(serverWarmUps(waiting), []);
            assert.deepEqual(
                others.map(({ name }) => name),
                ["capture-t1"],
            );
        });

        it("takes none with warmUp: false, waiting or not, and keeps those that an earlier run took", async () => {
            const cold = { ...capture, warmUp: false };
            assert.deepEqual(warmUps(await build({ waits: true, capture: cold })), []);
            assert.deepEqual(warmUps(await build({ capture: cold })), []);
            const kept = await build({ capture: cold, warmUps: { "vol-1": "snap-w" } });
            assert.deepEqual(
                warmUps(kept).map(({ importId }) => importId),
                ["snap-w"],
            );
        });
    });
});
