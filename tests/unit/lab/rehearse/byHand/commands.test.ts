// The ways by hand call their tools as somebody who knows them would: the script runs for real, its tools are played and write down how they were
// called; once with a real Postgres. Does not prove how long anything takes (make measure).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { hostScript } from "../../../../../lab/hostScript";
import { type ByHand, downtimesByHand, note, type TimedByHand } from "../../../../../lab/rehearse/byHand/baseline";
import { needs, postgres } from "../../../../needs";
import { postgresBin, startPostgres, type TestServer } from "../../../hosts/postgres";

const tools = ["ssh", "tar", "rsync", "pg_dump", "pg_restore", "psql", "systemctl", "curl"];

/** @param server a real one, asked by the real tools. */
function run(way: "plain" | "careful", server?: TestServer): { calls: string[]; timed: TimedByHand } {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "by-hand-"));
    try {
        const log = path.join(folder, "calls");
        const played = server ? tools.filter((tool) => !/^(pg_|psql)/.test(tool)) : tools;
        const at = server ? `localhost:${server.port}` : "db";
        for (const tool of played) {
            // The first word of what is read from stdin may be a key; nothing of that is written down.
            const text = `#!/bin/bash\necho "${tool} $* as \${PGPASSWORD:-nobody}" >>"${log}"\n[ "${tool}" != ssh ] || cat >/dev/null\n`;
            fs.writeFileSync(path.join(folder, tool), text, { mode: 0o755 });
        }
        const script = hostScript(["rehearse/byHand/scripts/byHand"], {
            ...{ WAY: way, UNITS: "rstudio-connect", MOUNTS: "/data/a /data/b", PORT: "3939", HEALTH: "/health" },
            ...{ DATABASE_URL: `postgresql://connect@${at}/connect`, PGPASSWORD: "users" },
            ...{ LOADER_URL: `postgresql://master@${at}/postgres`, LOAD_URL: `postgresql://master@${at}/by_hand` },
            ...{ LOADER_PASSWORD: "masters", TARGET: "admin@10.10.1.9", TARGET_KEY: "k", TARGET_HOST_KEY: "h" },
        });
        const env = { ...process.env, PATH: [folder, ...(server ? [postgresBin] : []), process.env.PATH].join(":") };
        const { status, stdout, stderr } = spawnSync("bash", ["-s"], { input: script, env, encoding: "utf8" });
        assert.equal(status, 0, stderr);
        return { calls: fs.readFileSync(log, "utf8").trim().split("\n"), timed: JSON.parse(stdout) as TimedByHand };
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}

const index = (calls: string[], beginning: string): number => {
    const found = calls.findIndex((call) => call.startsWith(beginning));
    assert.ok(found >= 0, `${beginning} in\n${calls.join("\n")}`);
    return found;
};

describe("the ways by hand", () => {
    it("plain: everything over the network while the product is closed, the dump by gzip's quickest", () => {
        const { calls, timed } = run("plain");
        const [stop, start] = [index(calls, "systemctl stop"), index(calls, "systemctl start")];
        assert.ok(stop < index(calls, "tar -C /data/a") && index(calls, "tar -C /data/b") < start);
        const dump = index(calls, "pg_dump -Fc -Z1 postgresql://connect@db/connect as users");
        assert.ok(stop < dump && dump < start);
        assert.ok(!calls.some((call) => /^(pg_restore|psql|rsync)/.test(call)));
        assert.deepEqual(Object.keys(timed), ["closedSeconds", "dumpSeconds"]);
    });

    it("careful: files ahead of time, the database aside by two at once and uncompressed, loaded when the product is open", () => {
        const { calls, timed } = run("careful");
        const [stop, start] = [index(calls, "systemctl stop"), index(calls, "systemctl start")];
        const copies = calls.flatMap((call, at) => (call.startsWith("rsync") ? at : []));
        assert.deepEqual([copies.length, copies[1] < stop, copies[2] > stop && copies[3] < start], [4, true, true]);
        const dump = index(calls, "pg_dump -Fd -j2 --compress=0 -f /var/tmp/by-hand.");
        assert.ok(stop < dump && dump < start);
        const load = index(
            calls,
            "pg_restore -j2 --no-owner --no-privileges -d postgresql://master@db/by_hand /var/tmp",
        );
        assert.ok(start < load && calls[load].endsWith("as masters"));
        assert.ok(index(calls, "psql -qX -v ON_ERROR_STOP=1 postgresql://master@db/postgres -c CREATE") < stop);
        assert.match(calls.filter((call) => call.startsWith("psql")).at(-1) ?? "", /DROP DATABASE by_hand/);
        assert.deepEqual(Object.keys(timed), ["closedSeconds", "dumpSeconds", "loadSeconds"]);
    });

    it("neither leaves gzip's usual pace in, nor anything on the host's own disk", () => {
        const aside = () => fs.readdirSync("/var/tmp").filter((name) => name.startsWith("by-hand."));
        const before = aside();
        for (const way of ["plain", "careful"] as const) {
            const dumps = run(way).calls.filter((call) => call.startsWith("pg_dump"));
            assert.ok(dumps.every((call) => / (-Z1|--compress=0) /.test(call)));
        }
        assert.deepEqual(aside(), before);
    });

    it("careful: what was dumped aside can be loaded by somebody who is no superuser, by the real tools", async function () {
        needs(this, postgresBin !== undefined, postgres);
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "by-hand-server-"));
        fs.chmodSync(folder, 0o755);
        const server = await startPostgres(path.join(folder, "data"));
        try {
            await server.query("CREATE ROLE connect LOGIN PASSWORD 'users'");
            await server.query("CREATE ROLE master LOGIN CREATEDB CREATEROLE PASSWORD 'masters'");
            await server.query("CREATE DATABASE connect OWNER connect");
            await server.query("CREATE TABLE content AS SELECT generate_series(1, 1000) AS id", "connect");
            await server.query("ALTER TABLE content OWNER TO connect", "connect");
            assert.ok((run("careful", server).timed.loadSeconds ?? 0) > 0);
            const left = await server.query("SELECT datname FROM pg_database WHERE datname = 'by_hand'");
            assert.deepEqual(left, []);
        } finally {
            await server.stop();
            fs.rmSync(folder, { recursive: true, force: true });
        }
    });

    it("are told with the window and with the cutover", () => {
        const [plain, careful]: ByHand[] = [
            { closed: {}, dump: {} },
            { closed: {}, dump: {} },
        ];
        note(plain, "connect", { closedSeconds: 9, dumpSeconds: 5 });
        note(careful, "connect", { closedSeconds: 3, dumpSeconds: 2, loadSeconds: 4 });
        assert.deepEqual(downtimesByHand({ plain, careful }), {
            plain: { connect: 9 },
            careful: { connect: 3 },
            "careful, until its database is loaded": { connect: 7 },
        });
    });
});
