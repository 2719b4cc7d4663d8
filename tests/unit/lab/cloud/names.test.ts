// Record sets change as Route 53 changes them, and the name server's files say the same.
import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { CloudError } from "../../../../lab/cloud/api";
import type { RecordSet, Request } from "../../../../lab/cloud/api";
import { changeRecordSets } from "../../../../lab/cloud/dns/names";
import { renderConfiguration, renderRoot, renderZone } from "../../../../lab/cloud/dns/zoneFile";

const zone = { zoneId: "Z1", name: "example.com" };
const record = (change: Partial<RecordSet> = {}): RecordSet => ({
    ...{ zoneId: "Z1", name: "connect.example.com", type: "A", ttl: 60, records: ["10.0.0.1"] },
    ...change,
});
const apply = (
    existing: RecordSet[],
    change: Request<"ChangeRecordSet">["change"],
    set: Partial<RecordSet> = {},
): RecordSet[] => changeRecordSets(zone, existing, { ...record(set), change });
const refusal = (work: () => unknown): string => {
    try {
        work();
    } catch (error) {
        assert.ok(error instanceof CloudError);
        return error.code;
    }
    return "accepted";
};

describe("record sets", () => {
    it("are created once", () => {
        const existing = apply([], "CREATE");
        assert.deepEqual(existing, [record()]);
        assert.equal(
            refusal(() => apply(existing, "CREATE", { records: ["10.0.0.2"] })),
            "InvalidChangeBatch",
        );
    });

    it("may be an alias, which has neither TTL nor values of its own", () => {
        const alias = { dnsName: "d111111abcdef8.cloudfront.net", zoneId: "Z2FDTNDATAQYW2" };
        const existing = apply([], "CREATE", { ttl: 0, records: [], alias });
        assert.deepEqual(existing, [record({ ttl: 0, records: [], alias })]);
        assert.equal(
            refusal(() => apply([], "CREATE", { alias })),
            "InvalidChangeBatch",
        );
        assert.match(renderZone("example.com", 1, existing), /^connect\.example\.com\. 60 IN A 192\.0\.2\.10$/m);
    });

    it("are replaced as a whole by an UPSERT, the others left alone", () => {
        const other = record({ name: "packages.example.com" });
        const after = apply([other, record()], "UPSERT", {
            name: "Connect.Example.com.",
            ttl: 5,
            records: ["10.0.0.2"],
        });
        assert.deepEqual(after, [other, record({ ttl: 5, records: ["10.0.0.2"] })]);
    });

    it("are deleted only by one who knows what they are", () => {
        const existing = [record({ records: ["10.0.0.1", "10.0.0.2"] })];
        assert.equal(
            refusal(() => apply(existing, "DELETE")),
            "InvalidChangeBatch",
        );
        assert.equal(
            refusal(() => apply(existing, "DELETE", { ...existing[0], ttl: 5 })),
            "InvalidChangeBatch",
        );
        assert.deepEqual(apply(existing, "DELETE", { records: ["10.0.0.2", "10.0.0.1"] }), []);
        assert.equal(
            refusal(() => apply([], "DELETE")),
            "InvalidChangeBatch",
        );
    });

    it("stay within their zone", () => {
        for (const name of ["example.org", "badexample.com", "example.com.org", "a..example.com"]) {
            assert.equal(
                refusal(() => apply([], "CREATE", { name })),
                "InvalidChangeBatch",
                name,
            );
        }
        for (const name of ["example.com", "a.b.example.com", "*.example.com", "_acme.example.com"]) {
            assert.equal(
                refusal(() => apply([], "CREATE", { name })),
                "accepted",
                name,
            );
        }
    });

    it("let a CNAME stand alone, and not at the zone's own name", () => {
        const alias = { type: "CNAME", records: ["packages.example.com"] };
        assert.equal(
            refusal(() => apply([record()], "CREATE", alias)),
            "InvalidChangeBatch",
        );
        assert.equal(
            refusal(() => apply([record(alias)], "CREATE")),
            "InvalidChangeBatch",
        );
        assert.equal(
            refusal(() => apply([], "CREATE", { ...alias, name: "example.com" })),
            "InvalidChangeBatch",
        );
        assert.equal(
            refusal(() => apply([record(alias)], "UPSERT", { ...alias, ttl: 5 })),
            "accepted",
        );
    });

    it("take no value that could become another line of the zone's file", () => {
        const values = fc.constantFrom("TXT", "MX", "SRV", "CAA", "A", "CNAME");
        const text = fc.string({ unit: fc.constantFrom("a", "1", ".", '"', ";", "\n", "\r", "\t", " ", "\\") });
        fc.assert(
            fc.property(values, text, (type, value) => {
                const accepted = refusal(() => apply([], "CREATE", { type, records: [value] })) === "accepted";
                assert.ok(!accepted || !/[\n\r]/.test(value));
            }),
        );
    });
});

describe("the name server's files", () => {
    it("say each value on a line, with absolute names", () => {
        const text = renderZone("example.com", 7, [
            record({ records: ["10.0.0.1", "10.0.0.2"] }),
            record({ name: "www.example.com", type: "CNAME", records: ["connect.example.com"] }),
            record({ name: "example.com", type: "MX", records: ["10 mail.example.org."] }),
        ]);
        const lines = text.split("\n");
        assert.match(lines[0], /^example\.com\. 900 IN SOA .* 7 7200 /);
        assert.deepEqual(lines.slice(2), [
            "connect.example.com. 60 IN A 10.0.0.1",
            "connect.example.com. 60 IN A 10.0.0.2",
            "www.example.com. 60 IN CNAME connect.example.com.",
            "example.com. 60 IN MX 10 mail.example.org.",
            "",
        ]);
    });

    it("tell of the repository and of the databases in the root", () => {
        const text = renderRoot(1, { "db.abc.us-east-1.rds.amazonaws.com": "10.10.1.10" });
        assert.match(text, /^repository\.test\. 5 IN A 10\.2\.0\.80$/m);
        assert.match(text, /^db\.abc\.us-east-1\.rds\.amazonaws\.com\. 5 IN A 10\.10\.1\.10$/m);
        assert.match(text, /^\. 900 IN SOA /m);
    });

    it("name each zone with its file", () => {
        const text = renderConfiguration("/folder", [{ domain: "example.com", file: "Z1.zone", text: "" }]);
        assert.match(text, /- domain: "example\.com\."\n {4}file: "Z1\.zone"/);
    });
});
