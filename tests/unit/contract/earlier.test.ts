// What earlier versions published or left on hosts is read as today's, and today's as it is. The shapes are those of posit-environment/1 and
// posit-production/1 as they were when a product had one database.
import assert from "node:assert/strict";
import { hostMarkerSchema } from "../../../contract/host";
import { readEnvironment, readEnvironmentSecrets } from "../../../contract/environment";
import { inventorySchema, readOwnProduction, readProduction } from "../../../contract/production";
import { reveal } from "../../../logic/secret";
import { perProduct } from "../../../products";
import { inventory, manifest } from "../../program/world";

const again = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const host = { instanceId: "i", address: "a", hostKey: "k", user: "u", dataVolumes: [] };
const environment = (databases: object) => ({
    contract: "posit-environment/1",
    phase: "migrate",
    hosts: perProduct(() => host),
    databases,
    receipts: {},
    names: perProduct((product) => product),
});

describe("what earlier versions published", () => {
    it("of an environment's databases is a list by role", () => {
        const onServer = { kind: "rds", server: "s", host: "h", name: "n", user: "u" };
        const old = { packageManager: { kind: "sqlite" }, workbench: onServer, connect: onServer };
        const read = readEnvironment(environment(old), "stack x");
        assert.deepEqual(read?.databases.packageManager, [{ role: "main", kind: "sqlite" }]);
        assert.deepEqual(read?.databases.connect, [{ role: "main", ...onServer }]);
        assert.deepEqual(readEnvironment(again(read), "stack x"), read);
        assert.throws(() => readEnvironment(environment({ ...old, connect: 7 }), "stack x"), /databases\.connect/);
        assert.throws(
            () => readEnvironment(environment({ ...old, connect: { kind: "mysql" } }), "stack x"),
            /databases\.connect\.0\.kind/,
        );
    });

    it("of its passwords is a map by role", () => {
        const read = readEnvironmentSecrets({ databasePasswords: { connect: "one", workbench: { main: "two" } } }, "x");
        const { connect, workbench, packageManager } = read.databasePasswords;
        assert.deepEqual(
            [connect?.main, workbench?.main].map((one) => one && reveal(one)),
            ["one", "two"],
        );
        assert.equal(packageManager, undefined);
    });

    it("of production's inventory and captures is by role, and Postgres' role its user", () => {
        const oldInventory = {
            ...inventory("connect"),
            databases: undefined,
            database: { provider: "postgres", host: "h", name: "n", user: "u" },
        };
        const oldManifest = {
            ...manifest("a"),
            databases: [
                {
                    ...manifest("a").databases[0],
                    databases: [{ product: "connect", name: "connect", role: "connect_role" }],
                },
            ],
            volumeDatabases: [
                { method: "sqlite", product: "packageManager" },
                { method: "dump", product: "workbench", name: "w", role: "w_role", path: "/x", engineVersion: "15" },
            ],
        };
        const contract = {
            contract: "posit-production/1",
            region: "us-east-1",
            inventory: perProduct((product) => ({ ...oldInventory, product })),
            captures: { a: oldManifest },
            serving: { side: "listed" },
        };
        const secrets = perProduct(() => ({ files: [] }));
        const read = readProduction(contract, secrets, "stack prod");
        assert.deepEqual(read?.inventory.connect.databases, [
            { role: "main", provider: "postgres", host: "h", name: "n", user: "u" },
        ]);
        const { databases, volumeDatabases } = read!.captures.a;
        assert.deepEqual(databases[0].databases, [
            { product: "connect", role: "main", name: "connect", user: "connect_role" },
        ]);
        assert.deepEqual(volumeDatabases, [
            { method: "sqlite", product: "packageManager", role: "main" },
            {
                ...{ method: "dump", product: "workbench", role: "main", name: "w", user: "w_role" },
                ...{ path: "/x", engineVersion: "15" },
            },
        ]);
        assert.deepEqual(readProduction(again(read), secrets, "x")?.captures, read?.captures);
        assert.deepEqual(readOwnProduction(contract)?.captures, read?.captures);
        assert.deepEqual(inventorySchema.parse({ ...oldInventory, product: "connect" }), read?.inventory.connect);
    });

    it("of a capture that is older than databases on volumes lists none", () => {
        const old = { ...manifest("a"), volumeDatabases: undefined };
        assert.deepEqual(
            readOwnProduction({ captures: { a: old }, serving: { side: "listed" } })?.captures.a.volumeDatabases,
            [],
        );
    });

    it("or left on a host, a marker's one database, is a list", () => {
        const marker = { token: "t", state: "open" };
        const database = { method: "dump", path: "/x", engineVersion: "15" };
        const databases = [{ role: "main", ...database }];
        assert.deepEqual(hostMarkerSchema.parse({ ...marker, database }), { ...marker, databases });
        assert.deepEqual(hostMarkerSchema.parse({ ...marker, databases }), { ...marker, databases });
        assert.deepEqual(hostMarkerSchema.parse(marker), marker);
    });
});
