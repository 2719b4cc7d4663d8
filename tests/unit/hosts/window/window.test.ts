// The window's script and the thaw script on a host that is only a folder: what is armed before anything is touched, and what opens the
// product again. Does not prove that systemd, timers and reboots do their part (the rehearsal does).
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ProductId } from "../../../../products";
import { fakeHost, FakeHost } from "../fakeHost";
import { leftovers, WindowOnHost } from "./windowOnHost";

describe("the window's script on a host", function () {
    this.timeout(60_000);
    let host: FakeHost;
    const prepare = async (product: ProductId) => (host = await fakeHost(product));
    const marker = () => host.marker("t1");
    const users = () => host.answers();

    afterEach(() => host.remove());

    it("arms timer and boot unit before it stops anything, and leaves nothing but the marker", async () => {
        await prepare("connect");
        const window = new WindowOnHost(host);
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
        assert.deepEqual(leftovers(host), []);
    });

    it("tells when it asked the product before closing, and nothing of a product that was down", async () => {
        await prepare("connect");
        const window = new WindowOnHost(host);
        await window.close();
        window.say("complete");
        await window.ended;
        const { askedAt, answeredAt, armedAt } = marker() as Record<string, string>;
        assert.ok(askedAt && askedAt <= answeredAt && answeredAt <= armedAt, JSON.stringify(marker()));

        await host.remove();
        await prepare("connect");
        host.setUnit("rstudio-connect", "inactive");
        const down = new WindowOnHost(host);
        await down.close();
        assert.equal(marker().askedAt, undefined);
        down.say("abort");
        await down.ended;
    });

    for (const [how, act] of Object.entries({
        "falls silent": (window: WindowOnHost) => window.fallSilent(),
        "breaks off": (window: WindowOnHost) => window.breakOff(),
        "says a word nobody knows": (window: WindowOnHost) => window.say("sesame"),
    })) {
        it(`opens when the program ${how}`, async () => {
            await prepare("packageManager");
            const window = new WindowOnHost(host);
            await window.close();
            assert.equal(await users(), 0);
            act(window);
            await window.ended;
            assert.equal(await users(), 200);
            assert.equal(marker().openedBy, "lost");
            assert.deepEqual(leftovers(host), []);
        });
    }

    it("understands a word that comes in pieces", async () => {
        await prepare("connect");
        const window = new WindowOnHost(host);
        await window.close();
        for (const piece of ["be", "at\t\nbe", "at\t\nbeat", "\t", "\n"]) {
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
        const window = new WindowOnHost(host);
        const { reason } = await window.hear("error");
        await window.ended;
        assert.match(String(reason), /nothing was touched/);
        assert.equal(await users(), 200);
        assert.ok(!host.calls().some((call) => /rstudio-server offline|systemctl stop rstudio/.test(call)));
        assert.deepEqual(leftovers(host), []);
    });

    it("stays closed without its connection once told to, whoever knocks but the dead-man", async () => {
        await prepare("connect");
        const window = new WindowOnHost(host);
        await window.close();
        window.say("stay");
        await window.hear("staying");
        window.breakOff();
        await window.ended;
        assert.ok(!host.unitActive("rstudio-connect"));
        assert.ok(host.unitActive("posit-deadman-stay.timer"));
        // As the unit runs it; the program is tried by itself in notice.test.ts.
        const unit = host.read("etc/systemd/system/posit-maintenance@.service");
        const [, command] = /^ExecStart=(.*)$/m.exec(unit)!;
        const { stdout } = await host.run(`exec ${command}\n`, [], "GET / HTTP/1.1\r\n\r\n");
        assert.match(stdout, /^HTTP\/1\.1 503 /);
        assert.match(
            (JSON.parse(stdout.split("\r\n\r\n")[1]) as { error: string }).error,
            /^Moving "home" <soon> \$\(touch x\)\. Expected back at about \d\d:\d\d UTC\./,
        );
        const thaw = host.read("var/lib/posit-upgrade/deadman/thaw.sh");
        await host.run(thaw, ["lost"]);
        assert.equal(marker().state, "staying");
        await host.run(thaw, ["dead-man"]);
        assert.equal(await users(), 200);
        assert.equal(marker().openedBy, "dead-man");
    });

    it("takes a token once, and one window at a time", async () => {
        await prepare("connect");
        const first = new WindowOnHost(host);
        await first.close();
        const second = new WindowOnHost(host);
        assert.match(String((await second.hear("error")).reason), /another window/);
        await second.ended;
        assert.equal(await users(), 0);
        first.say("complete");
        await first.ended;
        const again = new WindowOnHost(host);
        assert.match(String((await again.hear("error")).reason), /take a new token/);
        await again.ended;
        assert.equal(await users(), 200);
    });

    it("does not start what somebody had stopped before", async () => {
        await prepare("workbench");
        host.setUnit("rstudio-launcher", "inactive");
        const window = new WindowOnHost(host);
        await window.close();
        window.say("complete");
        await window.ended;
        assert.ok(host.unitActive("rstudio-server"));
        assert.ok(!host.unitActive("rstudio-launcher"));
    });

    it("does not begin when a product that runs does not answer where the thaw would ask", async () => {
        await prepare("connect");
        const window = new WindowOnHost(host, { PORT: "1" });
        const { reason } = await window.hear("error");
        assert.match(
            String(reason),
            /does not answer on port 1: nothing was touched.*posit:current\.connect\.productPort/,
        );
        await window.ended;
        assert.deepEqual(leftovers(host), []);
        assert.equal(await users(), 200);
    });

    it("does not begin when starts could be forbidden for ever", async () => {
        await prepare("connect");
        host.make("run/systemd/system", "a file where systemd's folder should be");
        const window = new WindowOnHost(host);
        assert.match(String((await window.hear("error")).reason), /nothing was touched/);
        await window.ended;
        assert.deepEqual(leftovers(host), []);
        assert.equal(await users(), 200);
    });

    it("ends at once when somebody else opens the host, and neither notes nor stays then", async () => {
        await prepare("connect");
        const window = new WindowOnHost(host);
        await window.close();
        host.write("unhealthy", "");
        const thaw = host.run(host.read("var/lib/posit-upgrade/deadman/thaw.sh"), ["by-hand"]);
        const began = Date.now();
        assert.match(String((await window.hear("error")).reason), /is being opened since .*, by "by-hand"/);
        assert.ok(Date.now() - began < 2_500, "it did not notice for a long time");
        window.say('note {"late":true}');
        window.say("stay");
        await new Promise((resolve) => setTimeout(resolve, 500));
        fs.rmSync(path.join(host.root, "unhealthy"));
        assert.equal((await window.hear("open")).openedBy, "by-hand");
        await Promise.all([thaw, window.ended]);
        assert.ok(!window.heard("noted") && !window.heard("staying"));
        const { openedBy, state, stayingSince, notes } = marker();
        assert.deepEqual(
            { openedBy, state, stayingSince, notes },
            {
                openedBy: "by-hand",
                state: "open",
                stayingSince: undefined,
                notes: null,
            },
        );
        assert.equal(await users(), 200);
    });

    it("says who was first when it was opened behind its back", async () => {
        await prepare("connect");
        const window = new WindowOnHost(host);
        await window.close();
        await host.run(host.read("var/lib/posit-upgrade/deadman/thaw.sh"), ["boot-of-somebody"]);
        assert.equal((await window.hear("open")).openedBy, "boot-of-somebody");
        await window.ended;
    });

    it("says so too when the one who was first is just taking the thaw script away", async () => {
        await prepare("connect");
        const window = new WindowOnHost(host);
        await window.close();
        const deadman = "var/lib/posit-upgrade/deadman";
        const first = host.start(
            [
                `cd ${host.root}`,
                "exec 8>run/posit-upgrade/thaw.lock",
                "flock 8",
                `printf by-hand >${deadman}/facts/openedBy`,
                `printf 2026-01-01T00:00:00Z >${deadman}/facts/thawingAt`,
                `rm -f ${deadman}/thaw.sh`,
                "sleep 2",
                `printf '{"token":"t1","openedBy":"by-hand","health":"ok"}' >var/lib/posit-upgrade/captures/t1.json`,
                `rm -rf ${deadman}`,
            ].join("\n"),
        );
        const gone = new Promise((resolve) => first.on("close", resolve));
        assert.equal((await window.hear("open")).openedBy, "by-hand");
        await Promise.all([window.ended, gone]);
    });

    it("is not opened by the end of another capture's window, which was refused", async () => {
        await prepare("connect");
        const window = new WindowOnHost(host);
        await window.close();
        const thaw = host.read("var/lib/posit-upgrade/deadman/thaw.sh");
        const other = new WindowOnHost(host, { TOKEN: "t2" });
        assert.match(String((await other.hear("error")).reason), /another window is under way/);
        await other.ended;
        await host.run(thaw, ["lost", "-", "t2"]);
        assert.ok(!host.unitActive("rstudio-connect"));
        await host.run(thaw, ["lost", "-", "t1"]);
        assert.ok(host.unitActive("rstudio-connect"));
        await window.ended;
    });

    it("takes notes of any length, and the last one counts", async () => {
        await prepare("connect");
        const window = new WindowOnHost(host);
        await window.close();
        window.say('note {"pointInTime":"2026-01-01T00:00:00Z"}');
        await window.hear("noted");
        const snapshots = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`vol-${i}`, `snap "${i}" \\ é`]));
        window.say(`note ${JSON.stringify({ snapshots })}`);
        for (
            let tries = 0;
            tries < 100 && !host.read("var/lib/posit-upgrade/captures/t1.json").includes("vol-399");
            tries++
        )
            await new Promise((resolve) => setTimeout(resolve, 50));
        assert.deepEqual(marker().notes, { snapshots });
        window.say("complete");
        await window.ended;
        assert.deepEqual(marker().notes, { snapshots });
    });

    it("opens when it can't write down that it stays", async () => {
        await prepare("connect");
        const window = new WindowOnHost(host);
        await window.close();
        host.breakFolder("var/lib/posit-upgrade/captures");
        window.say("stay");
        assert.match(String((await window.hear("error")).reason), /can't be written/);
        await window.hear("open");
        await window.ended;
        assert.ok(!window.heard("staying"));
        assert.equal(await users(), 200);
    });

    it("forgets scripts that an earlier run left, which may hold a password", async () => {
        await prepare("connect");
        host.make("run/posit-upgrade/window-t0.sh", "DATABASE_PASSWORD=secret");
        const window = new WindowOnHost(host);
        await window.hear("armed");
        assert.ok(!host.exists("run/posit-upgrade/window-t0.sh"));
        window.say("abort");
        await window.ended;
    });
});
