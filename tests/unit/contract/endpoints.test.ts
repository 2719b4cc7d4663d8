// Where products answer, in what stacks publish: what an older version of this program published is still read.
import assert from "node:assert/strict";
import { readEnvironment } from "../../../contract/environment";
import { readProduction } from "../../../contract/production";
import { urlOf } from "../../../products/endpoint";
import { mapProducts, productIds } from "../../../products";
import { publishedEnvironment, publishedProduction } from "../../program/keys/world";

type Json = Record<string, unknown>;
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as Json;

describe("where hosts' products answer, as an environment publishes it", () => {
    const published = () => plain(publishedEnvironment().contract) as { hosts: Record<string, Json> } & Json;

    it("is read as it is", () => {
        const contract = published();
        contract.hosts.connect.local = { scheme: "http", host: "10.20.1.2", port: 8080 };
        assert.equal(urlOf(readEnvironment(contract, "x")!.hosts.connect.local), "http://10.20.1.2:8080");
    });

    it("is each product's usual port where an older version published none", () => {
        const contract = published();
        for (const product of productIds) delete contract.hosts[product].local;
        assert.deepEqual(
            mapProducts(readEnvironment(contract, "x")!.hosts, ({ local }) => urlOf(local)),
            {
                packageManager: "http://10.20.1.0:4242",
                workbench: "http://10.20.1.1:8787",
                connect: "http://10.20.1.2:3939",
            },
        );
    });

    it("is refused where it is no endpoint", () => {
        const contract = published();
        contract.hosts.connect.local = { scheme: "gopher", host: "x", port: 70 };
        assert.throws(
            () => readEnvironment(contract, "stack x"),
            /stack x published something .*hosts\.connect\.local\.scheme/s,
        );
    });
});

describe("where names lead users, as production publishes it", () => {
    it("is absent in what an older version published, as what its hosts said of that is", () => {
        const { contract, secrets } = publishedProduction();
        const read = readProduction(plain(contract), plain(secrets), "x")!;
        assert.equal(read.endpoints, undefined);
        assert.equal(read.inventory.connect.endpoints, undefined);
    });
});
