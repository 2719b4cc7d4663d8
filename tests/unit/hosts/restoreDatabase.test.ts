// Taking over the databases of a restored server, by the real script against a real one whose master is no superuser, as on RDS.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { passwordVerifiers } from "../../../logic/passwordVerifier";
import type { FakeHost } from "./fakeHost";
import { hostWithPrograms, placeOf, postgresVersion, sharedPostgres, TestServer } from "./postgres";

describe("taking over the databases of a restored server", function () {
    this.timeout(120_000);
    let host: FakeHost;
    let server: TestServer;

    sharedPostgres((started) => (server = started), ["log_statement=all", "logging_collector=on", "log_filename=log"]);
    beforeEach(async () => {
        host = await hostWithPrograms(["psql"]);
        await server.query("CREATE ROLE posit_master LOGIN PASSWORD 'master pass' CREATEROLE CREATEDB");
    });
    afterEach(async () => {
        await host.remove();
        for (const { datname } of await server.query("SELECT datname FROM pg_database WHERE datname LIKE '%app%'")) {
            await server.query(`DROP DATABASE "${String(datname).replace(/"/g, '""')}"`);
        }
        await server.query("ALTER SYSTEM RESET password_encryption; ");
        for (const { rolname } of await server.query(
            "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres' ORDER BY rolname = 'posit_master'",
        )) {
            const name = `"${String(rolname).replace(/"/g, '""')}"`;
            await server.query(`DROP OWNED BY ${name} CASCADE`);
            await server.query(`DROP ROLE ${name}`);
        }
    });

    const takeOver = (entries: { name: string; user: string; password: string }[], more: Record<string, string> = {}) =>
        host.run(
            host.render("restore-database", {
                ...placeOf(server),
                MASTER_USER: "posit_master",
                MASTER_PASSWORD: "master pass",
                PATIENCE: "3",
                DATABASES: entries.map(({ name, user, password }) => ({
                    name,
                    user,
                    ...passwordVerifiers(password, user, "restored"),
                })),
                ...more,
            }),
        );

    /** As the master makes it, so that from Postgres 16 on it has the role's ADMIN option. */
    async function role(name: string): Promise<void> {
        await server.query(
            `SET ROLE posit_master; CREATE ROLE "${name.replace(/"/g, '""')}" LOGIN PASSWORD 'production'; RESET ROLE`,
        );
    }

    const ownerOf = async (database: string) =>
        (
            await server.query(
                `SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = '${database.replace(/'/g, "''")}'`,
            )
        )[0].owner;

    const memberships = async () =>
        server.query(
            "SELECT roleid::regrole::text, member::regrole::text FROM pg_auth_members WHERE member = 'posit_master'::regrole AND roleid::regrole::text !~ '^pg_' ORDER BY 1",
        );

    for (const owner of ["posit_master", "dba", "connect"]) {
        it(`gives a database of ${owner} to its role, and is a member of nothing afterwards that it was not before`, async () => {
            await role("connect");
            await role("dba");
            await server.query(`CREATE DATABASE app OWNER ${owner}`);
            const before = await memberships();
            const { status, stderr } = await takeOver([{ name: "app", user: "connect", password: "new" }]);
            assert.equal(status, 0, stderr);
            assert.equal(await ownerOf("app"), "connect");
            assert.ok(await server.signsIn("connect", "new", "app"));
            assert.ok(!(await server.signsIn("connect", "production", "app")));
            assert.deepEqual(await memberships(), before);
            assert.equal((await takeOver([{ name: "app", user: "connect", password: "new" }])).status, 0, "again");
        });
    }

    it("keeps a membership that was there before", async () => {
        await role("connect");
        await role("dba");
        await server.query("GRANT dba TO posit_master");
        await server.query("CREATE DATABASE app OWNER dba");
        const before = await memberships();
        assert.equal((await takeOver([{ name: "app", user: "connect", password: "new" }])).status, 0);
        assert.deepEqual(await memberships(), before);
    });

    it("lets people in with any password, by names as odd as they like, and says none of them to the server's log", async () => {
        const odd = `o"dd'r\\$1`;
        await role(odd);
        await server.query(`CREATE DATABASE "app${odd.replace(/"/g, '""')}" OWNER posit_master`);
        for (const password of [
            "plain",
            "q'uo\"te\\ $1 :x",
            "pässwörd",
            "\u00a0space\u2003s",
            "emoji🐧",
            "\u0007bell",
            "x".repeat(200),
            "ﬁ ligature",
        ]) {
            const { status, stderr } = await takeOver([{ name: `app${odd}`, user: odd, password }]);
            assert.equal(status, 0, stderr);
            assert.ok(await server.signsIn(odd, password, `app${odd}`), JSON.stringify(password));
            const log = fs.readFileSync(path.join(server.data, "log/log"), "utf8");
            assert.ok(log.includes("ALTER ROLE") && !log.includes(password), JSON.stringify(password));
        }
        assert.equal(await ownerOf(`app${odd}`), odd);
    });

    it("keeps md5 where the server still does", async () => {
        await role("connect");
        await server.query("CREATE DATABASE app OWNER connect");
        await server.query("ALTER ROLE posit_master SET password_encryption = 'md5'");
        assert.equal((await takeOver([{ name: "app", user: "connect", password: "new" }])).status, 0);
        const [{ rolpassword }] = await server.query("SELECT rolpassword FROM pg_authid WHERE rolname = 'connect'");
        assert.equal(rolpassword, passwordVerifiers("new", "connect", "restored").md5);
    });

    it("waits for a master password that comes late, and says what it waits for", async () => {
        await role("connect");
        await server.query("CREATE DATABASE app OWNER connect");
        await server.query("ALTER ROLE posit_master PASSWORD 'production pass'");
        const late = takeOver([{ name: "app", user: "connect", password: "new" }], { PATIENCE: "20" });
        setTimeout(() => void server.query("ALTER ROLE posit_master PASSWORD 'master pass'"), 2000);
        assert.equal((await late).status, 0);
    });

    it("gives up with the server's own words", async () => {
        const { status, stderr } = await takeOver([], { MASTER_PASSWORD: "wrong" });
        assert.equal(status, 1);
        assert.match(stderr, /can't be reached as posit_master from .* after 3 s: .*password authentication failed/);
    });

    it("says what to do where it can't be done, and changes nothing", async () => {
        await role("connect");
        await server.query("CREATE ROLE boss SUPERUSER");
        await server.query("CREATE DATABASE app OWNER boss");
        const { status, stderr } = await takeOver([{ name: "app", user: "connect", password: "new" }]);
        assert.equal(status, 1);
        assert.match(stderr, /can't be taken from boss and given to role connect .*Role boss is a superuser/);
        assert.equal(await ownerOf("app"), "boss");
        if (Number(postgresVersion) >= 16) {
            await server.query("CREATE ROLE foreigner");
            await server.query("CREATE DATABASE app2 OWNER foreigner");
            const second = await takeOver([{ name: "app2", user: "connect", password: "new" }]);
            assert.match(second.stderr, /GRANT "foreigner" TO "posit_master" WITH ADMIN OPTION/);
        }
    });

    it("names a database or role that is not there", async () => {
        await role("connect");
        assert.match(
            (await takeOver([{ name: "app", user: "connect", password: "new" }])).stderr,
            /there is no database app on the restored server/,
        );
        await server.query("CREATE DATABASE app");
        assert.match(
            (await takeOver([{ name: "app", user: "nobody", password: "new" }])).stderr,
            /there is no role nobody on the restored server/,
        );
    });
});
