// Where an environment's products answer, and what of that is refused or told.
import assert from "node:assert/strict";
import type { EnvironmentConfig } from "../../../config/schema";
import type { Inventory } from "../../../contract/production";
import { compareParity } from "../../../logic/parity";
import { addressConflicts, answeringOf, unserved, withAddressFindings } from "../../../logic/publicEndpoints";
import { perProduct, PerProduct, ProductId } from "../../../products";
import { urlOf } from "../../../products/endpoint";
import { endpoint } from "../endpoints";
import { environmentConfig, inventory as anyInventory } from "../../program/world";

const names = perProduct((product) => `${product.toLowerCase()}.acme.com`);
const config = (change: Partial<EnvironmentConfig> = {}): EnvironmentConfig => ({
    ...environmentConfig,
    names,
    ...change,
});
/** Of Connect; the others say nothing, as an older version read them. */
const read = (listens: string[], address = ""): PerProduct<Inventory> => ({
    ...perProduct((product) => anyInventory(product) as Inventory),
    connect: {
        ...(anyInventory("connect") as Inventory),
        endpoints: { listens: listens.map((url) => ({ ...endpoint(url), host: "*" })), address },
    },
});
const shown = (one: { endpoint: Parameters<typeof urlOf>[0]; port: number; front?: string }) =>
    [urlOf(one.endpoint), one.port, one.front].join(" ").trim();

describe("where an environment's products answer", () => {
    it("is each product's own port, whatever is not known of production", () => {
        for (const inventory of [undefined, read([])]) {
            const { packageManager, workbench, connect } = answeringOf(config(), inventory);
            assert.deepEqual([packageManager, workbench, connect].map(shown), [
                "http://packagemanager.acme.com:4242 4242",
                "http://workbench.acme.com:8787 8787",
                "http://connect.acme.com:3939 3939",
            ]);
        }
    });

    it("is the port that the product has in production", () => {
        const { connect, workbench } = answeringOf(config(), read(["http://x:8080"]));
        assert.deepEqual([connect, workbench].map(shown), [
            "http://connect.acme.com:8080 8080",
            "http://workbench.acme.com:8787 8787",
        ]);
    });

    it("is behind what is in front, where users type that", () => {
        const behind = config({ names: { ...names, connect: "https://connect.acme.com" }, front: "10.9.0.20" });
        const { connect, workbench } = answeringOf(behind, read(["http://x:8080"]));
        assert.deepEqual([connect, workbench].map(shown), [
            "https://connect.acme.com 8080 10.9.0.20",
            "http://workbench.acme.com:8787 8787",
        ]);
    });

    const refused = (connect: string, front?: string, listens: string[] = []) => {
        const whole = config({ names: { ...names, connect }, front });
        return unserved(whole, answeringOf(whole, read(listens))).join("\n");
    };

    it("is refused where nobody would answer", () => {
        assert.equal(refused("connect.acme.com"), "");
        assert.equal(refused("http://connect.acme.com:3939"), "");
        assert.equal(refused("http://connect.acme.com:8080", undefined, ["http://x:8080"]), "");
        assert.match(
            refused("http://connect.acme.com"),
            /^posit:names\.connect: http:\/\/connect\.acme\.com is not where Connect itself answers, which is plain HTTP on port 3939 .*posit:front/,
        );
        assert.match(refused("http://connect.acme.com:3939", undefined, ["http://x:8080"]), /on port 8080/);
        assert.match(refused("https://connect.acme.com"), /posit:names\.connect: https/);
        assert.equal(refused("https://connect.acme.com", "10.9.0.20"), "");
    });

    it("is refused where something is said to be in front, and no name leads there", () => {
        assert.match(refused("connect.acme.com", "10.9.0.20"), /^posit:front: no name leads there/);
    });
});

describe("the public address that production's own configuration has", () => {
    const conflicts = (address: string, led?: string, connect = "connect.acme.com") => {
        const found = read(["http://x:3939"], address);
        const points =
            led === undefined
                ? undefined
                : { ...perProduct((product) => endpoint(`http://${names[product]}`)), connect: endpoint(led) };
        return addressConflicts(answeringOf(config({ names: { ...names, connect } }), found), found, points)
            .filter(({ product }) => product === "connect")
            .map(({ detail }) => detail);
    };

    const rows: [string, string, string | undefined, string, RegExp[]][] = [
        ["none", "", undefined, "connect.acme.com", []],
        ["the same", "http://connect.acme.com:3939", undefined, "connect.acme.com", []],
        ["the same with a slash", "http://Connect.acme.com:3939/", undefined, "connect.acme.com", []],
        [
            "another scheme",
            "https://connect.acme.com",
            undefined,
            "connect.acme.com",
            [
                /at https:\/\/connect\.acme\.com \(Server\.Address\), and posit:names\.connect makes it http:\/\/connect\.acme\.com:3939/,
            ],
        ],
        ["another name", "http://old.acme.com:3939", undefined, "connect.acme.com", [/old\.acme\.com/]],
        ["no endpoint", "unreadable", undefined, "connect.acme.com", [/unreadable/]],
        ["the same, in front", "https://connect.acme.com", "https://connect.acme.com", "https://connect.acme.com", []],
        [
            "users led elsewhere",
            "https://connect.acme.com",
            "http://connect.acme.com:3939",
            "https://connect.acme.com",
            [
                /posit:entryPoints of production leads users to http:\/\/connect\.acme\.com:3939, and posit:names\.connect makes it https/,
            ],
        ],
        ["both", "http://a.com", "http://b.com", "connect.acme.com", [/a\.com/, /b\.com/]],
    ];
    for (const [what, address, led, connect, words] of rows) {
        it(`is held against the environment's: ${what}`, () => {
            const found = conflicts(address, led, connect);
            assert.equal(found.length, words.length, found.join("\n"));
            words.forEach((word, index) => assert.match(found[index], word));
        });
    }

    it("is an error of parity with both values, which keeps an environment from its content", () => {
        const found = compareParity(config(), read(["http://x:3939"], "https://connect.acme.com")).filter(({ what }) =>
            what.startsWith("public address"),
        );
        assert.deepEqual(
            found.map(({ level, product, what }) => [level, product, what]),
            [["error", "connect", "public address of connect"]],
        );
    });

    it("is a finding on the first day where the entry points lead elsewhere", () => {
        const led = perProduct((product: ProductId) => endpoint(`http://${names[product]}:3939`));
        const told = (address: string, to?: typeof led) =>
            withAddressFindings(read(["http://x:3939"], address), to).connect.findings.filter(
                ({ code }) => code === "other-address",
            );
        assert.deepEqual(told("http://connect.acme.com:3939", led), []);
        assert.deepEqual(told("", led), []);
        assert.deepEqual(told("https://connect.acme.com"), []);
        const [{ verdict, detail }] = told("https://connect.acme.com", led);
        assert.equal(verdict, "declare");
        assert.match(
            detail,
            /https:\/\/connect\.acme\.com \(Server\.Address\), and posit:entryPoints leads users to http:\/\/connect\.acme\.com:3939/,
        );
    });
});
