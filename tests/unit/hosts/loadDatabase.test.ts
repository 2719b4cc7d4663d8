// A database that came along on a volume, loaded by the real script from real dumps and data directories into a real server. Where no
// Postgres is installed (`make setup` brings it) only what needs none is tried.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { FakeHost } from "./fakeHost";
import { asRoot, give, stats, tree } from "./people";
import {
    hostWithPrograms,
    placeOf,
    postgresBin,
    postgresVersion,
    sharedPostgres,
    startPostgres,
    TestServer,
} from "./postgres";

describe("loading a database from a restored volume", function () {
    this.timeout(120_000);
    let host: FakeHost;
    let target: TestServer;

    sharedPostgres((server) => (target = server));
    beforeEach(async () => {
        host = await hostWithPrograms(["psql", "pg_dump", "pg_restore"]);
        fs.mkdirSync(inHost(`usr/lib/postgresql/${postgresVersion}`), { recursive: true });
        fs.symlinkSync(postgresBin!, inHost(`usr/lib/postgresql/${postgresVersion}/bin`));
        await target.query("DROP DATABASE IF EXISTS connect WITH (FORCE)");
        await target.query("DROP ROLE IF EXISTS connect");
        await target.query("CREATE ROLE connect LOGIN PASSWORD 'correct horse'");
        await target.query("CREATE DATABASE connect OWNER connect");
    });
    afterEach(() => host.remove());

    const inHost = (file: string) => path.join(host.root, file);

    const load = (kind: "external" | "local", source: string) =>
        host.run(
            host.render("load-database", {
                KIND: kind,
                SOURCE: inHost(source),
                ENGINE_VERSION: postgresVersion,
                ...placeOf(target),
                DATABASE_NAME: "connect",
                DATABASE_USER: "connect",
                DATABASE_PASSWORD: "correct horse",
            }),
        );

    /** A dump of a database with a table of three rows, made by the superuser of the target. */
    async function dumped(file: string, sql = ""): Promise<void> {
        await target.query("DROP DATABASE IF EXISTS source WITH (FORCE)");
        await target.query("CREATE DATABASE source");
        await target.query(`CREATE TABLE runs (id int); INSERT INTO runs VALUES (1), (2), (3);${sql}`, "source");
        fs.mkdirSync(path.dirname(inHost(file)), { recursive: true, mode: 0o700 });
        execFileSync(`${postgresBin}/pg_dump`, ["-Fc", "-f", inHost(file), "-d", "source"], {
            env: {
                ...process.env,
                PGHOST: "127.0.0.1",
                PGPORT: String(target.port),
                PGUSER: "postgres",
                PGPASSWORD: "super",
            },
        });
        fs.chmodSync(inHost(file), 0o600);
    }

    const rows = async () => (await target.query("SELECT count(*)::int AS n FROM runs", "connect"))[0].n;
    const nothingLoaded = () => assert.rejects(rows(), /does not exist/);

    for (const file of ["data/.posit-capture/t1.dump", "data/.posit-capture-t1.dump"]) {
        it(`loads ${file}, takes it away, and does nothing a second time`, async () => {
            await dumped(file);
            const first = await load("external", file);
            assert.equal(first.status, 0, first.stderr);
            assert.deepEqual(host.answer("load-database", first.stdout), { database: "connect", tables: 1 });
            assert.equal(await rows(), 3);
            assert.deepEqual(tree(host, "data"), []);
            const second = await load("external", file);
            assert.equal(second.status, 0, second.stderr);
            assert.equal(await rows(), 3);
            assert.equal(stats(host, "run/posit-upgrade").mode & 0o777, 0o700);
            assert.ok(!tree(host, "run").some((name) => name.startsWith("posit-load.")));
            for (const kept of tree(host, "run").filter((name) => /\.(out|err)$/.test(name))) {
                assert.equal(stats(host, `run/${kept}`).mode & 0o077, 0, kept);
            }
        });
    }

    it("loads with a newer client, which sets what the server does not know, all or nothing too", async () => {
        const newer = `#!/bin/bash
[ "$1" != --version ] || { echo "pg_restore (PostgreSQL) 17.2"; exit; }
case "$*" in *--file=-*) echo "SET transaction_timeout = 0;" ;; esac
exec ${postgresBin}/pg_restore "$@"
`;
        fs.rmSync(inHost("bin/pg_restore"));
        fs.writeFileSync(inHost("bin/pg_restore"), newer, { mode: 0o755 });
        await dumped("data/.posit-capture/t1.dump");
        const { status, stderr } = await load("external", "data/.posit-capture/t1.dump");
        assert.equal(status, 0, stderr);
        assert.equal(await rows(), 3);
    });

    it("loads nothing that is not root's own file", async () => {
        const file = "data/.posit-capture/t1.dump";
        await dumped("etc/other.dump");
        fs.mkdirSync(inHost("data/.posit-capture"), { mode: 0o700 });
        fs.symlinkSync(inHost("etc/other.dump"), inHost(file));
        assert.match((await load("external", file)).stderr, /is no regular file/);
        fs.rmSync(inHost(file));
        fs.linkSync(inHost("etc/other.dump"), inHost(file));
        assert.match((await load("external", file)).stderr, /has another name somewhere/);
        fs.rmSync(inHost("etc/other.dump"));
        fs.chmodSync(inHost("data/.posit-capture"), 0o755);
        assert.match((await load("external", file)).stderr, /is not root's alone/);
        fs.chmodSync(inHost("data/.posit-capture"), 0o700);
        fs.renameSync(inHost("data/.posit-capture"), inHost("data/real"));
        fs.symlinkSync(inHost("data/real"), inHost("data/.posit-capture"));
        assert.match((await load("external", file)).stderr, /is not root's alone/);
        if (asRoot) {
            fs.rmSync(inHost("data/.posit-capture"));
            fs.renameSync(inHost("data/real"), inHost("data/.posit-capture"));
            give(inHost(file));
            assert.match((await load("external", file)).stderr, /is not root's own/);
        }
        await nothingLoaded();
    });

    it("keeps nothing of a dump that breaks off, nor takes it away", async () => {
        const file = "data/.posit-capture/t1.dump";
        await dumped(file, "CREATE TABLE big AS SELECT md5(i::text) AS t FROM generate_series(1, 50000) i;");
        fs.truncateSync(inHost(file), Math.floor(fs.statSync(inHost(file)).size / 2));
        const { status, stderr } = await load("external", file);
        assert.equal(status, 1);
        assert.match(stderr, /can't be loaded into connect on 127\.0\.0\.1.*Nothing of it was kept/);
        await nothingLoaded();
        assert.ok(host.exists(file));
    });

    it("has no rights while it reads a dump, whatever stands in it", async () => {
        const evil = path.join(host.root, "tmp", "evil");
        // The names that old pg_restore wrote into comments as they were (CVE-2025-8715).
        await dumped("data/.posit-capture/t1.dump", `CREATE TABLE "x\n\\! touch ${evil}\n" (id int);`);
        await load("external", "data/.posit-capture/t1.dump");
        if (asRoot) {
            assert.ok(!fs.existsSync(evil));
        }
    });

    it("says so when there is neither a table nor a dump", async () => {
        const { status, stderr } = await load("external", "data/.posit-capture/t1.dump");
        assert.equal(status, 1);
        assert.match(stderr, /holds no table of connect, and .* is not on the restored volume/);
    });

    describe("from a data directory", () => {
        async function oldServer(folder: string, number: number): Promise<void> {
            const server = await startPostgres(inHost(folder));
            await server.query("CREATE ROLE connect SUPERUSER LOGIN");
            await server.query("CREATE DATABASE connect OWNER connect");
            await server.query("CREATE TABLE runs (id int); INSERT INTO runs VALUES (1), (2), (3)", "connect");
            await server.stop();
            give(inHost(folder), number, number);
        }

        it("loads it, whoever its number is here, and leaves a mount point standing", async () => {
            // 65534 has a name on every host.
            await oldServer("data", 65534);
            fs.writeFileSync(inHost("bin/mountpoint"), "#!/bin/bash\nexit 0\n", { mode: 0o755 });
            const { status, stdout, stderr } = await load("local", "data");
            assert.equal(status, 0, stderr);
            assert.equal(host.answer("load-database", stdout).tables, 1);
            assert.equal(await rows(), 3);
            assert.deepEqual(tree(host, "data"), []);
            assert.equal((await load("local", "data")).status, 0, "a second time");
            assert.equal(await rows(), 3);
        });

        it("leaves no file of the old server's number behind, and nobody else's changed", async () => {
            await oldServer("data/pg/main", 64321);
            host.make("data/pg/.psql_history", "x");
            host.make("data/pg/alice", "hers");
            host.make("etc/victim", "root");
            fs.symlinkSync(inHost("etc/victim"), inHost("data/pg/link"));
            if (asRoot) {
                [".psql_history", "link"].forEach((name) => give(inHost(`data/pg/${name}`), 64321, 64321));
                give(inHost("data/pg/alice"), 65534, 64321);
            }
            const { status, stderr } = await load("local", "data/pg/main");
            assert.equal(status, 0, stderr);
            assert.equal(await rows(), 3);
            assert.deepEqual(tree(host, "data/pg"), [".psql_history", "alice", "link"]);
            if (asRoot) {
                assert.equal(stats(host, "data/pg/.psql_history").uid, 0);
                assert.equal(stats(host, "data/pg/alice").uid, 65534);
                assert.equal(stats(host, "data/pg/link").uid, 0);
            }
            assert.equal(host.read("etc/victim"), "root");
        });

        it("does not follow a tablespace or a log elsewhere, and keeps what it can't start", async () => {
            await oldServer("data/pg", 64321);
            fs.renameSync(inHost("data/pg/pg_wal"), inHost("data/wal"));
            fs.symlinkSync(inHost("data/wal"), inHost("data/pg/pg_wal"));
            assert.match((await load("local", "data/pg")).stderr, /pg_wal leads to .*take a new capture/);
            fs.rmSync(inHost("data/pg/pg_wal"));
            fs.rmSync(inHost("data/wal"), { recursive: true });
            const { status, stderr } = await load("local", "data/pg");
            assert.equal(status, 1);
            assert.match(stderr, /the old Postgres \d+ does not start from .*pg_wal/);
            assert.ok(host.exists("data/pg/PG_VERSION"));
        });
    });
});
