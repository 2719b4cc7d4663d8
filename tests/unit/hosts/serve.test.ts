// The move of names on a host that is only a folder: what goes down stays down and remembers its way back, what comes up is left alone when it is
// up, what was broken off is seen as such, and a capture whose host was opened is never closed again. systemd's part is the rehearsal's.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import type { HostState } from "../../../contract/host";
import { hostMarkerSchema } from "../../../contract/host";
import { whyNotClosed } from "../../../logic/losses";
import type { ProductId } from "../../../products";
import { entryOf, ScriptName } from "../../../remote/scripts";
import { needs, root } from "../../needs";
import { fakeHost, FakeHost } from "./fakeHost";
import { asRoot, give, letIn } from "./people";
import { WindowOnHost } from "./window/windowOnHost";

describe("a host whose side gives way or serves", function () {
    let host: FakeHost;
    const prepare = async (product: ProductId, unit?: string) => (host = await fakeHost(product, unit));
    const render = (script: ScriptName, variables: Record<string, unknown> = {}) =>
        host.render(script, {
            ...(Object.hasOwn(entryOf(script).variables ?? {}, "START_SECONDS") && { START_SECONDS: "20" }),
            ...variables,
        });
    const act = (action: string, variables: Record<string, string> = {}) =>
        host.run(render("serve", { ACTION: action, TOKEN: "t1", EVEN_OPEN: "", ...variables }));
    const state = async (): Promise<HostState> => host.answer("state", (await host.run(render("state"))).stdout);
    const marker = () => hostMarkerSchema.parse(host.marker("t1"));
    const closedFor = async (token: string) =>
        whyNotClosed(
            {
                product: "connect",
                instanceId: "i",
                address: "a",
                publicAddress: "a",
                state: await state(),
                marker: marker(),
            },
            token,
        );
    const unit = () => (host.product === "packageManager" ? "rstudio-pm" : "rstudio-connect");
    const succeeds = async (action: string, variables: Record<string, string> = {}) => {
        const { status, stderr } = await act(action, variables);
        assert.equal(status, 0, stderr);
    };

    /** Closed for t1, for good. */
    async function stay(): Promise<void> {
        const window = new WindowOnHost(host);
        await window.close();
        window.say("stay");
        await window.hear("staying");
        window.breakOff();
        await window.ended;
    }

    afterEach(() => host.remove());

    it("is retired while it stays: final still, masked, without timers, with the token on its flag", async () => {
        await prepare("connect");
        await stay();
        assert.equal(await closedFor("t1"), undefined);
        assert.match((await closedFor("t2"))!, /not closed for capture t2/);
        await succeeds("retire");
        const { side, token, timers, running } = await state();
        assert.deepEqual({ side, token, timers, running }, { side: "retired", token: "t1", timers: [], running: [] });
        assert.equal(marker().state, "retired");
        assert.equal(marker().openedBy, undefined);
        assert.equal(marker().thawingAt, undefined);
        assert.equal(await closedFor("t1"), undefined);
        assert.ok(host.calls().includes(`systemctl mask ${unit()}`));
        const before = host.calls().length;
        await succeeds("retire");
        const again = host.calls().slice(before);
        assert.ok(!again.some((call) => /^systemctl (stop|mask)/.test(call)), again.join("\n"));
    });

    it("is closed still where its retirement was broken off before it could note that", async () => {
        await prepare("connect");
        await stay();
        host.write("fail-daemon-reload", "");
        assert.notEqual((await act("retire")).status, 0);
        const { side, state: halfway } = await state();
        assert.deepEqual([side, halfway, marker().state], ["retired", "halfway", "staying"]);
        assert.equal(await closedFor("t1"), undefined);
        host.setUnit(unit(), "active");
        assert.match((await closedFor("t1"))!, /is not closed for capture t1/);
        host.setUnit(unit(), "inactive");
        fs.rmSync(`${host.root}/fail-daemon-reload`);
        await succeeds("retire");
        assert.equal(marker().state, "retired");
    });

    it("is revived with its database, and its capture is never final again", async () => {
        await prepare("connect", "postgresql-local");
        await stay();
        await succeeds("retire");
        assert.ok(!host.unitActive("postgresql-local"));
        // By somebody who knows nothing of its database: the host remembers.
        const text = render("serve", { ACTION: "revive", TOKEN: "", EVEN_OPEN: "" })
            .replace("DATABASE_UNITS=('postgresql-local')", "DATABASE_UNITS=()")
            .replace(/^PORT=.*$/m, "PORT='1'");
        const { status, stderr } = await host.run(text);
        assert.equal(status, 0, stderr);
        assert.ok(host.unitActive("postgresql-local"));
        assert.ok(host.calls().includes("systemctl unmask postgresql-local"));
        assert.equal(await host.answers(), 200);
        assert.equal((await state()).side, "serving");
        const { state: ended, openedBy, thawingAt } = marker();
        assert.equal(ended, "reverted");
        assert.equal(openedBy, "reverted");
        assert.ok(thawingAt);
        await succeeds("retire", { EVEN_OPEN: "true" });
        assert.match((await closedFor("t1"))!, /was opened again/);
    });

    it("refuses to be retired when its stay has ended, was another capture's, or never was", async () => {
        await prepare("connect");
        assert.match((await act("retire")).stderr, /does not stay closed for capture t1/);
        await stay();
        assert.match((await act("retire", { TOKEN: "t2" })).stderr, /does not stay closed for capture t2/);
        host.write("var/lib/posit-upgrade/deadman/facts/thawingAt", "2026-01-01T00:00:00Z");
        assert.match((await act("retire")).stderr, /opened at 2026-01-01/);
        assert.ok(!host.exists("var/lib/posit-upgrade/retired"));
        assert.ok(!host.calls().some((call) => call.startsWith("systemctl mask")));
        await succeeds("retire", { EVEN_OPEN: "true" });
        assert.equal((await state()).side, "retired");
    });

    it("looks undone when its revival was broken off, also when it only stayed closed", async () => {
        await prepare("connect");
        await stay();
        host.write("fail-start", "");
        const reviving = host.start(
            render("serve", { ACTION: "revive", TOKEN: "", EVEN_OPEN: "", START_SECONDS: "1" }),
        );
        await new Promise((resolve) => reviving.on("close", resolve));
        assert.equal((await state()).side, "retired");
        assert.equal(marker().openedBy, "reverted");
        fs.rmSync(`${host.root}/fail-start`);
        await succeeds("revive");
        assert.equal((await state()).side, "serving");
    });

    it("is opened once: what serves is not started again, and says which capture it has", async () => {
        await prepare("connect");
        host.make("var/lib/posit-upgrade/hostkey-made", "");
        host.make("var/lib/posit-upgrade/quarantine", "t1\n");
        assert.equal((await state()).side, "quarantined");
        await succeeds("open", { TOKEN: "" });
        const { side, token } = await state();
        assert.deepEqual({ side, token }, { side: "serving", token: "t1" });
        const before = host.calls().length;
        await succeeds("open");
        const again = host.calls().slice(before);
        assert.ok(!again.some((call) => /^systemctl (stop|start)/.test(call)), again.join("\n"));
    });

    it("counts as serving while it is half open or half closed", async () => {
        await prepare("connect");
        host.make("var/lib/posit-upgrade/hostkey-made", "");
        host.make("var/lib/posit-upgrade/quarantine", "t1\n");
        host.make("var/lib/posit-upgrade/serving", "t1\n");
        host.make("var/lib/posit-upgrade/halfway", "");
        assert.deepEqual([(await state()).side, (await state()).state], ["serving", "halfway"]);
        await succeeds("close");
        const { side, token, running } = await state();
        assert.deepEqual({ side, token, running }, { side: "quarantined", token: "t1", running: [] });
        const before = host.calls().length;
        await succeeds("close");
        assert.ok(
            !host
                .calls()
                .slice(before)
                .some((call) => /^systemctl (stop|mask)/.test(call)),
        );
    });

    it("is unmasked by the next restore and start, unless it is retired", async () => {
        await prepare("connect");
        host.make("var/lib/posit-upgrade/hostkey-made", "");
        host.make("var/lib/posit-upgrade/serving", "t1\n");
        await succeeds("close");
        assert.ok(host.calls().includes(`systemctl mask ${unit()}`));
        const quarantined = await host.run(render("quarantine", { ACTION: "on", TOKEN: "t2" }));
        assert.equal(quarantined.status, 0, quarantined.stderr);
        assert.ok(host.calls().includes(`systemctl unmask ${unit()}`));
        assert.equal((await state()).token, "t2");
        const started = await host.run(render("start"));
        assert.equal(started.status, 0, started.stderr);
        assert.equal(await host.answers(), 200);

        await succeeds("retire", { EVEN_OPEN: "true" });
        const before = host.calls().length;
        assert.match((await host.run(render("start"))).stdout, /"health":"retired"/);
        await host.run(render("quarantine", { ACTION: "on", TOKEN: "t3" }));
        assert.ok(
            !host
                .calls()
                .slice(before)
                .some((call) => /^systemctl (start|unmask)/.test(call)),
        );
    });

    it("ends what users left running, before it goes down for good", async () => {
        await prepare("workbench");
        await succeeds("retire", { EVEN_OPEN: "true" });
        assert.ok(host.calls().some((call) => call.startsWith("pkill -KILL")));
    });

    it("runs no timetable of users while another side serves, and takes it up again when it is revived", async () => {
        for (const closed of [true, false]) {
            await prepare("workbench");
            host.setUnit("cron", "active");
            if (closed) await stay();
            await succeeds("retire", closed ? {} : { EVEN_OPEN: "true" });
            assert.ok(!host.unitActive("cron"));
            assert.ok(host.calls().includes("systemctl mask cron"), "or a reboot would bring it back");
            assert.ok(!host.calls().includes("systemctl mask crond"));
            await succeeds("revive");
            assert.ok(host.unitActive("cron"));
            const calls = host.calls();
            assert.ok(calls.indexOf("systemctl unmask cron") < calls.lastIndexOf("systemctl start cron"));
            if (closed) await host.remove();
        }
    });

    it("merges its quarantined configuration where nobody else can read it", async () => {
        await prepare("connect");
        const text = render("quarantine", { ACTION: "on", TOKEN: "t1" });
        assert.match(text, /umask 077 && rm -f \$overlay && cat/);
    });

    it("runs no timetables of users while it is retired, whatever reboots, and runs them again when it is revived", async () => {
        await prepare("workbench");
        host.setUnit("cron", "active");
        await stay();
        assert.ok(!host.unitActive("cron"));
        await succeeds("retire");
        assert.ok(host.calls().includes("systemctl mask cron"));
        await succeeds("revive");
        assert.ok(host.calls().includes("systemctl unmask cron"));
        assert.ok(host.unitActive("cron"));
        // One that comes back from the dead was in no window.
        await succeeds("retire", { EVEN_OPEN: "true" });
        assert.ok(!host.unitActive("cron"));
        await succeeds("revive");
        assert.ok(host.unitActive("cron"));
    });

    it("is retired still, and its capture final, when its way down was broken off", async () => {
        await prepare("connect");
        await stay();
        host.write("etc/fstab", "server:/homes /nowhere/homes nfs rw,x-posit-shared-homes 0 0\n");
        const text = render("serve", { ACTION: "retire", TOKEN: "t1", EVEN_OPEN: "" });
        const broken = await host.run(text);
        assert.match(broken.stderr, /can't be mounted ro/);
        assert.equal((await state()).state, "halfway");
        assert.equal(await closedFor("t1"), undefined);
        host.write("etc/fstab", "");
        await succeeds("retire");
        assert.equal(await closedFor("t1"), undefined);
        assert.equal((await state()).state, "");
    });

    it("is revived although its health page says nothing: production need not have one", async () => {
        await prepare("workbench");
        host.write("no-health-page", "");
        await succeeds("retire", { EVEN_OPEN: "true" });
        await succeeds("revive");
        await succeeds("health");
        assert.equal((await state()).side, "serving");
    });

    it("is waited for as long as it was said, and no longer, also by the check", async () => {
        await prepare("connect");
        const heal = () => fs.rmSync(`${host.root}/unhealthy`);
        const checked = async (seconds: string) => {
            const { stdout } = await host.run(
                render("check", {
                    PHASE: "install",
                    EXPECTED: { version: "1", name: "x" },
                    START_SECONDS: seconds,
                }),
            );
            const { checks } = host.answer("check", stdout);
            return checks.find(({ name }) => name === "healthy")!.passed;
        };
        host.write("unhealthy", "");
        const failed = await host.run(render("start", { START_SECONDS: "1" }));
        assert.match(failed.stderr, /did not become healthy within 1 s/);
        assert.equal(await checked("1"), false);
        assert.match((await act("health", { START_SECONDS: "1" })).stderr, /is not healthy/);
        for (const begun of [
            () => host.run(render("start")).then(({ status }) => status === 0),
            () => checked("20"),
            () => act("health").then(({ status }) => status === 0),
        ]) {
            const done = begun();
            await new Promise((resolve) => setTimeout(resolve, 1500));
            heal();
            assert.ok(await done);
            host.write("unhealthy", "");
        }
        host.setUnit("rstudio-connect", "inactive");
        const began = Date.now();
        assert.equal(await checked("20"), false);
        assert.ok(Date.now() - began < 5_000, "waited for a product that is down");
    });

    it("shows no more of a product's log than the owner of its folder may read", async function () {
        await prepare("connect");
        host.write("unhealthy", "");
        host.make("log/connect.log", "no database\n");
        host.make("etc/shadow", "root:hash\n");
        fs.chmodSync(`${host.root}/etc/shadow`, 0o600);
        letIn(host);
        const failed = async () =>
            (await host.run(render("start", { START_SECONDS: "1", LOG_PATH: "/log/connect.log" }))).stderr;
        assert.match(await failed(), /no database/);
        needs(this, asRoot, root); // the folder has to be somebody else's
        give(`${host.root}/log`);
        assert.match(await failed(), /no database/);
        fs.rmSync(`${host.root}/log/connect.log`);
        fs.symlinkSync(`${host.root}/etc/shadow`, `${host.root}/log/connect.log`);
        assert.doesNotMatch(await failed(), /root:hash/);
    });

    it("is neither retired nor revived while a thaw goes on, as long as a thaw may take", async () => {
        await prepare("connect");
        await stay();
        const thaw = host.start(`cd ${host.root}\nexec 8>run/posit-upgrade/thaw.lock\nflock 8\necho locked\nsleep 3\n`);
        await new Promise((resolve) => thaw.stdout.once("data", resolve));
        for (const action of ["retire", "revive"]) {
            const { status, stderr } = await act(action, { START_SECONDS: "1" });
            assert.equal(status, 1);
            assert.match(stderr, /is being opened for 1 s now/);
        }
        await succeeds("retire");
    });

    it("that this program made has to be healthy", async () => {
        await prepare("connect");
        host.make("var/lib/posit-upgrade/hostkey-made", "");
        host.write("no-health-page", "");
        const text = render("serve", { ACTION: "open", TOKEN: "t1", EVEN_OPEN: "", START_SECONDS: "1" });
        assert.match((await host.run(text)).stderr, /does not answer as it should on port \d+ after 1 s/);
        assert.equal((await state()).state, "halfway");
    });
});
