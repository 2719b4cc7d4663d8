// When production's databases are asked what they are like, and what becomes of the answers. Cloud and hosts are played.
import { strict as assert } from "node:assert";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProductionConfig } from "../../config/schema";
import type { OwnProduction } from "../../contract/production";
import type { DatabaseConfig, PostgresAccess } from "../../databases";
import { databaseCodes, DatabaseFacts } from "../../logic/databaseFacts";
import { reveal, seal } from "../../logic/secret";
import { perProduct } from "../../products";
import { databaseServersOf, foundInDatabases, LookedAt, withDatabaseFindings } from "../../stacks/databases";
import type { NamedSide } from "../../stacks/sides";
import { freeLoad } from "./freeLoad";
import { inventory } from "./world";

describe("production's databases", () => {
    const asked: string[] = [];
    let answer: () => DatabaseFacts;
    const locale = { encoding: "UTF8", collate: "C", ctype: "C", provider: "c", locale: "" };
    const owned = { version: 16, owner: "connect", ownerIsSuper: false, userIsSuper: false, locale, load: freeLoad };
    const named = { role: "main" as const, name: "runs", user: "connect" };
    const of: Record<string, DatabaseConfig[]> = {
        packageManager: [{ role: "main", kind: "sqlite" }],
        workbench: [{ ...named, kind: "local", unit: "postgresql", dataDirectory: "/d" }],
        connect: [{ ...named, kind: "rds", server: "acme-db" }],
    };
    const side = {
        hosts: perProduct((product) => ({ databases: of[product] })),
        databasePasswords: { connect: { main: seal("p") } },
    } as unknown as NamedSide;
    const finding = { code: databaseCodes.owner, verdict: "declare" as const, detail: "told before", remedy: "x" };
    const own = {
        inventory: perProduct(() => ({ findings: [finding, { ...finding, code: "tls" }] })),
    } as unknown as OwnProduction;

    before(() =>
        pulumi.runtime.setMocks({
            call: ({ inputs }) => ({ ...inputs, address: "acme-db.rds", port: 5433, masterUsername: "boss" }),
            newResource: () => assert.fail(),
        }),
    );
    beforeEach(() => {
        asked.length = 0;
        answer = () => ({ ...owned, master: { createsRoles: true, overUser: false, overOwner: false } });
    });

    const look = (change: Partial<LookedAt> = {}) =>
        foundInDatabases({
            ...{ config: { databaseCaCertificate: "CA" } as ProductionConfig, side, own: undefined },
            ...{ reading: undefined, asleep: [] },
            questions: {
                databaseFacts: async (_host, { host, port, name, user, password, ca }: PostgresAccess, master) => {
                    asked.push(`${user}:${password && reveal(password)}@${host}:${port}/${name} ${ca} ${master}`);
                    return answer();
                },
            },
            ...change,
        });

    it("are asked on the first day, those that answer over the network", async () => {
        const found = await look();
        assert.deepEqual(asked, ["connect:p@acme-db.rds:5433/runs CA boss"]);
        assert.deepEqual([found.packageManager, found.workbench], [[], []]);
        assert.deepEqual(
            found.connect.map(({ code }) => code),
            [databaseCodes.owner],
        );
        const whole = withDatabaseFindings(perProduct(inventory), found);
        assert.equal(whole.connect.findings.length, inventory("connect").findings.length + 1);
    });

    it("are asked again when the inventory is read anew, and what was found stands in between and while a host sleeps", async () => {
        assert.deepEqual((await look({ own })).connect, [finding]);
        assert.deepEqual((await look({ own, reading: "t1 at noon", asleep: ["connect"] })).connect, [finding]);
        assert.deepEqual(asked, []);
        await look({ own, reading: "t1 at noon" });
        assert.equal(asked.length, 1);
    });

    it("hold nobody up when they can't be asked", async () => {
        answer = () => {
            throw new Error("wrong password");
        };
        const [found] = (await look()).connect;
        assert.deepEqual([found.code, found.verdict], [databaseCodes.unasked, "declare"]);
        assert.match(found.detail, /can't be asked what it is like: wrong password/);
    });

    describe("are published where they answer", () => {
        const elsewhere: DatabaseConfig = { ...named, kind: "external", host: "db.acme.com", port: 5434 };
        const hosts = (databases: DatabaseConfig[]) =>
            ({ hosts: perProduct(() => ({ databases })) }) as unknown as NamedSide;
        const told = { server: "acme-db", address: "acme-db.rds", port: 5433 };

        it("each server once, none that is on a product's host", async () => {
            assert.deepEqual(await databaseServersOf(side, undefined), [told]);
            assert.deepEqual(await databaseServersOf(hosts([...of.connect, elsewhere]), undefined), [
                told,
                { server: "db.acme.com", address: "db.acme.com", port: 5434 },
            ]);
        });

        it("as they were told last where RDS can't be asked, or without an address", async () => {
            const said: string[] = [];
            const { warn } = pulumi.log;
            Object.assign(pulumi.log, { warn: (line: string) => said.push(line) });
            const denied = (() => Promise.reject(new Error("AccessDenied"))) as unknown as typeof aws.rds.getInstance;
            try {
                assert.deepEqual(await databaseServersOf(side, { databaseServers: [told] }, denied), [told]);
                assert.deepEqual(await databaseServersOf(side, undefined, denied), [{ server: "acme-db", port: 5432 }]);
            } finally {
                Object.assign(pulumi.log, { warn });
            }
            assert.match(said.join(), /acme-db can't be asked where it answers.*AccessDenied/);
        });
    });
});
