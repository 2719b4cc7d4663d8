// What becomes of a capture, from what hosts and cloud say, against a model: begun only where nothing is there, adopted only when all is.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { CaptureConfig } from "../../../../config/schema";
import { whyGivenUp } from "../../../../logic/capture/ending";
import {
    CaptureEvidence,
    changedSettings,
    decideCapture,
    HeldSnapshot,
    type HostMarker,
} from "../../../../logic/capture/state";
import { buildManifest, ManifestParts } from "../../../../logic/capture/manifest";
import { productIds } from "../../../../products/ids";
import { manifest } from "../../../program/world";

const capture = (change: Partial<CaptureConfig> = {}): CaptureConfig => ({
    token: "abc",
    reopen: true,
    maxClosedSeconds: 300,
    maxStaySeconds: 3600,
    startSeconds: 300,
    warmUp: true,
    notice: "Moving.",
    backMinutes: 5,
    drainSeconds: 1,
    force: false,
    database: "pointInTime",
    ...change,
});
const now = new Date("2026-11-21T12:00:00Z");
const at = (seconds: number) => new Date(Date.parse("2026-11-21T10:00:00Z") + seconds * 1000).toISOString();
const expected = ["vol-1", "vol-2", "vol-3"];
const ids = { "vol-1": "snap-1", "vol-2": "snap-2", "vol-3": "snap-3" };
const held: HeldSnapshot[] = Object.entries(ids).map(([source, id]) => ({
    id,
    source,
    state: "completed",
    startTime: at(2),
}));
const good: HostMarker = {
    token: "abc",
    state: "open",
    closedAt: at(0),
    frozenAt: at(1),
    thawingAt: at(3),
    openedAt: at(3),
    openedBy: "complete",
    quiet: { units: "inactive" },
    notes: { pointInTime: "2026-11-21T10:00:02.000Z", snapshots: ids },
};
const staying: HostMarker = {
    ...good,
    state: "staying",
    thawingAt: undefined,
    openedAt: undefined,
    openedBy: undefined,
    stayingSince: at(4),
};
const absent: HostMarker = { token: "abc", state: "absent" };

/** All endings that the hosts' scripts know, and some that they should not. */
const words = [
    "complete",
    "abort",
    "lost",
    "error",
    "terminated",
    "dead-man",
    "boot",
    "by-hand",
    "given-up",
    "called-off",
];
const states = ["armed", "closing", "frozen", "staying", "thawing", "open", "retired", "reverted", "unreadable"];
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 4 });
const anyMarker: fc.Arbitrary<HostMarker> = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(good, staying) },
    { weight: 1, arbitrary: fc.constant(absent) },
    {
        weight: 4,
        arbitrary: fc.record({
            token: fc.constant("abc"),
            state: fc.constantFrom(...states),
            closedAt: maybe(fc.constant(at(0))),
            frozenAt: maybe(fc.constant(at(1))),
            quiet: maybe(fc.constant({ units: "inactive" })),
            openedBy: fc.option(fc.constantFrom(...words), { nil: undefined }),
            stayingSince: fc.option(fc.constant(at(4)), { nil: undefined }),
            thawingAt: fc.option(fc.constantFrom(at(3), at(4), at(900), "no time"), { nil: undefined }),
            notes: fc.constant(good.notes),
        }),
    },
);

/** The rule, in its own words. */
function complete(marker: HostMarker): boolean {
    const { state, closedAt, frozenAt, quiet, openedBy, stayingSince, thawingAt } = marker;
    if (state === "unreadable" || !closedAt || !frozenAt || !quiet) return false;
    return stayingSince === undefined ? openedBy === "complete" : thawingAt === undefined || thawingAt === at(900);
}
const final = (marker: HostMarker) =>
    complete(marker) &&
    marker.stayingSince !== undefined &&
    marker.thawingAt === undefined &&
    ["staying", "retired"].includes(marker.state);

