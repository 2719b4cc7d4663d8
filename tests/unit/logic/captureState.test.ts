// What becomes of a capture, from what hosts and cloud say, against a model: begun only where nothing is there, adopted only when all is.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { CaptureConfig } from "../../../config/schema";
import { changedSettings, decideCapture, givenUpCaptures, type HostMarker } from "../../../logic/captureState";
import { buildManifest, ManifestParts } from "../../../logic/manifest";
import { productIds } from "../../../products/ids";
import { manifest } from "../../program/world";

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
const good: HostMarker = {
    token: "abc",
    state: "open",
    closedAt: "2026-11-21T10:00:00Z",
    frozenAt: "2026-11-21T10:00:01Z",
    openedAt: "2026-11-21T10:00:03Z",
    openedBy: "complete",
    quiet: { units: "inactive" },
    notes: { pointInTime: "2026-11-21T10:00:02.000Z" },
};
const absent: HostMarker = { token: "abc", state: "absent" };
const expected = ["vol-1", "vol-2", "vol-3"];

const anyMarker = fc.constantFrom<HostMarker>(
    good,
    absent,
    { ...absent, state: "open", armedAt: "2026-11-21T10:00:00Z", openedBy: "abort" },
    { ...good, frozenAt: undefined },
    { ...good, quiet: undefined },
    { ...good, openedBy: "dead-man" },
    { ...good, openedBy: "lost" },
    { ...good, openedBy: undefined, openedAt: undefined, state: "frozen" },
);

describe("what becomes of a capture", () => {
    it("begins only where no host was closed and no snapshot is there, and is adopted only when nothing is wrong", () => {
        fc.assert(
            fc.property(fc.tuple(anyMarker, anyMarker, anyMarker), fc.subarray(expected), (markers, held) => {
                const { kind } = decideCapture({ capture: capture(), now, expected, held, markers });
                const untouched = markers.every(({ closedAt }) => closedAt === undefined) && held.length === 0;
                const perfect = held.length === expected.length && markers.every((marker) => marker === good);
                assert.equal(kind, untouched ? "begin" : perfect ? "adopt" : "void");
            }),
        );
    });

    it("waits outside its maintenance window, and only while nothing has begun", () => {
        const outside = capture({ notBefore: "2026-11-22T00:00:00Z" });
        const over = capture({ notAfter: "2026-11-20T00:00:00Z" });
        const none = { now, expected, held: [], markers: [absent, absent, absent] };
        assert.equal(decideCapture({ capture: outside, ...none }).kind, "waiting");
        assert.equal(decideCapture({ capture: over, ...none }).kind, "waiting");
        const done = { now, expected, held: expected, markers: [good, good, good] };
        assert.equal(decideCapture({ capture: over, ...done }).kind, "adopt");
    });

    it("believes a recorded capture without asking hosts, but not in snapshots that are gone", () => {
        const recorded = manifest("abc");
        const evidence = { capture: capture(), now, expected, markers: [], recorded };
        assert.equal(decideCapture({ ...evidence, held: expected }).kind, "adopt");
        const lost = decideCapture({ ...evidence, held: ["vol-1", "vol-2"] });
        assert.match(lost.kind === "void" ? lost.reasons.join() : "", /vol-3 is gone/);
    });

    it("never heals what is void", () => {
        const recorded = { ...manifest("abc"), state: "void" as const, reasons: ["connect was opened"] };
        const decision = decideCapture({
            capture: capture(),
            now,
            expected,
            held: expected,
            markers: [good],
            recorded,
        });
        assert.deepEqual(decision, { kind: "void", reasons: ["connect was opened"] });
    });

    it("lets a token stand for one capture only", () => {
        const recorded = manifest("abc");
        assert.deepEqual(changedSettings(capture(), recorded), []);
        assert.match(changedSettings(capture({ reopen: false }), recorded)[0], /reopen: true.*new token/);
        assert.match(changedSettings(capture({ database: "snapshot" }), recorded)[0], /database: pointInTime/);
        assert.deepEqual(changedSettings(capture({ reopen: false }), undefined), []);
    });

    it("takes a final capture as given up when it is asked to reopen, or is gone", () => {
        const final = { ...manifest("abc"), final: true };
        assert.deepEqual(givenUpCaptures([capture({ reopen: false })], { abc: final }), []);
        assert.deepEqual(givenUpCaptures([capture({ reopen: true })], { abc: final }), ["abc"]);
        assert.deepEqual(givenUpCaptures([], { abc: final }), ["abc"]);
        assert.deepEqual(givenUpCaptures([], { abc: manifest("abc") }), []);
    });
});

describe("a manifest", () => {
    const build = (markers: HostMarker[], final = false, change: Partial<ManifestParts> = {}) =>
        buildManifest({
            token: "abc",
            final,
            region: "us-east-1",
            snapshots: [],
            serverSnapshots: [],
            serverMethod: "pointInTime",
            volumeDatabases: [],
            databases: productIds.map((product) => ({ product, server: "legacy-db", name: product, role: product })),
            engineVersions: { "legacy-db": "15.8" },
            markers,
            versions: {},
            inventoryDigest: "sha256:0",
            ...change,
        });

    it("is complete only when every host closed, was quiet and opened by completion", () => {
        fc.assert(
            fc.property(fc.array(anyMarker, { minLength: 1, maxLength: 4 }), (markers) => {
                const { state, reasons } = build(markers);
                assert.equal(state, markers.every((marker) => marker === good) ? "complete" : "void");
                assert.equal(reasons.length === 0, state === "complete");
            }),
        );
    });

    it("has one moment for all hosts, or none", () => {
        assert.equal(build([good, good]).databases[0].restoreTime, "2026-11-21T10:00:02.000Z");
        const other = { ...good, notes: { pointInTime: "2026-11-21T10:00:09.000Z" } };
        assert.match(build([good, other]).reasons.join(), /moment/);
    });

    it("needs the dump or the data directory that each host should carry, and nothing of SQLite", () => {
        const carried = { method: "dump" as const, path: "/data/x.dump", engineVersion: "15" };
        const parts = {
            databases: [],
            volumeDatabases: [
                { product: "connect" as const, method: "dump" as const, name: "connect", role: "connect" },
                { product: "packageManager" as const, method: "sqlite" as const, name: "", role: "" },
            ],
        };
        const whole = build([{ ...good, product: "connect", database: carried }], false, parts);
        assert.equal(whole.state, "complete");
        assert.deepEqual(whole.volumeDatabases, [
            {
                method: "dump",
                product: "connect",
                name: "connect",
                role: "connect",
                path: "/data/x.dump",
                engineVersion: "15",
            },
            { method: "sqlite", product: "packageManager" },
        ]);
        const lacking = build([{ ...good, product: "connect" }], false, parts);
        assert.equal(lacking.state, "void");
        assert.match(lacking.reasons.join(), /connect did not note its database \(dump\)/);
    });

    it("measures how long each product was closed", () => {
        assert.deepEqual(build([{ ...good, product: "connect" }]).closedSeconds, { connect: 3 });
    });
});
