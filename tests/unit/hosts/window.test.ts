// The window's script and the thaw script on a host that is only a folder: what is armed before anything is touched, and what opens the
// product again. Does not prove that systemd, timers and reboots do their part (the rehearsal does).
import { strict as assert } from "node:assert";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import type { ProductId } from "../../../products";
import { fakeHost, FakeHost } from "./fakeHost";

interface Event {
    event: string;
    [fact: string]: unknown;
}

/** The window's script at work, with what it said so far. */
class Window {
    private readonly events: Event[] = [];
    private readonly process: ChildProcessWithoutNullStreams;
    private readonly beats: NodeJS.Timeout;
    readonly ended: Promise<void>;

    constructor(host: FakeHost, variables: Record<string, string> = {}) {
        const text = host.render("window", {
            TOKEN: "t1",
            MAX_CLOSED_SECONDS: "60",
            MAX_STAY_SECONDS: "3600",
            NOTICE: 'Moving "home" <soon> $(touch x).',
            BACK_MINUTES: "5",
            DRAIN_SECONDS: "1",
            FORCE: "false",
            DATABASE_METHOD: "",
            DATABASE_PATH: "",
            THAW_SCRIPT: host.render("thaw"),
            ...variables,
        });
        this.process = host.start(text);
        this.process.stdin.on("error", () => undefined);
        createInterface({ input: this.process.stdout }).on("line", (line) =>
            this.events.push(JSON.parse(line) as Event),
        );
        this.beats = setInterval(() => this.say("beat"), 300);
        this.ended = new Promise((resolve) =>
            this.process.on("close", () => {
                clearInterval(this.beats);
                resolve();
            }),
        );
    }

    say(word: string): void {
        this.process.stdin.write(`${word}\n`);
    }

    /** Without the beats, which would come in between. */
    sayPiece(piece: string): void {
        this.fallSilent();
        this.process.stdin.write(piece);
    }

    fallSilent(): void {
        clearInterval(this.beats);
    }

    breakOff(): void {
        this.fallSilent();
        this.process.stdin.end();
    }

