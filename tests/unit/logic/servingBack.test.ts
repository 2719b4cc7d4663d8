// Who serves, on the way back and where something stood before: as serving.test.ts has the move forward.
import assert from "node:assert/strict";
import { productIds } from "../../../products/ids";
import {
    all,
    back,
    down,
    fresh,
    gates,
    leadingTo,
    migrated,
    names,
    plan,
    published,
    reason,
    serving,
    side,
    staying,
    unknown,
} from "./servingWorld";

describe("the way back", () => {
    const retired = side("listed", down("retired"));

    it("is found by the hosts when last outputs know of no move: the run that made it was killed", () => {
        const planned = back({
            target: retired,
            others: [side("new", serving)],
            held: leadingTo("new"),
            last: { side: "listed", records: published("listed") },
        });
        assert.deepEqual(gates(planned), ["serve.back"]);
        const { commands, published: said } = back({
            target: retired,
            others: [side("new", serving)],
            held: leadingTo("new"),
            last: { side: "listed", records: published("listed") },
            overrides: [{ gate: "serve.back", ...reason }],
        });
        assert.deepEqual(
            commands.filter(({ action }) => action !== "health").map(({ action, side }) => `${action} ${side}`),
            [...Array<string>(3).fill("close new"), ...Array<string>(3).fill("revive listed")],
        );
        assert.deepEqual([said.side, said.retired, said.direction], ["listed", "new", "back"]);
    });

    it("needs no override while no name leads to the other side", () => {
        const planned = back({
            target: retired,
            others: [side("new", serving, { connect: down("quarantined") })],
            last: { side: "listed", records: published("listed") },
        });
        assert.deepEqual(gates(planned), []);
        assert.equal(fresh(planned).filter((line) => line.startsWith("close")).length, 2);
    });

    it("opens all of a side that was retired in part, and none of one that only stays closed", () => {
        const half = back({ target: side("listed", staying, { connect: down("retired") }) });
        assert.deepEqual(fresh(half), [...all("revive", "listed"), ...all("health", "listed")]);
        assert.deepEqual(fresh(back({ target: side("listed", staying) })), []);
    });

    it("goes on without a new host that is gone, once that is accepted", () => {
        const dead = {
            target: retired,
            others: [side("new", unknown, {}, { cloud: "terminated" })],
            held: leadingTo("new"),
            last: { side: "new", records: published("new") },
        };
        assert.deepEqual(gates(back(dead)), [...Array<string>(3).fill("serve.unreachable"), "serve.back"]);
        const overrides = ["serve.unreachable", "serve.back"].map((gate) => ({ gate, ...reason }));
        assert.deepEqual(gates(back({ ...dead, overrides })), []);
    });

    it("does not forget the side that served, whatever became of the configuration", () => {
        const last = { side: "new", records: published("new") };
        assert.deepEqual(gates(back({ target: retired, last })), ["serve.unreachable"]);
        const overrides = [{ gate: "serve.unreachable", ...reason }];
        assert.deepEqual(gates(back({ target: retired, last, overrides })), ["serve.unreachable"]);
        assert.deepEqual(gates(back({ target: retired, last, overrides, vanished: ["new"] })), []);
    });

    it("is not how an environment begins to serve", () => {
        const planned = back({ current: "new", target: side("new", down("quarantined")), last: undefined, held: {} });
        assert.deepEqual(gates(planned), Array(3).fill("current"));
    });

    it("moves nothing when what serves becomes the current side", () => {
        const moved = plan().published;
        const planned = back({
            current: "new",
            target: side("new", serving),
            targetOutputs: migrated,
            held: leadingTo("new"),
            last: moved,
        });
        assert.deepEqual([planned.moving, gates(planned), fresh(planned)], [false, [], []]);
        assert.equal(planned.published.side, "new");
    });
});

describe("what stood before this version", () => {
    it("stands: its commands keep their triggers", () => {
        const planned = plan({
            target: side("new", serving),
            others: [side("listed", down("retired", ""))],
            held: leadingTo("new"),
            last: { side: "new", retired: "listed", direction: "forward" },
            lastNames: names,
        });
        assert.deepEqual(gates(planned), []);
        assert.deepEqual(
            planned.commands.map(({ key, action, move, fresh: runs }) => [key, action, move, runs]).sort(),
            productIds
                .flatMap((product) => [
                    [`i-listed-${product}`, "retire", "forward", false],
                    [`i-new-${product}`, "open", "forward", false],
                    [`health-i-new-${product}`, "health", "forward", false],
                ])
                .sort(),
        );
    });
});
