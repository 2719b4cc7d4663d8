// What opens a host that a capture closed, on a host that is only a folder: thaw.sh however often and by whomever it is run, reopen.sh,
// what record.sh tells afterwards. Does not prove that systemd's timers come again (tried by hand on systemd 252; the rehearsal does).
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ProductId } from "../../../../products";
import { fakeHost, FakeHost } from "../fakeHost";
import { leftovers, WindowOnHost } from "./windowOnHost";

const deadman = "var/lib/posit-upgrade/deadman";

describe("opening a host", function () {
    this.timeout(60_000);
    let host: FakeHost;
    const marker = () => host.marker("t1");

    afterEach(() => host.remove());

    /** Frozen, or staying. */
    async function closed(word?: "stay", product: ProductId = "connect", startSeconds = 20): Promise<WindowOnHost> {
        host = await fakeHost(product);
        const window = new WindowOnHost(host, {
            THAW_SCRIPT: host.render("thaw", { START_SECONDS: String(startSeconds) }),
        });
        await window.close();
        if (word) {
            window.say(word);
            await window.hear("staying");
            await window.ended;
        }
        return window;
    }

    const thaw = (...args: string[]) => host.run(host.read(`${deadman}/thaw.sh`), args);
    const heal = () => fs.rmSync(path.join(host.root, "unhealthy"));
    const reopen = async (variables: Record<string, string> = {}) => {
        const { stdout, stderr, status } = await host.run(
            host.render("reopen", { REASON: "by-hand", STAYING: "leave", WAIT_SECONDS: "20", ...variables }),
        );
        assert.equal(status, 0, stderr);
        return host.answer("reopen", stdout);
    };
    const record = async () => {
        const { stdout, status, stderr } = await host.run(host.render("record", { TOKEN: "t1" }));
        assert.equal(status, 0, stderr);
        return host.answer("record", stdout);
    };
    const state = async () => host.answer("state", (await host.run(host.render("state"))).stdout);

    it("is tidied up by the next one when power went between the last word and that", async () => {
        const window = await closed();
        const kept = path.join(host.root, "kept");
        fs.cpSync(path.join(host.root, deadman), kept, { recursive: true });
        window.say("complete");
        await window.ended;
        fs.cpSync(kept, path.join(host.root, deadman), { recursive: true });
        fs.writeFileSync(path.join(host.root, deadman, "facts/state"), "open");
        fs.writeFileSync(path.join(host.root, deadman, "facts/thawingAt"), "2026-01-01T00:00:00Z");
        const before = host.read("var/lib/posit-upgrade/captures/t1.json");
        await thaw("boot");
        assert.deepEqual(leftovers(host), []);
        assert.equal(host.read("var/lib/posit-upgrade/captures/t1.json"), before);
    });

    it("is written down before anything is started", async () => {
        await closed("stay");
        fs.rmSync(path.join(host.root, "marker-at-start"));
        await thaw("dead-man");
        const before = JSON.parse(host.read("marker-at-start")) as Record<string, string>;
        assert.equal(before.state, "thawing");
        assert.equal(before.openedBy, "dead-man");
        assert.ok(before.thawingAt > before.stayingSince);
        const calls = host.calls();
        const marked = calls.findIndex((call) => /^sync .*captures\/t1\.json\./.test(call));
        assert.ok(marked >= 0, "the marker's text was not on disk before its name");
    });

    it("by the first word, whoever tries again", async () => {
        await closed("stay", "connect", 1);
        host.write("unhealthy", "");
        assert.equal((await thaw("dead-man")).status, 1);
        const first = marker();
        assert.equal(first.state, "failed");
        assert.equal(first.health, "failed");
        assert.equal(first.openedBy, "dead-man");
        assert.ok(String(first.thawingAt) > String(first.stayingSince));
        assert.equal((await state()).side, "closed");
        assert.deepEqual((await state()).timers.slice(-1), ["posit-deadman-retry"]);
        heal();
        const { stdout } = await thaw("by-hand", "20");
        assert.match(stdout, /"event":"open".*"openedBy":"dead-man","health":"ok"/);
        const { thawingAt, openedBy, health, openedAt } = marker();
        assert.deepEqual(
            { thawingAt, openedBy, health },
            { thawingAt: first.thawingAt, openedBy: "dead-man", health: "ok" },
        );
        assert.ok(openedAt);
        assert.deepEqual((await state()).timers, []);
        assert.deepEqual(leftovers(host), []);
    });

    for (const timer of ["posit-deadman", "posit-deadman-closed", "posit-deadman-stay", "posit-deadman-retry"]) {
        it(`comes again when ${timer} could not do it`, async () => {
            await closed(undefined, "connect", 1);
            host.write("unhealthy", "");
            // As systemd has it while that very timer's service runs.
            host.setUnit(timer, "active");
            host.setUnit(`${timer}.timer`, "active");
            await thaw("dead-man");
            const armed = (await state()).timers;
            assert.ok(armed.includes("posit-deadman-retry"), armed.join());
            const asked = host.calls().filter((call) => /^systemd-run.*on-active/.test(call));
            assert.ok(asked.length > 0 && asked.every((call) => call.includes("--on-unit-inactive=60")));
        });
    }

    it("says while it waits, and is not void because it is slow", async () => {
        host = await fakeHost("connect");
        const window = new WindowOnHost(host);
        await window.close();
        host.write("unhealthy", "");
        window.say("complete");
        await window.hear("heard");
        assert.equal((await window.hear("thawing")).openedBy, "complete");
        await window.hear("starting");
        assert.ok(Number((await window.hear("waiting")).seconds) >= 4);
        const { openedBy, health } = await window.hear("open");
        assert.deepEqual({ openedBy, health }, { openedBy: "complete", health: "failed" });
        await window.ended;
        heal();
        await thaw("dead-man");
        assert.equal(marker().openedBy, "complete");
        assert.equal(marker().health, "ok");
    });

    it("after a reboot starts only what ran before, and believes it when it answers", async () => {
        await closed("stay", "workbench");
        host.write(`${deadman}/facts/activeUnits`, "rstudio-server");
        host.write("unhealthy", "");
        await thaw("boot");
        assert.ok(host.unitActive("rstudio-server"));
        assert.ok(!host.unitActive("rstudio-launcher"));
        assert.equal(marker().state, "thawing");
        assert.equal(marker().openedAt, undefined);
        assert.ok((await state()).timers.includes("posit-deadman-retry"));
        heal();
        await thaw("dead-man");
        assert.equal(marker().openedBy, "boot");
        assert.ok(marker().openedAt);
        assert.deepEqual(leftovers(host), []);
    });

    it("never opens a retired one", async () => {
        await closed("stay");
        host.write("var/lib/posit-upgrade/retired", "t2\n");
        await thaw("dead-man");
        assert.ok(!host.unitActive("rstudio-connect"));
        assert.equal((await reopen()).state, "retired");
    });

    it("goes on when what forbids starts can't be taken away", async () => {
        const window = await closed();
        fs.rmSync(path.join(host.root, "run/posit-upgrade/closed"));
        host.make("run/posit-upgrade/closed/stuck", "");
        window.say("complete");
        await window.hear("open");
        assert.equal(await host.answers(), 200);
        assert.ok(!host.exists("run/systemd/system/rstudio-connect.service.d/50-posit-window.conf"));
    });

    it("is told although the disk takes nothing any more", async () => {
        await closed("stay");
        host.breakFolder("var/lib/posit-upgrade/captures");
        const facts = path.join(host.root, deadman, "facts");
        for (const name of ["thawingAt", "openedBy", "state", "openedAt", "health"]) {
            fs.rmSync(path.join(facts, name), { force: true });
            fs.mkdirSync(path.join(facts, name));
        }
        await thaw("by-hand");
        assert.equal(await host.answers(), 200);
        const { state: standing, openedBy, thawingAt } = await record();
        assert.deepEqual({ standing, openedBy }, { standing: "open", openedBy: "by-hand" });
        assert.ok(thawingAt);
    });

    it("leaves one that stays on purpose, and opens it when it shall", async () => {
        await closed("stay");
        const left = await reopen();
        assert.deepEqual(
            {
                ...left,
                since: left.since === marker().stayingSince,
                until: left.until === marker().stayUntil,
                note: "",
            },
            { state: "staying", note: "", token: "t1", since: true, until: true, openedBy: "", openedAt: "" },
        );
        assert.equal(await host.answers(), 0);
        const opened = await reopen({ STAYING: "open", REASON: "given-up" });
        assert.equal(opened.state, "opened");
        assert.equal(opened.openedBy, "given-up");
        assert.equal(await host.answers(), 200);
        assert.deepEqual(await reopen({ TOKEN: "t1" }), {
            ...{ state: "open", note: "", token: "t1", since: "", until: "" },
            ...{ openedBy: "given-up", openedAt: marker().openedAt },
        });
    });

    it("opens what a window closed and left, whatever is said of staying ones", async () => {
        const window = await closed();
        const { state: answer, openedBy } = await reopen();
        assert.deepEqual({ answer, openedBy }, { answer: "opened", openedBy: "by-hand" });
        await window.ended;
    });

    it("says soon that a product does not answer yet, also while somebody else waits for it", async () => {
        host = await fakeHost("connect");
        const window = new WindowOnHost(host);
        await window.close();
        host.write("unhealthy", "");
        window.say("complete");
        await window.hear("starting");
        const began = Date.now();
        const { state: answer, note, openedBy } = await reopen({ WAIT_SECONDS: "1" });
        assert.deepEqual({ answer, openedBy }, { answer: "down", openedBy: "complete" });
        assert.match(note, /was started at 20.* \(by complete\) and does not answer on port \d+ yet/);
        assert.ok(Date.now() - began < 4_000);
        heal();
        assert.equal((await window.hear("open")).openedBy, "complete");
        await window.ended;
    });

    it("is remembered whole or not at all", async () => {
        const window = await closed();
        window.say('note {"odd":"}\\"{[","deep":{"a":["x"]}}');
        await window.hear("noted");
        window.say("complete");
        await window.ended;
        assert.equal((await record()).openedBy, "complete");
        const file = "var/lib/posit-upgrade/captures/t1.json";
        const text = host.read(file).trimEnd();
        // As older versions of this program wrote it, too.
        host.write(file, text);
        assert.equal((await record()).openedBy, "complete");
        for (let length = 0; length < text.length; length += 13) {
            host.write(file, text.slice(0, length));
            assert.equal((await record()).state, "unreadable", text.slice(0, length));
        }
        host.write(file, "\0\0\0");
        assert.equal((await record()).state, "unreadable");
    });

    it("gives the notice to nobody who could do harm", async () => {
        await closed("stay");
        const unit = host.read("etc/systemd/system/posit-maintenance@.service");
        assert.match(unit, /^DynamicUser=yes$/m);
        assert.match(unit, /^MemoryMax=/m);
        const folder = path.join(host.root, "var/lib/posit-upgrade-notice");
        assert.equal(fs.statSync(folder).mode & 0o777, 0o755);
        assert.equal(fs.statSync(path.join(folder, "notice.txt")).mode & 0o777, 0o644);
        await thaw("by-hand");
        assert.ok(!host.exists("var/lib/posit-upgrade-notice"));
    });
});
