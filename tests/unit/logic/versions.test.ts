// Versions, as Posit numbers its releases.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { compareVersions } from "../../../logic/versions";

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
