// Names that RDS takes, whatever they are made of.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { rdsName, rdsSubnetGroupName } from "../../../logic/physicalNames";

const rule = /^(?=.{1,63}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

describe("a name for RDS", () => {
    it("is the parts with hyphens between them, where RDS takes that", () => {
        assert.equal(rdsName(["acme-posit", "staging"]), "acme-posit-staging");
        assert.equal(
            rdsName(["acme-posit", "staging", "2026-11-21a", "acme-db"]),
            "acme-posit-staging-2026-11-21a-acme-db",
        );
    });

    it("is always one that RDS takes", () => {
        fc.assert(
            fc.property(fc.array(fc.string({ maxLength: 80 }), { maxLength: 5 }), (parts) =>
                assert.match(rdsName(parts), rule),
            ),
        );
    });

    it("tells two long ones apart that begin alike, and two that are cut before what differs", () => {
        const long = "a".repeat(60);
        assert.notEqual(rdsName([long, "staging", "t1"]), rdsName([long, "staging", "t2"]));
        assert.notEqual(rdsName([long, "x--y"]), rdsName([long, "x-y"]));
        assert.notEqual(rdsName(["p", "My_Stack"]), rdsName(["p", "my-stack"]));
        fc.assert(
            fc.property(fc.stringMatching(/^[a-z0-9-]{1,40}$/), fc.stringMatching(/^[a-z0-9-]{1,40}$/), (a, b) => {
                if (a !== b)
                    assert.notEqual(
                        rdsName(["p".repeat(31), "stack".repeat(8), a]),
                        rdsName(["p".repeat(31), "stack".repeat(8), b]),
                    );
            }),
        );
    });

    it("is stable", () => assert.equal(rdsName(["a".repeat(70)]), rdsName(["a".repeat(70)])));
});

describe("a subnet group's name", () => {
    it("is what it was wherever RDS took that", () => {
        for (const stack of ["staging", "prod_eu", "a--b"]) {
            assert.equal(rdsSubnetGroupName([`acme-${stack}`, "subnets"]), `acme-${stack}-subnets`);
        }
    });

    it("is one that RDS takes where it would not have been, and tells stacks apart", () => {
        assert.match(rdsSubnetGroupName(["acme-Prod_EU", "subnets"]), /^acme-prod-eu-subnets-[0-9a-f]{8}$/);
        assert.notEqual(rdsSubnetGroupName(["acme-Prod", "subnets"]), rdsSubnetGroupName(["acme-prod", "subnets"]));
        assert.ok(rdsSubnetGroupName(["a".repeat(300), "subnets"]).length <= 255);
    });
});
