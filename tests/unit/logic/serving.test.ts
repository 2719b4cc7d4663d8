// Which side serves, through whole lives of a production stack: what moves, and that nothing moves twice.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { planServing } from "../../../logic/serving";
import { compareVersions } from "../../../logic/versions";

describe("which side serves", () => {
    it("moves forward, stands, moves back, stands, and forward again", () => {
        const first = planServing({ current: "listed", serve: "current" });
        assert.deepEqual(first, { side: "listed", direction: "forward" });
        const forward = planServing({ current: "listed", serve: "org/p/new", last: first });
        assert.deepEqual(forward, { side: "org/p/new", retired: "listed", direction: "forward" });
        assert.deepEqual(planServing({ current: "listed", serve: "org/p/new", last: forward }), forward);
        const back = planServing({ current: "listed", serve: "current", last: forward });
        assert.deepEqual(back, { side: "listed", retired: "org/p/new", direction: "back" });
        assert.deepEqual(planServing({ current: "listed", serve: "current", last: back }), back);
        assert.deepEqual(planServing({ current: "listed", serve: "org/p/new", last: back }), forward);
    });

    it("retires nobody when what serves becomes the current side", () => {
        const forward = planServing({ current: "listed", serve: "org/p/new" });
        assert.deepEqual(planServing({ current: "org/p/new", serve: "current", last: forward }), {
            side: "org/p/new",
            direction: "forward",
        });
    });

    it("says the same again as long as nobody changes anything", () => {
        const side = fc.constantFrom("listed", "org/p/a", "org/p/b");
        const serve = fc.constantFrom("current", "org/p/a", "org/p/b");
        fc.assert(
            fc.property(fc.array(fc.tuple(side, serve), { minLength: 1, maxLength: 6 }), (commits) => {
                let last = undefined as ReturnType<typeof planServing> | undefined;
                for (const [current, wanted] of commits) last = planServing({ current, serve: wanted, last });
                const [current, wanted] = commits[commits.length - 1];
                assert.deepEqual(planServing({ current, serve: wanted, last }), last);
            }),
        );
    });
});

describe("versions", () => {
    it("are ordered as Posit numbers its releases", () => {
        const ordered = [
            "2023.12.1+402.pro1",
            "2024.04.2",
            "2024.04.2+764.pro1",
            "2024.12.0-5",
            "2024.12.0-14",
            "2026.03.1",
        ];
        const shuffled = [...ordered].reverse();
        assert.deepEqual(shuffled.sort(compareVersions), ordered);
    });

    it("are a total order", () => {
        const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).map((parts) => parts.join("."));
        fc.assert(
            fc.property(version, version, version, (a, b, c) => {
                assert.equal(Math.sign(compareVersions(a, b)), -Math.sign(compareVersions(b, a)) || 0);
                if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) assert.ok(compareVersions(a, c) <= 0);
            }),
        );
    });
});
