// A database of a real Postgres says what it is like, to its product's role, as the program asks it; and the rights that are told are those that
// taking it over needs. The way through a host is played.
import { strict as assert } from "node:assert";
import * as net from "node:net";
import { seal } from "../../../logic/secret";
import type { HostAddress, HostConnection } from "../../../remote/connection";
import { askDatabaseFacts } from "../../../remote/databaseFacts";
import { freeLoad } from "../../program/freeLoad";
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
        return asked(master);
    }

    function asked(master: string | undefined = "boss") {
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

    it("tells what its own role could not load from a dump, and what that would leave out", async () => {
        await server.query("CREATE DATABASE runs OWNER connect");
        assert.deepEqual((await asked()).load, freeLoad);
        for (const statement of [
            "CREATE EXTENSION pg_stat_statements; CREATE EXTENSION pg_trgm",
            "CREATE FUNCTION audit() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
            "CREATE EVENT TRIGGER audits ON ddl_command_end EXECUTE FUNCTION audit()",
            "CREATE PUBLICATION everything FOR ALL TABLES",
            "CREATE SUBSCRIPTION changes CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false)",
            "CREATE FUNCTION low(float8) RETURNS float8 LANGUAGE internal AS 'float8abs'",
            "CREATE TABLE kept (); ALTER TABLE kept OWNER TO connect; GRANT SELECT ON kept TO boss",
            "CREATE TABLE others (); ALTER TABLE others OWNER TO foreigner",
            "CREATE POLICY own ON kept TO made USING (true)",
        ]) {
            await server.query(statement, "runs");
        }
        assert.deepEqual((await asked()).load, {
            ...{ extensions: ["pg_stat_statements"], eventTriggers: ["audits"], publications: ["everything"] },
            ...{ subscriptions: ["changes"], functions: ["low"], policyRoles: ["made"] },
            ...{ owners: ["foreigner"], grantees: ["boss"] },
        });
        await server.query("ALTER SUBSCRIPTION changes SET (slot_name = NONE); DROP SUBSCRIPTION changes", "runs");
    });

    it("tells a superuser, and that there is no such master", async () => {
        const found = await facts("postgres", "", "nobody-by-that-name");
        assert.deepEqual([found.ownerIsSuper, found.master], [true, undefined]);
    });
});