describe("what becomes of a capture", () => {
    const decide = (change: Partial<CaptureEvidence> = {}) =>
        decideCapture({ capture: capture(), now, expected, held, markers: [good, good, good], ...change });
    const reasons = (change: Partial<CaptureEvidence>) => {
        const decision = decide(change);
        return decision.kind === "void" ? decision.reasons.join("; ") : `(${decision.kind})`;
    };

    it("begins where nothing is there, is adopted where every host ended well, and asks nobody's `reopen`", () => {
        fc.assert(
            fc.property(
                fc.tuple(anyMarker, anyMarker, anyMarker),
                fc.subarray(held),
                fc.boolean(),
                (markers, there, reopen) => {
                    const { kind } = decide({ capture: capture({ reopen }), held: there, markers });
                    const untouched =
                        markers.every(({ closedAt, state }) => closedAt === undefined && state !== "unreadable") &&
                        there.length === 0;
                    const perfect = there.length === expected.length && markers.every(complete);
                    assert.equal(kind, untouched ? "begin" : perfect ? "adopt" : "void");
                },
            ),
            { numRuns: 2000 },
        );
    });

    it("is as a manifest says, which `reopen` can't change either", () => {
        fc.assert(
            fc.property(fc.tuple(anyMarker, anyMarker, anyMarker), (markers) => {
                const { state, final: isFinal, openedSince } = build(markers);
                assert.equal(state, markers.every(complete) ? "complete" : "void");
                assert.equal(isFinal, markers.every(final));
                if (state === "complete" && !isFinal && markers.every(({ stayingSince }) => stayingSince)) {
                    assert.ok((openedSince ?? []).length > 0, "somebody opened it, and the manifest does not say who");
                }
            }),
            { numRuns: 2000 },
        );
    });

    it("is void for ever where a host was frozen and told no end, or was opened by any other word", () => {
        const frozen = { ...good, state: "frozen", openedBy: undefined, thawingAt: undefined, openedAt: undefined };
        for (const reopen of [true, false]) {
            const asked = { capture: capture({ reopen }) };
            assert.match(reasons({ ...asked, markers: [good, good, frozen] }), /did not say how its window ended/);
            for (const word of words.filter((one) => one !== "complete")) {
                const opened = { ...good, openedBy: word };
                assert.match(reasons({ ...asked, markers: [good, opened, good] }), new RegExp(`opened by "${word}"`));
            }
            const late = { ...staying, state: "open", thawingAt: at(3), openedBy: "lost" };
            assert.match(reasons({ ...asked, markers: [staying, late, staying] }), /began to open \(lost\) before/);
        }
    });

    it("never begins where a host's memory can't be read", () => {
        const unreadable = { token: "abc", product: "connect" as const, state: "unreadable" };
        assert.match(
            reasons({ held: [], markers: [absent, absent, unreadable] }),
            /what connect remembers .* can't be read/,
        );
    });

    it("never believes snapshots that no host remembers", () => {
        assert.match(reasons({ markers: [] }), /no host remembers it/);
    });

    it("waits outside its maintenance window, and only while nothing has begun", () => {
        const outside = capture({ notBefore: "2026-11-22T00:00:00Z" });
        const over = capture({ notAfter: "2026-11-20T00:00:00Z" });
        const none = { held: [], markers: [absent, absent, absent] };
        assert.equal(decide({ capture: outside, ...none }).kind, "waiting");
        assert.equal(decide({ capture: over, ...none }).kind, "waiting");
        assert.equal(decide({ capture: over }).kind, "adopt");
    });

    it("goes on waiting while a host can't be asked, and neither begins, is adopted nor called void by the others' word", () => {
        const unasked = ["connect can't be asked"];
        const later = capture({ notBefore: "2026-11-22T00:00:00Z" });
        const over = capture({ notAfter: "2026-11-20T00:00:00Z" });
        for (const markers of [[absent, absent], []]) {
            const nothing = { held: [], markers, unasked };
            for (const outside of [later, over]) {
                const decision = decide({ capture: outside, ...nothing });
                assert.deepEqual(decision.kind === "waiting" && decision.unasked, unasked);
                // The cloud has something under its token, so it has begun.
                assert.equal(decide({ capture: outside, ...nothing, held: held.slice(0, 1) }).kind, "unknown");
            }
            assert.deepEqual(decide(nothing), { kind: "unknown", reasons: unasked });
        }
    });

    it("is decided while a host can't be asked only where nothing can hang on that host's word", () => {
        const windows = [capture(), capture({ notBefore: "2026-11-22T00:00:00Z" })];
        fc.assert(
            fc.property(
                fc.array(anyMarker, { maxLength: 2 }),
                fc.subarray(held),
                fc.constantFrom(...windows),
                (markers, there, asked) => {
                    const { kind } = decide({ capture: asked, held: there, markers, unasked: ["connect is off"] });
                    const begun = there.length > 0 || markers.some(({ closedAt }) => closedAt !== undefined);
                    const unreadable = markers.some(({ state }) => state === "unreadable");
                    const waits = asked.notBefore !== undefined && !begun && !unreadable;
                    assert.equal(kind, waits ? "waiting" : "unknown");
                },
            ),
            { numRuns: 1000 },
        );
        // What was recorded stands: nobody is asked.
        const recorded = manifest("abc");
        const there = recorded.volumes.map(({ volumeId: source, snapshotId: id }) => ({ ...held[0], id, source }));
        assert.equal(decide({ recorded, held: there, markers: [], unasked: ["connect is off"] }).kind, "adopt");
    });

    it("takes exactly the snapshots that were noted while it was closed, and names the others", () => {
        const second = { id: "snap-9", source: "vol-2", state: "pending", startTime: at(17) };
        for (const there of [
            [...held, second],
            [second, ...held],
        ]) {
            assert.deepEqual(decide({ held: there }), { kind: "adopt", snapshots: ids, pending: [], extras: [second] });
        }
        assert.match(reasons({ held: [held[0], held[2], second] }), /snap-2 of vol-2 is gone/);
    });

    it("believes no snapshot that failed, waits for one that is pending, and takes no other state for good", () => {
        const with2 = (state: string) => held.map((one) => (one.id === "snap-2" ? { ...one, state } : one));
        assert.match(reasons({ held: with2("error") }), /snap-2 of vol-2 failed/);
        assert.match(reasons({ held: with2("recoverable") }), /can't be restored \(state recoverable\)/);
        const pending = decide({ held: with2("pending") });
        assert.deepEqual(pending.kind === "adopt" && pending.pending, ["snap-2"]);
        const recorded = { ...manifest("abc"), databases: [], volumes: manifest("abc").volumes.slice(0, 1) };
        const [{ volumeId: source, snapshotId: id }] = recorded.volumes;
        const failed = [{ id, source, state: "error", startTime: at(2) }];
        assert.match(reasons({ recorded, held: failed }), /failed/);
    });

    it("needs every host to have noted the same snapshot of each source", () => {
        const other = { ...good, notes: { snapshots: { ...ids, "vol-3": "snap-4" } } };
        const lacking = { ...good, notes: { snapshots: { "vol-1": "snap-1", "vol-2": "snap-2" } } };
        const silent = { ...good, notes: { pointInTime: at(2) } };
        assert.match(reasons({ markers: [good, other, good] }), /do not agree .* vol-3 .*snap-3, snap-4/);
        assert.match(reasons({ markers: [lacking, lacking, lacking] }), /no snapshot of vol-3 was noted/);
        assert.match(reasons({ markers: [good, silent, good] }), /do not agree/);
        assert.match(reasons({ markers: [silent, silent, silent] }), /did not note .*older version/);
    });

    it("has a second opinion: what was started before the freeze or after the end is no part of it", () => {
        const started = (seconds: number) =>
            held.map((one, index) => (index === 0 ? { ...one, startTime: at(seconds) } : one));
        assert.equal(decide({ held: started(-2) }).kind, "adopt"); // clocks
        assert.match(reasons({ held: started(-30) }), /snap-1 .* not while it was closed/);
        assert.match(reasons({ held: started(60) }), /snap-1 .* not while it was closed/);
    });

    it("believes a recorded capture without asking hosts, but not in snapshots that are gone", () => {
        const recorded = manifest("abc");
        const there = recorded.volumes.map(({ volumeId: source, snapshotId: id }) => ({
            id,
            source,
            state: "completed",
            startTime: at(2),
        }));
        const evidence = { markers: [], recorded };
        const adopted = decide({ ...evidence, held: there });
        assert.deepEqual(
            adopted.kind === "adopt" && adopted.snapshots,
            Object.fromEntries(there.map(({ source, id }) => [source, id])),
        );
        assert.match(reasons({ ...evidence, held: there.slice(1) }), /snap-abc-0 of vol-0 is gone/);
        // Another snapshot of the same volume is no replacement.
        const other = { ...there[0], id: "snap-other" };
        assert.match(reasons({ ...evidence, held: [other, ...there.slice(1)] }), /snap-abc-0 of vol-0 is gone/);
    });

    it("never heals what is void", () => {
        const recorded = { ...manifest("abc"), state: "void" as const, reasons: ["connect was opened"] };
        assert.deepEqual(decide({ recorded }), { kind: "void", reasons: ["connect was opened"] });
    });

    it("lets a token stand for one capture only, recorded or not", () => {
        const recorded = manifest("abc");
        assert.deepEqual(changedSettings(capture(), recorded), []);
        assert.match(changedSettings(capture({ reopen: false }), recorded)[0], /reopen: true.*new token/);
        assert.match(changedSettings(capture({ database: "snapshot" }), recorded)[0], /database: pointInTime/);
        assert.deepEqual(changedSettings(capture({ reopen: false }), undefined), []);
        // Taken, and the run died before anything was recorded.
        assert.match(changedSettings(capture({ reopen: false }), undefined, [good, good, good])[0], /reopen: true/);
        assert.deepEqual(changedSettings(capture(), undefined, [good, good, good]), []);
        assert.deepEqual(changedSettings(capture({ reopen: false }), undefined, [absent, absent, absent]), []);
        assert.deepEqual(changedSettings(capture({ reopen: false }), undefined, [staying, staying, staying]), []);
        assert.deepEqual(changedSettings(capture({ reopen: true }), undefined, [staying, staying, staying]), []);
    });

    it("takes a final capture that was opened since as one that was final", () => {
        const opened = { ...manifest("abc"), final: false, openedSince: ['connect at 10:00 by "dead-man"'] };
        assert.deepEqual(changedSettings(capture({ reopen: false }), opened), []);
        assert.deepEqual(changedSettings(capture({ reopen: true }), opened), []);
    });

    it("opens a host that stays for nothing: a token that is gone, reopen: true, another host that was opened", () => {
        const captures = [capture({ reopen: false }), capture({ token: "t2", reopen: true })];
        assert.equal(whyGivenUp("abc", captures, {}), undefined);
        assert.equal(whyGivenUp("abc", captures, { abc: [], t2: ["connect"] }), undefined);
        assert.match(
            whyGivenUp("abc", captures, { abc: ['connect at … by "boot"'] }) ?? "",
            /a host was opened: connect/,
        );
        assert.match(whyGivenUp("t2", captures, {}) ?? "", /reopen: true/);
        assert.match(whyGivenUp("t3", captures, {}) ?? "", /not in posit:captures/);
    });
});

function build(markers: HostMarker[], change: Partial<ManifestParts> = {}) {
    return buildManifest({
        token: "abc",
        region: "us-east-1",
        snapshots: expected.map((volumeId) => ({
            product: "connect",
            mount: "/data",
            volumeId,
            snapshotId: ids[volumeId as keyof typeof ids],
            size: 20,
        })),
        servers: [],
        serverMethod: "pointInTime",
        databases: productIds.map((product) => ({
            product,
            database: { role: "main", kind: "rds", server: "legacy-db", name: product, user: product },
        })),
        descriptions: { "legacy-db": { engineVersion: "15.8", storageEncrypted: false } },
        speeds: {},
        markers,
        versions: {},
        inventoryDigest: "sha256:0",
        ...change,
    });
}

describe("a manifest", () => {
    it("has one moment for all hosts, or none", () => {
        assert.equal(build([good, good]).databases[0].restoreTime, "2026-11-21T10:00:02.000Z");
        const other = { ...good, notes: { ...good.notes, pointInTime: "2026-11-21T10:00:09.000Z" } };
        assert.match(build([good, other]).reasons.join(), /moment/);
    });

    it("needs the dump or the data directory that each host should carry, and nothing of SQLite", () => {
        const external = { role: "main" as const, kind: "external" as const, host: "db", port: 5432 };
        const carried = { role: "main" as const, method: "dump", path: "/data/x.dump", engineVersion: "15" };
        const parts: Partial<ManifestParts> = {
            databases: [
                { product: "connect", database: { ...external, name: "connect", user: "connect" } },
                { product: "packageManager", database: { role: "main", kind: "sqlite" } },
            ],
        };
        const whole = build([{ ...good, product: "connect", databases: [carried] }], parts);
        assert.equal(whole.state, "complete");
        assert.deepEqual(whole.volumeDatabases, [
            {
                method: "dump",
                product: "connect",
                role: "main",
                name: "connect",
                user: "connect",
                path: "/data/x.dump",
                engineVersion: "15",
            },
            { method: "sqlite", product: "packageManager", role: "main" },
        ]);
        const lacking = build([{ ...good, product: "connect" }], parts);
        assert.equal(lacking.state, "void");
        assert.match(lacking.reasons.join(), /connect did not note its database \(dump\)/);
    });

    it("measures how long each product was closed", () => {
        assert.deepEqual(build([{ ...good, product: "connect" }]).closedSeconds, { connect: 3 });
    });

    it("says what users waited for a product that was slow to answer, which voids nothing", () => {
        const slow = { ...good, product: "connect" as const, health: "ok", openedAt: at(183) };
        assert.equal(build([slow]).state, "complete");
        assert.deepEqual(build([slow]).closedSeconds, { connect: 183 });
        assert.deepEqual(build([slow]).waited, {});
        const failed = { ...slow, openedAt: undefined, state: "failed", health: "failed" };
        const manifest = build([failed]);
        assert.equal(manifest.state, "complete");
        assert.deepEqual([manifest.closedSeconds, manifest.waited], [{}, { connect: { health: "failed" } }]);
        const late = build([{ ...failed, openedAt: at(400) }]);
        assert.deepEqual(late.waited, { connect: { health: "failed", seconds: 400 } });
    });

    it("has the parts of the window, with those that newer hosts tell of", () => {
        const marker = { ...good, product: "connect" as const, stoppedAt: at(0.4) };
        const old = { stop: 0.4, proveQuiet: 0.6, request: 2, start: 0 };
        assert.deepEqual(build([marker]).phases, { connect: old });
        const times = { askedAt: at(-9), answeredAt: at(-8.9), quietAt: at(0.7), syncedAt: at(0.75) };
        assert.deepEqual(build([{ ...marker, ...times }]).phases, {
            connect: { ...old, question: 0.1, secondSync: 0.05 },
        });
    });

    it("says how fast each volume was, as far as the cloud did", () => {
        const speed = { type: "gp3", iops: 6000, throughput: 500 };
        const [first, ...others] = build([good], { speeds: { [expected[0]]: speed } }).volumes;
        assert.deepEqual(first.speed, speed);
        assert.ok(others.length > 0 && others.every((volume) => volume.speed === undefined));
    });

    it("says how each server is encrypted, since a restore is as its source is", () => {
        const key = "arn:aws:kms:us-east-1:123456789012:key/1";
        const plain = build([good]).databases[0];
        assert.deepEqual([plain.engineVersion, plain.storageEncrypted, plain.kmsKeyId], ["15.8", false, undefined]);
        const description = { engineVersion: "16.2", storageEncrypted: true, kmsKeyId: key };
        const encrypted = build([good], { descriptions: { "legacy-db": description } }).databases[0];
        assert.deepEqual(
            [encrypted.engineVersion, encrypted.storageEncrypted, encrypted.kmsKeyId],
            ["16.2", true, key],
        );
    });

    it("names the snapshots that hosts were told of, whatever the resource came back with", () => {
        const snapshots = [
            { product: "connect" as const, mount: "/d", volumeId: "vol-1", snapshotId: "snap-9", size: 1 },
        ];
        assert.equal(build([good], { snapshots }).volumes[0].snapshotId, "snap-1");
        const byServer = { ...good, notes: { snapshots: { ...ids, "legacy-db": "db-snap" } } };
        const parts: Partial<ManifestParts> = { servers: ["legacy-db"], serverMethod: "snapshot" };
        assert.equal(build([byServer], parts).databases[0].snapshotIdentifier, "db-snap");
        assert.match(build([good], parts).reasons.join(), /no snapshot of legacy-db was noted/);
    });
});
