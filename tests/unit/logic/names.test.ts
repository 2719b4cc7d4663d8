// Names that RDS takes. Does not prove that RDS takes them: its rules are written down here as its API reference states them.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { captureNames } from "../../../logic/names";
import { rdsName } from "../../../logic/physicalNames";

/** CreateDBSnapshot: 1 to 255 letters, numbers or hyphens; a letter first; no hyphen last, no two in a row. */
const rules = /^(?=.{1,255}$)[a-z](-?[a-z0-9])*$/;

describe("names of RDS snapshots", () => {
    const token = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$/);
    const server = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,62}$/);

    it("are names that RDS takes, whatever token and server", () => {
        fc.assert(
            fc.property(token, server, (one, other) => {
                assert.match(captureNames(one).serverSnapshotIdentifier(other), rules);
            }),
        );
        fc.assert(
            fc.property(fc.string(), fc.integer({ min: 12, max: 255 }), (part, limit) => {
                const name = rdsName([part], { longest: limit, distinct: true });
                assert.match(name, rules);
                assert.ok(name.length <= limit);
            }),
        );
    });

    it("are one for each token and server", () => {
        const of = (one: string, other: string) => captureNames(one).serverSnapshotIdentifier(other);
        assert.notEqual(of("2026-11-21", "a-db"), of("2026-11-21-a", "db"));
        assert.notEqual(of("x--y", "db"), of("x-y", "db"));
        fc.assert(
            fc.property(token, server, token, server, (a, b, c, d) => {
                assert.equal(of(a, b) === of(c, d), a === c && b === d);
            }),
        );
    });

    it("are the same at every run", () => {
        assert.equal(
            captureNames("2026-11-21a").serverSnapshotIdentifier("legacy-db"),
            captureNames("2026-11-21a").serverSnapshotIdentifier("legacy-db"),
        );
        assert.match(captureNames("t1").serverSnapshotIdentifier("legacy-db"), /^posit-t1-legacy-db-[0-9a-f]{8}$/);
    });
});
