// The drain and the proof of quiet in the window's script, on a host that is only a folder: who is busy, who still writes, and what may go on.
// Does not prove that /proc tells of everybody (the rehearsal has real sessions).
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ProductId } from "../../../../products";
import { needs, root } from "../../../needs";
import { fakeHost, FakeHost } from "../fakeHost";
import { WindowOnHost } from "./windowOnHost";

describe("quiet on a host", function () {
    this.timeout(60_000);
    let host: FakeHost;
    const prepare = async (product: ProductId) => (host = await fakeHost(product));
    const marker = () => host.marker("t1");
    const users = () => host.answers();

    afterEach(() => host.remove());

    it("names who is busy, and undoes the drain when it is called off", async () => {
        await prepare("workbench");
        host.write("sessions", "4711 alice rsession busy\n");
        const window = new WindowOnHost(host);
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
        const window = new WindowOnHost(host, { FORCE: "true" });
        await window.close();
        assert.match(String((await window.hear("cut")).work), /alice: jupyter/);
        window.say("complete");
        await window.ended;
        assert.equal(marker().openedBy, "complete");
    });

    it("is no capture when a unit won't stop", async () => {
        await prepare("connect");
        host.write("stubborn", "");
        const window = new WindowOnHost(host);
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

    it("hears a word while its disk is slow to write the data out", async () => {
        await prepare("connect");
        const window = new WindowOnHost(host);
        await window.hear("armed");
        window.say("drain");
        await window.hear("drained");
        host.write("slow-sync", "");
        window.say("freeze");
        await window.hear("stopped");
        const said = Date.now();
        window.say("abort");
        assert.equal((await window.hear("open")).openedBy, "abort");
        assert.ok(Date.now() - said < 7_500, "it heard nothing until the disk was done");
        assert.equal(await users(), 200);
        window.fallSilent();
    });

    it("writes out what was still written after the stop", async () => {
        await prepare("workbench");
        const window = new WindowOnHost(host);
        await window.hear("armed");
        window.say("drain");
        await window.hear("drained");
        host.write("sessions", "4711 alice rsession on its way out\n");
        window.say("freeze");
        await window.hear("stopped");
        await new Promise((resolve) => setTimeout(resolve, 700));
        fs.appendFileSync(path.join(host.root, "calls"), "alice's last words\n");
        fs.rmSync(path.join(host.root, "sessions"));
        await window.hear("frozen");
        const calls = host.calls();
        const synced = calls.lastIndexOf(`sync -f ${host.root}/data`);
        assert.ok(synced > calls.indexOf("alice's last words"), calls.slice(-20).join("\n"));
        const { quietAt, syncedAt, frozenAt } = marker() as Record<string, string>;
        assert.ok(quietAt < syncedAt && syncedAt <= frozenAt, JSON.stringify(marker()));
        window.say("complete");
        await window.ended;
    });

    for (const [how, link, to, finding] of [
        ["stands in the data", "77/cwd", "data/alice", /stands in: .*data\/alice \(pid 77\)/],
        ["stands in the data's own folder", "77/cwd", "data", /stands in: .*data \(pid 77\)/],
        ["has data mapped", "77/map_files/7f00-7f01", "data/cache", /mapped file: .*data\/cache \(pid 77\)/],
        ["has a file open", "77/fd/3", "data/a b (x)", /open file: .*data\/a b \(x\) \(pid 77\)/],
    ] as const) {
        it(`is no capture when somebody ${how}`, async () => {
            await prepare("connect");
            const window = new WindowOnHost(host);
            await window.hear("armed");
            window.say("drain");
            await window.hear("drained");
            host.process(link, to);
            window.say("freeze");
            assert.match(String((await window.hear("error")).reason), finding);
            window.say("abort");
            await window.ended;
        });
    }

    it("is not closed while somebody stands in the data, and says who before it stops anything", async () => {
        await prepare("connect");
        host.process("77/cwd", "data/alice");
        const window = new WindowOnHost(host);
        await window.hear("armed");
        window.say("drain");
        assert.match(String((await window.hear("error")).reason), /still busy .*stands in: .*data\/alice \(pid 77\)/);
        assert.equal(await users(), 200);
        window.say("abort");
        await window.ended;
    });

    it("is closed although root stands in the data, as an operator who came from a home there", async function () {
        needs(this, process.getuid?.() === 0, root);
        await prepare("connect");
        host.process("77/cwd", "data/operator", 0);
        const window = new WindowOnHost(host);
        await window.close();
        window.say("complete");
        await window.ended;
    });

    it("is closed although somebody stands elsewhere, and our own sync has the data's folder open", async () => {
        await prepare("connect");
        host.process("77/cwd", "etc");
        host.process("78/fd/3", "data");
        const window = new WindowOnHost(host);
        await window.close();
        window.say("complete");
        await window.ended;
    });

    it("keeps users' timetables from beginning anything while it is closed, and starts them again", async () => {
        await prepare("workbench");
        host.setUnit("cron", "active");
        host.setUnit("crond", "inactive");
        const window = new WindowOnHost(host);
        await window.close();
        assert.ok(!host.unitActive("cron"));
        window.say("stay");
        await window.hear("staying");
        await window.ended;
        assert.ok(!host.unitActive("cron"));
        await host.run(host.read("var/lib/posit-upgrade/deadman/thaw.sh"), ["by-hand"]);
        assert.ok(host.unitActive("cron"));
        assert.ok(!host.unitActive("crond"));
    });

    it("tells programs, never their arguments", async () => {
        await prepare("workbench");
        host.write("sessions", "4711 alice jupyter --token=hunter2 stubborn\n");
        const window = new WindowOnHost(host);
        await window.hear("armed");
        window.say("drain");
        const { reason } = await window.hear("error");
        assert.match(String(reason), /alice: jupyter \(pid 4711\)/);
        assert.ok(!String(reason).includes("hunter2"));
        window.say("abort");
        await window.ended;
    });
});
