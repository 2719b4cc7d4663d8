// A dump to nowhere by the real script, psql and pg_dump, from a real Postgres. Proves that it leaves nothing behind and never fails; not how fast RDS is.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { HostDryRun } from "../../../contract/host";
import type { FakeHost } from "./fakeHost";
import { hostWithPrograms, placeOf, sharedPostgres, TestServer } from "./postgres";

describe("a dump to nowhere", function () {
    this.timeout(120_000);
    let host: FakeHost;
    let server: TestServer;

    sharedPostgres((started) => (server = started));
    before(async () => {
        await server.query("CREATE DATABASE runs");
        await server.query("CREATE TABLE logs AS SELECT md5(i::text) AS t FROM generate_series(1, 20000) i", "runs");
        await server.query("CREATE ROLE stranger LOGIN PASSWORD 'other'");
    });
    beforeEach(async () => (host = await hostWithPrograms(["psql", "pg_dump"])));
    afterEach(() => host.remove());

    async function tried(change: object = {}, patience = "60", keep = "3600"): Promise<HostDryRun> {
        const { DATABASE_HOST, DATABASE_PORT } = placeOf(server);
        const at = { role: "main", host: DATABASE_HOST, port: DATABASE_PORT, ca: "" };
        const { status, stdout, stderr } = await host.run(
            host.render("dry-run", {
                DATABASES: [{ ...at, name: "runs", user: "postgres", password: "super", ...change }],
                FOLDER: "/data",
                PATIENCE: patience,
                KEEP_SECONDS: keep,
            }),
        );
        assert.equal(status, 0, stderr);
        assert.ok(!stderr.includes("super"));
        return host.answer("dry-run", stdout) as HostDryRun;
    }

    it("tells sizes, time and room, and leaves nothing behind", async () => {
        const { databases, free } = await tried();
        assert.ok(free > 0);
        const [{ role, databaseBytes, dumpBytes, milliseconds }] = databases as Extract<
            HostDryRun["databases"][number],
            { dumpBytes: number }
        >[];
        assert.equal(role, "main");
        assert.ok(
            databaseBytes > 1_000_000 && dumpBytes > 300_000 && dumpBytes < databaseBytes,
            `${databaseBytes} ${dumpBytes}`,
        );
        assert.ok(milliseconds > 0 && milliseconds < 60_000);
        assert.deepEqual(fs.readdirSync(path.join(host.root, "data")), []);
    });

    /** From now on a dump is counted. */
    function counted(): () => number {
        const file = path.join(host.root, "bin/pg_dump");
        const real = fs.readlinkSync(file);
        fs.rmSync(file);
        const note = `case $* in *--version*) ;; *) echo x >>"$HOST_ROOT/dumps" ;; esac`;
        fs.writeFileSync(file, `#!/bin/bash\n${note}\nexec ${real} "$@"\n`, { mode: 0o755 });
        return () => host.read("dumps").split("\n").length - 1;
    }

    it("is said again for a while, with its age, and made anew once that is over or the database is another size", async () => {
        const dumps = counted();
        const [first] = (await tried()).databases;
        assert.equal(first.age, undefined);
        const [{ age, ...again }] = (await tried()).databases;
        assert.deepEqual(again, first);
        assert.ok(age !== undefined && age >= 0 && age < 60);
        assert.equal(dumps(), 1);
        await tried({}, "60", "0");
        assert.equal(dumps(), 2);
        await server.query("CREATE TABLE more AS SELECT md5(i::text) AS t FROM generate_series(1, 60000) i", "runs");
        await tried();
        assert.equal(dumps(), 3);
        await server.query("DROP TABLE more", "runs");
    });

    it("is made once by two that ask at the same time", async () => {
        const dumps = counted();
        const both = await Promise.all([tried(), tried()]);
        assert.equal(dumps(), 1);
        assert.deepEqual(both.map(({ databases: [{ age }] }) => age !== undefined).sort(), [false, true]);
    });

    it("that failed at once is tried again, and one that took too long is not", async () => {
        const dumps = counted();
        const stranger = { user: "stranger", password: "other" };
        await tried(stranger);
        await tried(stranger);
        assert.equal(dumps(), 2);
        await tried({}, "0");
        const [late] = (await tried()).databases;
        assert.ok("problem" in late && late.age !== undefined);
        assert.equal(dumps(), 2);
    });

    for (const [what, change, patience, problem] of [
        [
            "a wrong password",
            { password: "wrong" },
            "60",
            /runs on 127\.0\.0\.1 can't be dumped from .*password authentication failed/,
        ],
        [
            "tables that it may not read",
            { user: "stranger", password: "other" },
            "60",
            /permission denied for table logs/,
        ],
        ["no time", {}, "0", /took longer than 0 s/],
    ] as const) {
        it(`says what is wrong with ${what}`, async () => {
            const [found] = (await tried(change, patience)).databases;
            assert.ok("problem" in found);
            assert.match(found.problem, problem);
        });
    }

    it("says what a pg_dump that is older than the server says", async () => {
        const file = path.join(host.root, "bin/pg_dump");
        fs.rmSync(file);
        fs.writeFileSync(
            file,
            '#!/bin/bash\necho "pg_dump: error: aborting because of server version mismatch" >&2\nexit 1\n',
            { mode: 0o755 },
        );
        const [found] = (await tried({})).databases;
        assert.match("problem" in found ? found.problem : "", /can't be dumped from .*server version mismatch/);
    });
});
