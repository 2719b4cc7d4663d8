// What lies under the three names, as Route 53 and the provider answer it: lists that are not there, aliases, records that share a name.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { heldRecords } from "../../../cloud/records";

const names = ["packages.example.com", "connect.example.com"];

async function answered(resourceRecordSets: unknown) {
    let asked: Record<string, unknown> = {};
    await pulumi.runtime.setMocks({
        newResource: ({ inputs }) => ({ id: "x", state: inputs as object }),
        call: (args) => {
            asked = args.inputs as Record<string, unknown>;
            return { zoneId: "Z1", ...(resourceRecordSets !== undefined && { resourceRecordSets }) };
        },
    });
    return { held: await heldRecords("Z1", names), asked };
}

const plain = (name: string, value: string) => ({ name, type: "A", ttl: 60, resourceRecords: [{ value }] });

describe("the records of a zone", () => {
    it("are asked for by exactly the names", async () => {
        const { asked } = await answered([]);
        const regex = new RegExp(String(asked.nameRegex));
        assert.ok(regex.test("connect.example.com."));
        for (const other of ["my-connect.example.com.", "connect.example.com.evil.", "connectxexample.com."]) {
            assert.ok(!regex.test(other), other);
        }
    });

    it("may be none at all", async () => {
        assert.deepEqual((await answered(undefined)).held, {});
    });

    it("are a finding where they are no records", async () => {
        const values = [{ value: "10.1.0.10" }];
        for (const odd of ["x", [{ type: "A" }], [{ name: names[0], type: "A", resourceRecords: [{}] }]]) {
            await assert.rejects(answered(odd), /records of zone Z1 are something else than expected/, String(odd));
        }
        const empty = { ttl: null, aliasTarget: null, setIdentifier: null };
        const { held } = await answered([{ name: names[0], type: "A", resourceRecords: values, ...empty }]);
        assert.deepEqual(held[names[0]], [{ type: "A", values: ["10.1.0.10"], ttl: 0 }]);
    });

    it("are plain, or say why not; others in the zone do no harm", async () => {
        const { held } = await answered([
            plain("packages.example.com.", "10.1.0.10"),
            { name: "packages.example.com.", type: "TXT", ttl: 60, resourceRecords: [{ value: "x" }] },
            // As AWS answers an alias: no values at all.
            { name: "connect.example.com.", type: "A", aliasTarget: { dnsName: "lb.example.com." } },
            { ...plain("connect.example.com.", "10.1.0.12"), setIdentifier: "blue" },
            { name: "example.com.", type: "A", aliasTarget: { dnsName: "d1.cloudfront.net." } },
        ]);
        assert.deepEqual(held["packages.example.com"], [{ type: "A", values: ["10.1.0.10"], ttl: 60 }]);
        assert.match(held["connect.example.com"][0].special!, /alias \(A\) of lb\.example\.com$/);
        assert.match(held["connect.example.com"][1].special!, /set identifier blue/);
        assert.deepEqual(Object.keys(held).sort(), ["connect.example.com", "packages.example.com"]);
    });
});
