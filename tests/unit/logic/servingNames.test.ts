// Which names are this stack's to change, and when they are written: as serving.test.ts has the hosts.
import assert from "node:assert/strict";
import { planServing, ServingPlan } from "../../../logic/serving";
import { Asked, down, leadingTo, names, published, question, recordsOf, serving, side, unknown } from "./servingWorld";

const plan = (change: Asked = {}) => planServing(question(change));
const gates = ({ unmet }: ServingPlan) => unmet.map(({ gate }) => gate);
const reason = { reason: "agreed by everybody" };

/** The side that is current is to serve, and serves. */
const back = (change: Asked = {}) =>
    plan({ target: side("listed", serving), targetOutputs: undefined, others: [], ...change });

describe("the names", () => {
    const first = (change: Asked) => back({ last: undefined, ...change });

    it("are taken over as they are by the first run, or refused with both values", () => {
        assert.deepEqual(gates(first({})), []);
        const { unmet } = first({
            held: { ...leadingTo("listed"), [names.connect]: [{ type: "A", values: ["10.1.9.11"], ttl: 3600 }] },
        });
        assert.equal(unmet.length, 1);
        assert.match(unmet[0].condition, /10\.1\.9\.11 with TTL 3600.* 10\.1\.0\.2 with TTL 60/);
        assert.deepEqual(gates(first({ held: leadingTo("listed", 300) })), Array(3).fill("names"));
        assert.deepEqual(
            gates(first({ held: leadingTo("listed", 300), overrides: [{ gate: "names", ...reason }] })),
            [],
        );
        assert.deepEqual(gates(first({ held: {} })), []);
    });

    it("that lead to public addresses are refused by the first run, which takes them over or makes them, and by the move", () => {
        const open = { publicAddress: "203.0.113.12" };
        const record = { type: "A", values: [open.publicAddress], ttl: 60 };
        const held = Object.fromEntries(Object.values(names).map((name) => [name, [record]]));
        const listed = side("listed", serving, {}, open);
        const { unmet } = first({ target: listed, held });
        assert.deepEqual(
            unmet.map(({ gate }) => gate),
            Array(3).fill("names.public"),
        );
        assert.match(unmet[0].condition, /leads to 203\.0\.113\.12, which is a public address, .*kind: external/);
        assert.deepEqual(gates(first({ target: listed, held: {} })), Array(3).fill("names.public"));
        const accepted = { overrides: [{ gate: "names.public", ...reason }] };
        assert.deepEqual(gates(first({ target: listed, held, ...accepted })), []);
        // Whoever began before this was asked goes on as it is, and is told before users are.
        const records = Object.fromEntries(
            Object.entries(published("listed")).map(([product, one]) => [product, { ...one, value: "203.0.113.12" }]),
        );
        const last = { side: "listed", records };
        assert.deepEqual(gates(back({ target: listed, held, last })), []);
        assert.deepEqual(gates(plan({ held, last })), Array(3).fill("names.public"));
        assert.deepEqual(gates(plan({ held, last, ...accepted })), []);
        const inPublicRange = side("new", down("quarantined"), {}, { publicAddress: "198.51.100.7" });
        assert.deepEqual(gates(plan({ held, last, target: inPublicRange })), []);
    });

    it("are this stack's own to change afterwards, and another name is not", () => {
        const last = { side: "listed", records: published("listed") };
        const lowered = back({ last, entryPoints: { names, ttl: 30 } });
        assert.deepEqual([gates(lowered), lowered.moving], [[], false]);
        const renamed = { ...names, connect: "other.example.com" };
        const held = { ...leadingTo("listed"), [renamed.connect]: [{ type: "A", values: ["10.9.9.9"], ttl: 60 }] };
        assert.deepEqual(gates(back({ last, held, entryPoints: { names: renamed, ttl: 60 } })), ["names"]);
        // Entry points that are declared later are as new as with the first run.
        assert.deepEqual(
            gates(back({ last: { side: "listed", records: {} }, held: leadingTo("listed", 300) })),
            Array(3).fill("names"),
        );
    });

    it("are as new as with the first run where people led them before", () => {
        const records = Object.fromEntries(
            Object.entries(published("listed")).map(([product, { name, value }]) => [product, { name, value }]),
        );
        const last = { side: "listed", records };
        assert.deepEqual(gates(back({ last, held: leadingTo("new") })), Array(3).fill("names"));
        const planned = back({ last });
        assert.deepEqual([gates(planned), planned.moving, planned.published.records], [[], false, published("listed")]);
    });

    for (const [what, record] of Object.entries({
        "an alias": { type: "A", values: [], ttl: 0, special: "an alias (A) of lb.example.com" },
        "a CNAME": { type: "CNAME", values: ["x.example.com"], ttl: 60 },
        "an IPv6 address": { type: "AAAA", values: ["fd00::1"], ttl: 60 },
    })) {
        it(`are refused with ${what} under one of them, whatever is overridden`, () => {
            const held = { ...leadingTo("listed"), [names.connect]: [record] };
            const { unmet } = back({ held, overrides: [{ gate: "names", ...reason }] });
            assert.equal(unmet.length, 1);
            assert.match(
                unmet[0].condition,
                /connect\.example\.com has .*(alias \(A\) of lb|CNAME|fd00::1).* external/,
            );
        });
    }

    it("are written again where the engine believes that they are right already", () => {
        const last = { side: "listed", records: published("listed") };
        const planned = back({ last, held: leadingTo("new"), others: [side("new", down("quarantined"))] });
        assert.deepEqual([planned.moving, gates(planned)], [true, []]);
        assert.deepEqual(
            recordsOf(planned).map(({ overwrite }) => overwrite),
            [true, true, true],
        );
        const quiet = back({ last: planned.published, others: [side("new", down("quarantined"))] });
        assert.deepEqual([quiet.moving, quiet.published], [false, planned.published]);
        // And again: the other way round.
        const again = back({
            last: planned.published,
            held: leadingTo("new"),
            others: [side("new", down("quarantined"))],
        });
        assert.ok(recordsOf(again).every(({ overwrite }) => overwrite === false));
    });

    it("may say another address of the same side without that being a move", () => {
        const target = side("listed", unknown, {}, { publicAddress: "203.0.113.1" });
        const planned = back({ target, last: { side: "listed", records: published("listed") } });
        assert.deepEqual([planned.moving, gates(planned)], [false, []]);
    });
});
