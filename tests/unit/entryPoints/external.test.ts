// Names that somebody else leads: what is refused on the first day and before a move, what counts as answering from a side, what people are
// told, and how a move waits. Does not prove that what answers so is that very host: docs/entry-points.md says what is left.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { externalNames, foundExternal } from "../../../entryPoints/external";
import { isRight } from "../../../entryPoints/seenNames";
import type { FoundNames, NamesPlan, SeenName } from "../../../logic/entryPoint";
import { planServing, ServingPlan, ServingQuestion } from "../../../logic/serving";
import { perProduct, ProductId } from "../../../products";
import { urlOf } from "../../../products/endpoint";
import { localEndpoint, usualPort } from "../../../products/endpoints";
import {
    addressOf,
    down,
    names,
    question,
    serving,
    side,
    staying,
    stayingMarker,
    unknown,
} from "../logic/servingWorld";

type Seen = Record<ProductId, SeenName>;

const settings = { names, scheme: "http" as const, patienceMinutes: 10 };
const local = perProduct((product) => localEndpoint(`${product}.internal`, usualPort(product)));
/** Of a load balancer, whose address says nothing. */
const behind = (status?: number): SeenName => ({
    addresses: ["203.0.113.9"],
    answers: [status === undefined ? { problem: "timed out" } : { status }],
});
const nowhere: SeenName = { addresses: [], answers: [], problem: "DNS has no address for it here: ENOTFOUND" };
const straight = (key: string, product: ProductId, status: number): SeenName => ({
    addresses: [addressOf(key, product)],
    answers: [{ status }],
});
const all = (seen: SeenName): Seen => perProduct(() => seen);
const found = (seen: Seen): FoundNames => foundExternal(settings, local, seen, async () => seen);
/** As published while that side served; `listedStatus` since the hosts in posit:current were last seen to. */
const known = (key: string, listedStatus?: number) =>
    perProduct((product) => ({
        ...{ name: names[product], value: addressOf(key, product) },
        ...(listedStatus !== undefined && { listedStatus }),
    }));

const plan = (seen: Seen, change: Partial<ServingQuestion> = {}) =>
    planServing(question({ last: { side: "listed", records: known("listed") }, ...change, names: found(seen) }));
const standing = (seen: Seen, change: Partial<ServingQuestion> = {}) =>
    plan(seen, { target: side("listed", serving), targetOutputs: undefined, others: [], ...change });
const conditions = ({ unmet }: ServingPlan) => unmet.map(({ gate, condition }) => `[${gate}] ${condition}`);

