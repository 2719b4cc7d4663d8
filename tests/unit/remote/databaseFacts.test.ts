// A database of a real Postgres says what it is like, to its product's role, as the program asks it; and the rights that are told are those that
// taking it over needs. The way through a host is played.
import { strict as assert } from "node:assert";
import * as net from "node:net";
import { seal } from "../../../logic/secret";
import type { HostAddress, HostConnection } from "../../../remote/connection";
import { askDatabaseFacts } from "../../../remote/databaseFacts";
import { postgresVersion, sharedPostgres, TestServer } from "../hosts/postgres";

describe("a database of production that is asked what it is like", function () {
    this.timeout(120_000);
    let server: TestServer;
    sharedPostgres((started) => (server = started));
    before(async () => {
        await server.query(
            "CREATE ROLE boss LOGIN CREATEROLE CREATEDB; CREATE ROLE foreigner; CREATE ROLE connect LOGIN PASSWORD 'own'",
        );
        await server.query("SET ROLE boss; CREATE ROLE made; RESET ROLE");
    });
    afterEach(() => server.query("DROP DATABASE IF EXISTS runs"));

    const through = {
        forward: (_host: string, port: number) => Promise.resolve(net.connect(port, "127.0.0.1")),
        close: () => undefined,
    } as unknown as HostConnection;

    async function facts(owner: string, options = "", master: string | undefined = "boss") {
        await server.query(`CREATE DATABASE runs OWNER ${owner} ${options}`);
        const target = { host: "localhost", port: server.port, name: "runs", user: "connect", password: seal("own") };
        return askDatabaseFacts({} as HostAddress, target, master, () => Promise.resolve(through));
    }

    it("tells its version, whose it is and how it sorts", async () => {
        const { version, owner, ownerIsSuper, userIsSuper, locale } = await facts(
            "connect",
            "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'",
        );
        assert.deepEqual(
            [version, owner, ownerIsSuper, userIsSuper],
            [Number(postgresVersion), "connect", false, false],
        );
        assert.deepEqual(locale, { encoding: "UTF8", collate: "C", ctype: "C.UTF-8", provider: "c", locale: "" });
    });

    it("tells what the master may do with its owner and its role", async () => {
        const { master } = await facts("foreigner");
        assert.deepEqual(master, { createsRoles: true, overUser: false, overOwner: false });
        await server.query("DROP DATABASE runs");
        await server.query("GRANT connect TO boss WITH ADMIN OPTION");
        assert.equal((await facts("connect")).master?.overUser, true);
    });

    it("tells a superuser, and that there is no such master", async () => {
        const found = await facts("postgres", "", "nobody-by-that-name");
        assert.deepEqual([found.ownerIsSuper, found.master], [true, undefined]);
    });
});