    async hear(kind: string): Promise<Event> {
        for (const until = Date.now() + 10_000; Date.now() < until;) {
            const found = this.events.find(({ event }) => event === kind);
            if (found) return found;
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        throw new Error(`no "${kind}", only ${JSON.stringify(this.events)}`);
    }

    heard(kind: string): boolean {
        return this.events.some(({ event }) => event === kind);
    }

    /** Armed, drained and frozen. */
    async close(): Promise<void> {
        for (const [word, answer] of [
            ["", "armed"],
            ["drain", "drained"],
            ["freeze", "frozen"],
        ]) {
            if (word) this.say(word);
            await this.hear(answer);
        }
    }
}

describe("the window's script on a host", function () {
    let host: FakeHost;
    const prepare = async (product: ProductId) => (host = await fakeHost(product));
    const marker = () => host.marker("t1");
    const users = () => host.answers();
    const leftovers = () =>
        ["var/lib/posit-upgrade/deadman", "etc/systemd/system/posit-thaw-boot.service"].filter((file) =>
            host.exists(file),
        );

    afterEach(() => host.remove());

    it("arms timer and boot unit before it stops anything, and leaves nothing but the marker", async () => {
        await prepare("connect");
        const window = new Window(host);
        await window.hear("armed");
        assert.equal(await users(), 200);
        assert.ok(host.unitActive("posit-deadman.timer"));
        assert.ok(host.exists("etc/systemd/system/posit-thaw-boot.service"));
        assert.ok(!host.calls().some((call) => call.startsWith("systemctl stop rstudio-connect")));
        window.say("drain");
        await window.hear("drained");
        window.say("freeze");
        await window.hear("frozen");
        assert.equal(await users(), 0);
        window.say('note {"pointInTime":"2026-01-01T00:00:00Z"}');
        await window.hear("noted");
        window.say("complete");
        await window.ended;
        assert.equal(await users(), 200);
        const { openedBy, state, notes, quiet } = marker() as Record<string, Record<string, string>>;
        assert.equal(openedBy, "complete");
        assert.equal(state, "open");
        assert.equal(notes.pointInTime, "2026-01-01T00:00:00Z");
        assert.match(quiet.units, /inactive/);
        assert.deepEqual(leftovers(), []);
    });

    for (const [how, act] of Object.entries({
        "falls silent": (window: Window) => window.fallSilent(),
        "breaks off": (window: Window) => window.breakOff(),
        "says a word nobody knows": (window: Window) => window.say("sesame"),
    })) {
        it(`opens when the program ${how}`, async () => {
            await prepare("packageManager");
            const window = new Window(host);
            await window.close();
            assert.equal(await users(), 0);
            act(window);
            await window.ended;
            assert.equal(await users(), 200);
            assert.equal(marker().openedBy, "lost");
            assert.deepEqual(leftovers(), []);
        });
    }

    it("understands a word that comes in pieces", async () => {
        await prepare("connect");
        const window = new Window(host);
        await window.close();
        for (const piece of ["be", "at\nbe", "at\n"]) {
            window.sayPiece(piece);
            await new Promise((resolve) => setTimeout(resolve, 700));
        }
        assert.ok(!window.heard("open"));
        window.say("complete");
        await window.ended;
        assert.equal(marker().openedBy, "complete");
    });

    it("touches nothing when it can't be armed", async () => {
        await prepare("workbench");
        host.write("fail-systemd-run", "");
        const window = new Window(host);
        const { reason } = await window.hear("error");
        await window.ended;
        assert.match(String(reason), /nothing was touched/);
        assert.equal(await users(), 200);
        assert.ok(!host.calls().some((call) => /rstudio-server offline|systemctl stop rstudio/.test(call)));
        assert.deepEqual(leftovers(), []);
    });

    it("names who is busy, and undoes the drain when it is called off", async () => {
        await prepare("workbench");
        host.write("sessions", "4711 alice rsession busy\n");
        const window = new Window(host);
        await window.hear("armed");
        window.say("drain");
        const { reason } = await window.hear("error");
        assert.match(String(reason), /alice/);
        assert.equal(await users(), 200);
        assert.ok(host.exists("var/lib/rstudio-server/offline"));
        window.say("abort");
        await window.ended;
        assert.ok(!host.exists("var/lib/rstudio-server/offline"));
        assert.ok(host.calls().includes("rstudio-server online"));
    });

    it("makes the busy end when it may, even those that ignore a request", async () => {
        await prepare("workbench");
        host.write("sessions", "4711 alice jupyter stubborn\n");
        const window = new Window(host, { FORCE: "true" });
        await window.close();
        assert.match(String((await window.hear("cut")).work), /alice: jupyter/);
        window.say("complete");
        await window.ended;
        assert.equal(marker().openedBy, "complete");
    });

    it("is no capture when a unit won't stop", async () => {
        await prepare("connect");
        host.write("stubborn", "");
        const window = new Window(host);
        await window.hear("armed");
        window.say("drain");
        await window.hear("drained");
        window.say("freeze");
        const { reason } = await window.hear("error");
        assert.match(String(reason), /rstudio-connect is active/);
        assert.ok(!window.heard("frozen"));
        window.say("abort");
        await window.ended;
        assert.equal(marker().openedBy, "abort");
    });

    it("stays closed without its connection once told to, whoever knocks but the dead-man", async () => {
        await prepare("connect");
        const window = new Window(host);
        await window.close();
        window.say("stay");
        await window.hear("staying");
        window.breakOff();
        await window.ended;
        assert.ok(!host.unitActive("rstudio-connect"));
        assert.ok(host.unitActive("posit-deadman-stay.timer"));
        const notice = host.read("var/lib/posit-upgrade/notice.sh");
        const ask = async (accept: string) => (await host.run(notice, [], `GET / HTTP/1.1\r\n${accept}\r\n`)).stdout;
        assert.match(await ask(""), /^HTTP\/1\.1 503 .*Retry-After: 60\r\nContent-Type: application\/json/s);
        const [, body] = (await ask("Accept: application/json\r\n")).split("\r\n\r\n");
        assert.match(
            (JSON.parse(body) as { error: string }).error,
            /^Moving "home" <soon> \$\(touch x\)\. Expected back at about \d\d:\d\d UTC\./,
        );
        assert.match(await ask("Accept: text/html,*/*\r\n"), /text\/html.*<p>Moving "home" &lt;soon> \$\(touch x\)\./s);
        const thaw = host.read("var/lib/posit-upgrade/deadman/thaw.sh");
        await host.run(thaw, ["lost"]);
        assert.equal(marker().state, "staying");
        await host.run(thaw, ["dead-man"]);
        assert.equal(await users(), 200);
        assert.equal(marker().openedBy, "dead-man");
    });

    it("takes a token once, and one window at a time", async () => {
        await prepare("connect");
        const first = new Window(host);
        await first.close();
        const second = new Window(host);
        assert.match(String((await second.hear("error")).reason), /another window/);
        await second.ended;
        assert.equal(await users(), 0);
        first.say("complete");
        await first.ended;
        const again = new Window(host);
        assert.match(String((await again.hear("error")).reason), /take a new token/);
        await again.ended;
        assert.equal(await users(), 200);
    });

    it("does not start what somebody had stopped before", async () => {
        await prepare("workbench");
        host.setUnit("rstudio-launcher", "inactive");
        const window = new Window(host);
        await window.close();
        window.say("complete");
        await window.ended;
        assert.ok(host.unitActive("rstudio-server"));
        assert.ok(!host.unitActive("rstudio-launcher"));
    });

    it("ends a database on the host after its product, and starts it before", async () => {
        host = await fakeHost("connect", "postgresql-local");
        const directory = host.root + "/data/postgres";
        host.make("data/postgres/PG_VERSION", "15\n");
        const window = new Window(host, { DATABASE_METHOD: "folder", DATABASE_PATH: directory });
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
        assert.deepEqual(marker().database, { method: "folder", path: directory, engineVersion: "15" });
    });

    it("does not begin when the data directory is none", async () => {
        host = await fakeHost("connect", "postgresql-local");
        const window = new Window(host, { DATABASE_METHOD: "folder", DATABASE_PATH: host.root + "/data/nowhere" });
        assert.match(String((await window.hear("error")).reason), /nothing was touched.*is no Postgres data directory/);
        assert.equal(await users(), 200);
        assert.deepEqual(leftovers(), []);
    });

    const dump = () => ({
        DATABASE_METHOD: "dump",
        DATABASE_PATH: host.root + "/data/.posit-capture-t1.dump",
        DATABASE_HOST: "db.example.com",
        DATABASE_PORT: "5432",
        DATABASE_NAME: "connect",
        DATABASE_USER: "connect",
        DATABASE_PASSWORD: "correct horse",
        DATABASE_CA: "",
    });

    it("dumps a database elsewhere to the volume, notes it, and takes the dump away once it is captured", async () => {
        await prepare("connect");
        const window = new Window(host, dump());
        await window.close();
        window.say("dump");
        assert.ok(Number((await window.hear("dumped")).bytes) > 0);
        assert.match(host.read("data/.posit-capture-t1.dump"), /as connect with a password of 13 letters/);
        window.say("complete");
        await window.ended;
        assert.ok(!host.exists("data/.posit-capture-t1.dump"));
        assert.equal((marker().database as { method: string }).method, "dump");
        assert.ok(!host.calls().some((call) => call.includes("correct horse")));
    });

    for (const [what, file, text, finding] of [
        [
            "the server refuses",
            "fail-pg_dump",
            "permission denied for table runs",
            /can't be dumped: permission denied/,
        ],
        ["the disk is too small for", "database-size", "900000000000000", /may need/],
    ] as const) {
        it(`does not begin when ${what} a dump`, async () => {
            await prepare("connect");
            host.write(file, text);
            const window = new Window(host, dump());
            assert.match(String((await window.hear("error")).reason), finding);
            assert.equal(await users(), 200);
            assert.deepEqual(leftovers(), []);
        });
    }

    it("is no capture when the dump holds nothing, and leaves no dump behind", async () => {
        await prepare("connect");
        const window = new Window(host, dump());
        await window.close();
        host.write("empty-dump", "");
        window.say("dump");
        assert.match(String((await window.hear("error")).reason), /holds nothing/);
        window.say("abort");
        assert.equal((await window.hear("open")).openedBy, "abort");
        await window.ended;
        assert.ok(!host.exists("data/.posit-capture-t1.dump"));
    });
});