describe("names that something else leads", () => {
    it("are right on the first day when they answer as the side that serves, behind a balancer or straight", () => {
        const straightOn = perProduct((product) => straight("listed", product, 404));
        for (const seen of [all(behind(200)), all(behind(404)), straightOn]) {
            const planned = standing(seen, { last: undefined });
            assert.deepEqual([planned.unmet, planned.moving], [[], false]);
            // Without a health page nobody knows yet whether the new side's will come through; said once.
            assert.equal(planned.warnings.length, seen.connect.answers[0].status === 200 ? 0 : 3);
            assert.deepEqual(standing(seen).warnings, []);
            assert.deepEqual(planned.published.records, known("listed", seen.connect.answers[0].status));
        }
    });

    it("are refused on the first day when they can't be asked, or something else answers, with what was seen", () => {
        const seenSo: [SeenName, RegExp][] = [
            [nowhere, /ENOTFOUND/],
            [behind(), /203\.0\.113\.9; no answer: timed out/],
            [behind(502), /203\.0\.113\.9; answers 502/],
            [
                { addresses: ["203.0.113.9"], answers: [{ status: 301, sentOn: "https://connect.example.com" }] },
                /answers 301 and leads on to https:/,
            ],
        ];
        for (const [seen, words] of seenSo) {
            const planned = standing({ ...all(behind(200)), connect: seen }, { last: undefined });
            assert.deepEqual(
                planned.unmet.map(({ gate }) => gate),
                ["names"],
            );
            assert.match(planned.unmet[0].condition, new RegExp(`^${names.connect} does not answer as Connect`));
            assert.match(planned.unmet[0].condition, words);
        }
    });

    it("prove nothing, and refuse nothing, while the side is closed or can't be asked", () => {
        for (const how of [staying, unknown]) {
            const planned = standing(all(behind(503)), { last: undefined, target: side("listed", how) });
            assert.deepEqual(planned.unmet, []);
            assert.deepEqual(planned.published.records, {}, "nobody has seen them yet");
        }
    });

    it("that led astray are a move; that can't be asked are only said", () => {
        const elsewhere: SeenName[] = [
            behind(503),
            { addresses: ["203.0.113.9"], answers: [{ problem: "ECONNREFUSED", refused: true }] },
            straight("new", "connect", 200),
        ];
        const others = [side("new", down("quarantined"))];
        for (const seen of elsewhere) {
            assert.equal(standing({ ...all(behind(200)), connect: seen }, { others }).moving, true);
        }
        const last = { side: "listed", records: known("listed", 200) };
        const silent = standing({ ...all(behind(200)), connect: behind() }, { others, last });
        assert.equal(silent.moving, false);
        assert.match(silent.warnings.join(), /connect\.example\.com can't be asked from here \(203.*timed out\)/);
        assert.deepEqual(
            silent.published.records,
            known("listed", 200),
            "one that can't be asked keeps what was known",
        );
    });

    it("may answer otherwise after an update of production: no move, and noted for the way back", () => {
        const last = { side: "listed", records: known("listed", 404) };
        const planned = standing(all(behind(200)), { last });
        assert.deepEqual([planned.unmet, planned.moving], [[], false]);
        assert.deepEqual(planned.published.records, known("listed", 200));
        // Where a balancer's hosts don't agree nothing is learnt.
        const mixed = { addresses: ["203.0.113.8", "203.0.113.9"], answers: [{ status: 200 }, { status: 302 }] };
        assert.deepEqual(standing(all(mixed), { last }).published.records, known("listed", 404));
    });

    it("are published with what listed hosts answered before, wherever they move", () => {
        const last = { side: "listed", records: known("listed", 404) };
        assert.deepEqual(plan(all(behind(503)), { last }).published.records, known("new", 404));
    });

    it("must have been seen to answer, and be in DNS, before they move", () => {
        assert.deepEqual(plan(all(behind(503))).unmet, []);
        const never = conditions(plan(all(behind(503)), { last: { side: "listed", records: {} } }));
        assert.equal(never.length, 3);
        for (const line of never)
            assert.match(line, /^\[names\] .* was never seen to answer from the side that serves/);
        const gone = conditions(plan({ ...all(behind(503)), workbench: nowhere }));
        assert.equal(gone.length, 1);
        assert.match(gone[0], /^\[names\] workbench\.example\.com can't be asked from here/);
        // As records of a zone they were led by this program: nobody has tried whether they can be asked.
        const records = perProduct((product) => ({ ...known("listed")[product], ttl: 60 }));
        assert.equal(plan(all(behind(503)), { last: { side: "listed", records } }).unmet.length, 3);
    });

    it("are no obstacle to the way back", () => {
        const last = { side: "new", retired: "listed", direction: "forward" as const, records: known("new") };
        const planned = standing(all(nowhere), {
            last,
            target: side("listed", down("retired")),
            others: [side("new", serving)],
            overrides: [{ gate: "serve.back" }],
        });
        assert.deepEqual([planned.unmet, planned.moving], [[], true]);
    });

    it("go back without an override only from a side that was never opened: people lead names when they like", () => {
        const reverted = (how: Parameters<typeof side>[1], seen: Seen) =>
            standing(seen, { target: side("listed", down("retired")), others: [side("new", how)] });
        assert.deepEqual(reverted(down("quarantined"), all(behind(503))).unmet, []);
        assert.deepEqual(
            reverted(serving, all(behind(503))).unmet.map(({ gate }) => gate),
            ["serve.back"],
        );
        const early = perProduct((product) => straight("new", product, 200));
        assert.deepEqual(
            reverted(down("quarantined"), early).unmet.map(({ gate }) => gate),
            ["serve.back"],
        );
    });

    it("are told to people with what leads where, and where to: name, address, port", () => {
        const planned = plan({ ...all(behind(503)), connect: straight("listed", "connect", 503) });
        assert.deepEqual(planned.names!.byHand.slice(2), [
            `${names.workbench} leads to 203.0.113.9; answers 503 → must lead to ${addressOf("new", "workbench")}, port 8787 (Workbench of stack new)`,
            `${names.connect} leads to ${addressOf("listed", "connect")}; answers 503 → must lead to ${addressOf("new", "connect")}, port 3939 (Connect of stack new)`,
        ]);
        // Once the hosts are there, only what is left.
        const left = plan(
            { ...all(behind(200)), connect: behind(503) },
            { target: side("new", serving), others: [side("listed", down("retired"), {}, { marker: stayingMarker })] },
        );
        assert.deepEqual(
            left.names!.byHand.slice(1).map((line) => line.split(" ")[0]),
            [names.connect],
        );
        assert.deepEqual(left.unmet, []);
    });

    it("are asked where users ask: at the port of all, of https, or of the host that serves", async () => {
        const asked: string[] = [];
        const ask = async (change: object) => {
            asked.length = 0;
            await externalNames({ ...settings, ...change }).find({
                local: { ...local, connect: localEndpoint("10.1.0.12", 3940) },
                questions: {
                    records: () => Promise.reject(new Error("no zone is asked")),
                    answers: async ({ endpoint, path }) => {
                        asked.push(urlOf(endpoint, path));
                        return behind(200);
                    },
                },
            });
            return asked[2];
        };
        assert.equal(await ask({}), `http://${names.connect}:3940/__ping__`);
        assert.equal(await ask({ scheme: "https" }), `https://${names.connect}/__ping__`);
        assert.equal(await ask({ port: 8443 }), `http://${names.connect}:8443/__ping__`);
    });
});

const answer = fc.record(
    {
        status: fc.constantFrom(200, 204, 301, 402, 404, 500, 502, 503),
        cached: fc.constant(true),
        sentOn: fc.constant("https://x"),
        refused: fc.constant(true),
        problem: fc.constant("no"),
    },
    { requiredKeys: [] },
);
const address = fc.constantFrom("10.1.0.2", "10.2.0.2", "203.0.113.9");
const anyName: fc.Arbitrary<SeenName> = fc
    .array(fc.tuple(address, answer), { maxLength: 3 })
    .map((seen) => ({ addresses: seen.map(([one]) => one), answers: seen.map(([, one]) => one) }));

describe("a name, in whatever state it is seen", () => {
    const elsewhere = ["10.1.0.2"];

    it("is right only where every address answers as a product that works, and none is the other side's", () =>
        fc.assert(
            fc.property(anyName, fc.boolean(), (seen, made) => {
                const right = isRight({ made, elsewhere }, seen);
                if (!right) return;
                assert.ok(seen.answers.length > 0 && seen.answers.length === seen.addresses.length);
                assert.ok(!seen.addresses.includes("10.1.0.2"));
                for (const { status, cached, sentOn } of seen.answers) {
                    assert.ok(status !== undefined && status < 500 && !cached && !sentOn);
                    assert.ok(!made || status === 200);
                }
            }),
        ));

    it("is never a move and unasked at once, and is one of right, a move, or said", () =>
        fc.assert(
            fc.property(anyName, (seen) => {
                const { moving, warnings, unmet } = standing(
                    { ...all(behind(200)), connect: seen },
                    { others: [side("new", down("quarantined"))] },
                );
                const right = isRight({ made: false, elsewhere: [addressOf("new", "connect")] }, seen);
                assert.deepEqual(
                    unmet.filter(({ gate }) => gate === "names"),
                    [],
                );
                assert.equal([right, moving, warnings.length > 0].filter(Boolean).length, 1);
            }),
        ));
});

describe("a move of names that something else leads", () => {
    /** Waits as the plan does; `states` are what is seen in each round, the last one for ever. */
    async function waiting(states: Seen[], change: Partial<ServingQuestion> = {}) {
        const said: string[] = [];
        const clock = { time: 0, now: () => clock.time, sleep: async (ms: number) => void (clock.time += ms) };
        let round = 0;
        const ask = async () => states[Math.min(round++, states.length - 1)];
        const { names: planned } = planServing(
            question({
                target: side("new", serving),
                others: [side("listed", down("retired"), {}, { marker: stayingMarker })],
                last: { side: "listed", records: known("listed") },
                ...change,
                names: foundExternal(settings, local, states[0], ask, clock),
            }),
        );
        const failure = await atTheEnd(planned!, (line) => said.push(line)).then(
            () => undefined,
            (error: Error) => error.message,
        );
        return { said, failure, rounds: round, minutes: clock.time / 60_000 };
    }

    async function atTheEnd(planned: NamesPlan, say: (line: string) => void): Promise<void> {
        const acts: ((say: (line: string) => void) => Promise<void>)[] = [];
        planned.lead({ record: () => assert.fail("no record is made"), atTheEnd: (act) => acts.push(act) });
        for (const act of acts) await act(say);
    }

    const times = (count: number, seen: Seen) => Array.from({ length: count }, () => seen);
    const [before, after] = [all(behind(503)), all(behind(200))];

    it("ends once all three have answered from the new side for five rounds in a row", async () => {
        const { said, failure, rounds } = await waiting([...times(3, before), after]);
        assert.equal(failure, undefined);
        assert.equal(rounds, 3 + 5);
        assert.match(said[0], /^waiting for 0 of 10 minutes; to be changed by hand now:$/);
        assert.match(said[1], /^- package.* leads to .*answers 503 → must lead to /);
        assert.equal(said.length, 1 + 3 + 1);
        // While a run goes on, an engine without a terminal shows the first line of a message only.
        assert.ok(said.every((message) => !message.includes("\n")));
        assert.match(said[said.length - 1], /answer from stack new$/);
    });

    it("begins to count anew when one is led back, or a balancer sends every other question elsewhere", async () => {
        const half = { ...after, connect: behind(503) };
        assert.equal((await waiting([...times(4, after), half, after])).rounds, 4 + 1 + 5);
        const { failure, minutes } = await waiting(
            Array.from({ length: 400 }, (_, index) => (index % 2 ? half : after)),
        );
        assert.match(failure!, /after 10 minutes/);
        assert.ok(minutes >= 10 && minutes < 11, String(minutes));
    });

    it("says once a minute what is left, and ends with that when its patience is over", async () => {
        const half = { ...after, workbench: nowhere };
        const { said, failure } = await waiting([before, half]);
        const minutes = said.flatMap((message, index) => (message.startsWith("waiting") ? [index] : []));
        assert.equal(minutes.length, 10);
        assert.equal(minutes[1] - minutes[0], 1 + 3);
        assert.deepEqual(
            said.slice(minutes[1] + 1, minutes[2]).map((message) => message.split(" ")[1]),
            ["workbench.example.com"],
        );
        assert.match(failure!, /^after 10 minutes these names do not answer from stack new, which is open/);
        assert.match(failure!, / {2}- workbench\.example\.com leads to DNS has no address/);
        assert.match(failure!, /Nothing is published\. .*`pulumi up` again, which goes on waiting/);
    });

    it("is the same on the way back, where a product need not tell its health", async () => {
        const back = {
            target: side("listed", serving),
            targetOutputs: undefined,
            others: [side("new", down("quarantined"))],
            last: { side: "new", records: known("new") },
        };
        assert.equal((await waiting([before, all(behind(404))], back)).failure, undefined);
        const stale = perProduct((product) => straight("new", product, 404));
        assert.match((await waiting([stale], back)).failure!, /answer from the hosts in posit:current/);
        // Known from when they served: a balancer's own page for what is gone is none of theirs, and 404 may be theirs.
        const told = { ...back, last: { side: "new", records: known("new", 200) } };
        assert.equal((await waiting([before, all(behind(200))], told)).failure, undefined);
        assert.match(
            (await waiting([all(behind(404))], told)).failure!,
            /answers 404 → must lead to .* and answer 200, as when it last served$/m,
        );
        const without = { ...back, last: { side: "new", records: known("new", 404) } };
        assert.equal((await waiting([before, all(behind(404))], without)).failure, undefined);
        assert.match((await waiting([all(behind(200))], without)).failure!, /and answer 404, as when it last served/);
    });
});
