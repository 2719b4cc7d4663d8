// Who serves, case by case: what is refused and by which gate, what runs where and in which order, what stands. The model beside this attacks
// the whole of it. Does not prove that hosts do what they are told (tests/unit/hosts/serve.test.ts, the rehearsal).
import assert from "node:assert/strict";
import type { HostState } from "../../../contract/host";
import { ServingPlan, ServingQuestion } from "../../../logic/serving";
import { productIds } from "../../../products/ids";
import {
    addressOf,
    all,
    Asked,
    back,
    down,
    fresh,
    gates,
    leadingTo,
    migrated,
    names,
    plan,
    published,
    question,
    reason,
    recordsOf,
    serving,
    side,
    staying,
    stayingMarker,
    unknown,
} from "./servingWorld";

describe("the move forward", () => {
    it("takes everybody down before anybody comes up, Package Manager first, then asks for health", () => {
        const planned = plan();
        assert.deepEqual(gates(planned), []);
        assert.deepEqual(
            fresh(planned).sort(),
            [...all("health", "new"), ...all("open", "new"), ...all("retire", "listed")].sort(),
        );
        const by = (action: string) => planned.commands.filter((command) => command.action === action);
        const keys = (action: string) => by(action).map(({ key }) => key);
        by("open").forEach(({ product, after }, index) => {
            assert.equal(product, productIds[index]);
            assert.deepEqual(after, [...keys("retire"), ...keys("open").slice(0, index)]);
        });
        by("health").forEach(({ after }) => assert.deepEqual(after, [...keys("retire"), ...keys("open")]));
        assert.deepEqual(
            recordsOf(planned).map(({ name, value }) => [name, value]),
            productIds.map((product) => [names[product], addressOf("new", product)]),
        );
        assert.deepEqual(by("retire").map(({ variables }) => variables)[0], {
            TOKEN: "f",
            EVEN_OPEN: "",
            START_SECONDS: "300",
        });
    });

    it("waits for products as long as the capture grants that is served, and on the way back as long as any does", () => {
        const configured = [
            { token: "f", startSeconds: 600 },
            { token: "g", startSeconds: 900 },
        ] as ServingQuestion["configured"];
        const waits = ({ commands }: ServingPlan) => [
            ...new Set(commands.map(({ variables }) => variables.START_SECONDS)),
        ];
        assert.deepEqual(waits(plan({ configured })), ["600"]);
        const left = back({ configured, others: [side("new", serving)], target: side("listed", down("retired")) });
        assert.ok(left.commands.length > 0);
        assert.deepEqual(waits(left), ["900"]);
    });

    it("stands afterwards: nothing runs again, and what is published is what was published", () => {
        const moved = plan();
        const again = (change: Asked) =>
            plan({
                target: side("new", serving),
                others: [side("listed", down("retired"))],
                held: leadingTo("new"),
                last: moved.published,
                move: "m2",
                ...change,
            });
        const standing = again({});
        assert.equal(standing.moving, false);
        assert.deepEqual(fresh(standing), []);
        assert.deepEqual(standing.published, moved.published);
        // Old hosts stopped for weeks; twice.
        const asleep = again({ others: [side("listed", unknown)] });
        assert.deepEqual([gates(asleep), fresh(asleep)], [[], []]);
        assert.equal(asleep.warnings.length, 3);
        assert.deepEqual(asleep.published, moved.published);
        // One is started again, while the others stay dead.
        const returned = again({ others: [side("listed", unknown, { connect: serving })] });
        assert.deepEqual(gates(returned), []);
        assert.deepEqual(fresh(returned), ["retire listed connect"]);
        assert.equal(returned.commands.find(({ action }) => action === "retire")!.variables.EVEN_OPEN, "true");
    });

    const cases: [string, Asked, string[]][] = [
        [
            "an environment without content",
            { targetOutputs: { ...migrated, phase: "install", receipts: {}, restored: undefined } },
            ["migrated", "final"],
        ],
        [
            "failed checks",
            { targetOutputs: { ...migrated, receipts: { migrate: { digest: "sha256:m", body: { passed: false } } } } },
            ["migrated"],
        ],
        [
            "a receipt that lost what it says",
            { targetOutputs: { ...migrated, receipts: { migrate: { digest: "sha256:m" } } } },
            ["migrated"],
        ],
        ["a receipt that nobody accepted", { targetOutputs: { ...migrated, accepted: {} } }, ["accepted"]],
        [
            "a capture that production went on after",
            {
                others: [
                    side(
                        "listed",
                        serving,
                        {},
                        { marker: { ...stayingMarker, stayingSince: undefined, state: "open", thawingAt: "t" } },
                    ),
                ],
                captures: { f: { ...question().captures.f, final: false } },
            },
            ["final"],
        ],
        ["a void capture", { captures: { f: { ...question().captures.f, state: "void" } } }, ["final"]],
        [
            "a window that was opened",
            {
                others: [
                    side(
                        "listed",
                        serving,
                        {},
                        { marker: { ...stayingMarker, state: "open", thawingAt: "t", openedAt: "u" } },
                    ),
                ],
            },
            ["serve.window"],
        ],
        [
            "a window that was opened, and the manifest knows it",
            {
                captures: { f: { ...question().captures.f, final: false } },
                others: [side("listed", serving, {}, { marker: { ...stayingMarker, thawingAt: "t" } })],
            },
            ["serve.window"],
        ],
        [
            "a thaw under way behind the flag that says staying",
            { others: [side("listed", staying, {}, { marker: { ...stayingMarker, thawingAt: "t" } })] },
            ["serve.window"],
        ],
        [
            "a host that stays for another capture",
            { others: [side("listed", { ...staying, token: "g" }, {}, { marker: stayingMarker })] },
            ["serve.window"],
        ],
        ["reopen: true beside it", { configured: [{ token: "f", reopen: true }] as never }, ["reopen"]],
        [
            "an old host that can't be asked",
            { others: [side("listed", staying, { connect: unknown }, { marker: stayingMarker })] },
            ["serve.unreachable"],
        ],
        [
            "a new host that can't be asked",
            { target: side("new", down("quarantined"), { connect: unknown }) },
            ["serve.unreachable"],
        ],
        [
            "another environment that can't be asked",
            { others: [...question().others, side("other", unknown)] },
            Array(3).fill("serve.unreachable"),
        ],
    ];
    for (const [what, change, expected] of cases) {
        it(`is refused for ${what}`, () => assert.deepEqual(gates(plan(change)), expected));
    }

    it("lists what would be lost, of hosts that can be asked", () => {
        const { unmet } = plan({
            others: [side("listed", serving, { connect: staying }, { marker: { ...stayingMarker, thawingAt: "t" } })],
        });
        assert.deepEqual(unmet[0].losses!.map(({ side, product, since }) => [side, product, since])[0], [
            "listed",
            "packageManager",
            stayingMarker.frozenAt,
        ]);
    });

    it("goes on without a host that the cloud says is stopped, once that is accepted, and never dials it", () => {
        const dead = (cloud?: string) => ({
            others: [
                {
                    key: "listed",
                    hosts: side("listed", staying, { connect: unknown }, { marker: stayingMarker }).hosts.map(
                        (host) => ({ ...host, cloud }),
                    ),
                },
            ],
            overrides: [{ gate: "serve.unreachable", ...reason }],
        });
        assert.deepEqual(gates(plan(dead("running"))), ["serve.unreachable"]);
        assert.deepEqual(gates(plan(dead("not known: access denied"))), ["serve.unreachable"]);
        const planned = plan(dead("stopped"));
        assert.deepEqual(gates(planned), []);
        assert.ok(!planned.commands.some(({ instanceId }) => instanceId === "i-listed-connect"));
        // Of the new side nobody is left out.
        assert.deepEqual(
            gates(
                plan({
                    target: side("new", down("quarantined"), { connect: unknown }, { cloud: "stopped" }),
                    overrides: dead().overrides,
                }),
            ),
            ["serve.unreachable"],
        );
    });

    it("asks its gates again after a run that failed, and none when hosts say that it was made", () => {
        const opened = { marker: { ...stayingMarker, thawingAt: "t" } };
        const reopened = { others: [side("listed", down("retired"), { connect: serving }, opened)] };
        const last = { side: "new", retired: "listed", direction: "forward" as const, records: published("new") };
        assert.deepEqual(gates(plan({ ...reopened, last })), ["serve.window"]);
        const made = plan({ target: side("new", serving), others: [side("listed", down("retired"), {}, opened)] });
        assert.deepEqual(gates(made), []);
        assert.deepEqual(fresh(made), all("health", "new"));
    });

    it("goes on where a run was broken off before a host could note that it was retired, unless something ran there since", () => {
        const broken = { ...down("retired"), state: "halfway" };
        const found = (connect: Partial<HostState>, change: object = {}) =>
            plan({ others: [side("listed", staying, { connect }, { marker: { ...stayingMarker, ...change } })] });
        assert.deepEqual(gates(found(broken)), []);
        for (const [connect, change] of [
            [{ ...broken, running: ["x active"] }, {}],
            [{ ...broken, token: "g" }, {}],
            [{ ...broken, state: "" }, {}],
            [broken, { thawingAt: "t" }],
            [broken, { state: "reverted" }],
        ] as [Partial<HostState>, object][]) {
            assert.deepEqual(gates(found(connect, change)), ["serve.window"]);
        }
    });

    it("says when a stay is about to end", () => {
        assert.equal(plan().warnings.length, 0);
        assert.equal(plan({ now: new Date("2026-11-28T23:45:00Z") }).warnings.length, 3);
    });

    it("opens a host that was opened halfway, and retires one that was retired halfway", () => {
        const planned = plan({
            target: side("new", serving, { connect: down("serving") }),
            others: [
                side(
                    "listed",
                    down("retired"),
                    { connect: { side: "retired", token: "f", running: ["x active"] } },
                    { marker: { ...stayingMarker, state: "retired" } },
                ),
            ],
        });
        assert.deepEqual(fresh(planned).slice(0, 2), ["retire listed connect", "open new connect"]);
    });

    it("closes the way for an environment that serves while another is to serve", () => {
        const planned = plan({
            others: [
                side("listed", down("retired"), {}, { marker: { ...stayingMarker, state: "retired" } }),
                side("other", serving),
            ],
            last: { side: "other", records: published("other") },
            held: leadingTo("other"),
        });
        assert.deepEqual(gates(planned), ["serve.back"]);
        assert.deepEqual(fresh(planned).slice(0, 3), all("retire", "other").reverse());
    });
});
