// Databases that are captured with their host, in the window's script: stopped with the product, or dumped to its volume. The host is only a
// folder and pg_dump a stub: that Postgres reads such dumps and directories is the rehearsal's to prove (SOURCES=mixed).
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { hostMarkerSchema } from "../../../contract/host";
import { needs, root } from "../../needs";
import { fakeHost, FakeHost } from "./fakeHost";
import { leftovers, WindowOnHost } from "./window/windowOnHost";

describe("a database in the window's script on a host", function () {
    this.timeout(60_000);
    let host: FakeHost;
    const marker = () => host.marker("t1");
    const users = () => host.answers();

    afterEach(() => host.remove());

    it("ends a database on the host after its product, and starts it before", async () => {
        host = await fakeHost("connect", "postgresql-local");
        const directory = host.root + "/data/postgres";
        host.make("data/postgres/PG_VERSION", "15\n");
        const window = new WindowOnHost(host, folder(directory));
        await window.close();
        assert.ok(!host.unitActive("postgresql-local"));
        window.say("complete");
        await window.hear("open");
        assert.ok(host.unitActive("postgresql-local"));
        const done = host
            .calls()
            .filter((call) => /^systemctl (stop|start) (rstudio-connect|postgresql-local)$/.test(call));
        assert.deepEqual(done, [
            "systemctl stop rstudio-connect",
            "systemctl stop postgresql-local",
            "systemctl start postgresql-local",
            "systemctl start rstudio-connect",
        ]);
        assert.deepEqual(marker().databases, [
            { role: "main", method: "folder", path: directory, engineVersion: "15" },
        ]);
    });

    it("does not begin when the data directory is none", async () => {
        host = await fakeHost("connect", "postgresql-local");
        const window = new WindowOnHost(host, folder(host.root + "/data/nowhere"));
        assert.match(String((await window.hear("error")).reason), /nothing was touched.*is no Postgres data directory/);
        assert.equal(await users(), 200);
        assert.deepEqual(leftovers(host), []);
    });

    const row = { role: "main", unit: "", host: "", port: "", name: "", user: "", password: "", ca: "" };
    const folder = (path: string) => ({ DATABASES: [{ ...row, kind: "local", path, unit: "postgresql-local" }] });
    const dump = () => ({
        DATABASES: [
            {
                ...{ ...row, kind: "external", path: host.root + "/data/.posit-capture/t1.dump" },
                ...{ host: "db.example.com", port: "5432", name: "connect", user: "connect" },
                password: "correct horse",
            },
        ],
    });

    it("dumps a database elsewhere to the volume, notes it, and takes the dump away once it is captured", async () => {
        host = await fakeHost("connect");
        const window = new WindowOnHost(host, dump());
        await window.close();
        window.say("dump");
        assert.ok(Number((await window.hear("dumped")).bytes) > 0);
        assert.match(host.read("data/.posit-capture/t1.dump"), /as connect with a password of 13 letters/);
        window.say("complete");
        await window.ended;
        assert.ok(!host.exists("data/.posit-capture/t1.dump"));
        assert.deepEqual(
            (marker().databases as { method: string }[]).map(({ method }) => method),
            ["dump"],
        );
        assert.ok(!host.calls().some((call) => call.includes("correct horse")));
    });

    it("stays in the marker that an earlier version's window began, whoever writes it next", async () => {
        host = await fakeHost("connect");
        const window = new WindowOnHost(host);
        await window.close();
        const noted = { method: "folder", path: "/pg", engineVersion: "15" };
        host.write("var/lib/posit-upgrade/deadman/facts/database", JSON.stringify(noted));
        window.say("complete");
        await window.ended;
        assert.deepEqual(hostMarkerSchema.parse(marker()).databases, [{ role: "main", ...noted }]);
    });

    it("dumps each of several, notes them apart, and takes all dumps away", async () => {
        host = await fakeHost("connect");
        const [first] = dump().DATABASES;
        const path = host.root + "/data/.posit-capture/t1-usage.dump";
        const second = { ...first, role: "usage", path, name: "usage", user: "other", password: "battery" };
        const window = new WindowOnHost(host, { DATABASES: [first, second] });
        await window.close();
        window.say("dump");
        await window.hear("dumped");
        assert.match(host.read("data/.posit-capture/t1.dump"), /as connect with a password of 13 letters/);
        assert.match(host.read("data/.posit-capture/t1-usage.dump"), /as other with a password of 7 letters/);
        assert.deepEqual(
            (marker().databases as { role: string; path: string }[]).map((one) => [one.role, one.path]),
            [
                ["main", first.path],
                ["usage", path],
            ],
        );
        window.say("complete");
        await window.ended;
        assert.ok(!host.exists("data/.posit-capture"));
    });

    for (const [what, file, text, finding] of [
        [
            "the server refuses",
            "fail-pg_dump",
            "permission denied for table runs",
            /can't be dumped: permission denied/,
        ],
        ["the disk is too small for", "database-size", "900000000000000", /dumps there need 858306885 MiB/],
    ] as const) {
        it(`does not begin when ${what} a dump`, async () => {
            host = await fakeHost("connect");
            host.write(file, text);
            const window = new WindowOnHost(host, dump());
            assert.match(String((await window.hear("error")).reason), finding);
            assert.equal(await users(), 200);
            assert.deepEqual(leftovers(host), []);
        });
    }

    it("needs the room that a dry run measured, not its whole size, and that of all dumps together", async () => {
        host = await fakeHost("connect");
        host.write("database-size", "900000000000000");
        const [first] = dump().DATABASES;
        const second = { ...first, role: "usage", path: host.root + "/data/.posit-capture/t1-usage.dump" };
        const window = new WindowOnHost(host, { DATABASES: [{ ...first, room: "1000" }] });
        await window.close();
        window.say("dump");
        await window.hear("dumped");
        window.say("complete");
        await window.ended;
        assert.equal((marker().databases as { bytes: number }[])[0].bytes, 900000000000000);
        const half = String(Math.floor(freeBelow(host.root) * 0.6));
        const both = new WindowOnHost(host, {
            TOKEN: "t2",
            DATABASES: [first, second].map((one) => ({ ...one, room: half })),
        });
        assert.match(String((await both.hear("error")).reason), /nothing was touched: .*dumps there need/);
    });

    function freeBelow(folder: string): number {
        const { bavail, bsize } = fs.statfsSync(folder);
        return bavail * bsize;
    }

    it("is no capture when the dump holds nothing, and leaves no dump behind", async () => {
        host = await fakeHost("connect");
        const window = new WindowOnHost(host, dump());
        await window.close();
        host.write("empty-dump", "");
        window.say("dump");
        assert.match(String((await window.hear("error")).reason), /holds nothing/);
        window.say("abort");
        assert.equal((await window.hear("open")).openedBy, "abort");
        await window.ended;
        assert.ok(!host.exists("data/.posit-capture/t1.dump"));
    });

    for (const [what, end, openedBy] of [
        ["is called off", (window: WindowOnHost) => window.say("abort"), "abort"],
        ["loses its connection", (window: WindowOnHost) => window.breakOff(), "lost"],
        ["is ended by systemd", (window: WindowOnHost) => window.terminate(), "terminated"],
    ] as const) {
        it(`ends a dump that is under way before anything is started, when it ${what}`, async () => {
            host = await fakeHost("connect");
            host.write("hanging-pg_dump", "");
            const window = new WindowOnHost(host, dump());
            await window.close();
            window.say("dump");
            const pid = await numberIn("dumping");
            assert.ok(isAlive(pid));
            end(window);
            await window.hear("thawing");
            assert.ok(!isAlive(pid), "it would hold locks, and write to the volume, while products start");
            await window.ended;
            assert.equal(marker().openedBy, openedBy);
            assert.equal(await users(), 200);
            assert.ok(!host.exists("data/.posit-capture"));
        });
    }

    async function numberIn(file: string): Promise<number> {
        for (const until = Date.now() + 10_000; Date.now() < until;) {
            if (host.read(file).endsWith("\n")) return Number(host.read(file));
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return assert.fail(`nothing in ${file}`);
    }

    function isAlive(pid: number): boolean {
        try {
            process.kill(pid, 0);
            return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
        } catch {
            return false;
        }
    }

    const dumpFolder = () => path.join(host.root, "data/.posit-capture");

    it("dumps where only root can go", async () => {
        host = await fakeHost("connect");
        const window = new WindowOnHost(host, dump());
        await window.close();
        window.say("dump");
        await window.hear("dumped");
        assert.equal(fs.statSync(dumpFolder()).mode & 0o777, 0o700);
        assert.deepEqual(fs.readdirSync(dumpFolder()), ["t1.dump"]);
        assert.equal(fs.statSync(path.join(dumpFolder(), "t1.dump")).mode & 0o777, 0o600);
        window.say("abort");
        await window.ended;
        assert.ok(!fs.existsSync(dumpFolder()));
    });

    const planted: [string, () => void][] = [
        ["a link to a folder", () => fs.symlinkSync(path.join(host.root, "etc"), dumpFolder())],
        ["a file", () => fs.writeFileSync(dumpFolder(), "")],
        ["a link to nowhere", () => fs.symlinkSync("/nonexistent/x", dumpFolder())],
        ["a folder that others can enter", () => fs.mkdirSync(dumpFolder(), { mode: 0o755 })],
        [
            "somebody else's folder",
            () => {
                fs.mkdirSync(dumpFolder(), { mode: 0o700 });
                fs.chownSync(dumpFolder(), 65534, 65534);
            },
        ],
    ];
    for (const [what, plant] of planted) {
        const possible = process.getuid?.() === 0 || what !== "somebody else's folder";
        it(`does not begin when ${what} is where the dump goes`, async function () {
            host = await fakeHost("connect");
            needs(this, possible, root);
            plant();
            const window = new WindowOnHost(host, dump());
            assert.match(
                String((await window.hear("error")).reason),
                /nothing was touched.*is there already and is no folder that only root can enter/,
            );
            await window.ended;
            assert.deepEqual(leftovers(host), []);
            assert.equal(await users(), 200);
        });

        it(`dumps nothing into ${what} that was made since`, async function () {
            host = await fakeHost("connect");
            needs(this, possible, root);
            const window = new WindowOnHost(host, dump());
            await window.close();
            plant();
            fs.writeFileSync(path.join(host.root, "etc/t1.dump"), "theirs");
            window.say("dump");
            assert.match(String((await window.hear("error")).reason), /is no folder that only root can enter/);
            window.say("abort");
            await window.ended;
            assert.deepEqual(fs.readdirSync(path.join(host.root, "etc")).sort(), ["systemd", "t1.dump"]);
            assert.equal(host.read("etc/t1.dump"), "theirs");
        });
    }
});
