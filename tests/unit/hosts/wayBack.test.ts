// What a host notes of itself when it goes down for good, so that whoever brings it back need not know how it differs from its product's
// description (`make thaw EVEN_RETIRED=1` with a hosts file that somebody wrote by hand). systemd's part is the rehearsal's.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { fakeHost, FakeHost } from "./fakeHost";
import { WindowOnHost } from "./window/windowOnHost";

const wayBack = "var/lib/posit-upgrade/way-back";
/** Of somebody who knows the product, and nothing of this host. */
const strange = { DATABASE_UNITS: [], PORT: "1" };

describe("the way back of a retired host", function () {
    this.timeout(30_000);
    let host: FakeHost;
    const act = (action: string, variables: Record<string, unknown> = {}) =>
        host.run(
            host.render("serve", {
                ...{ ACTION: action, TOKEN: "t1", EVEN_OPEN: "true", START_SECONDS: "5" },
                ...variables,
            }),
        );
    const succeeds = async (action: string, variables: Record<string, unknown> = {}) => {
        const { status, stderr } = await act(action, variables);
        assert.equal(status, 0, stderr);
    };
    const isUp = async () => {
        assert.ok(host.unitActive("postgres-local"), "its database is down");
        assert.equal(await host.answers(), 200);
        const calls = host.calls();
        assert.ok(
            calls.lastIndexOf("systemctl start postgres-local") < calls.lastIndexOf("systemctl start rstudio-connect"),
            "the product was started before its database",
        );
        assert.ok(!host.exists(wayBack), "it is noted still");
    };

    beforeEach(async () => {
        host = await fakeHost("connect", "postgres-local");
    });
    afterEach(() => host.remove());

    it("is on its disk, for root only, and gone when it is back", async () => {
        await succeeds("retire");
        assert.equal(fs.statSync(path.join(host.root, wayBack)).mode & 0o777, 0o600);
        const calls = host.calls();
        const noted = calls.findIndex((call) => /^sync .*way-back/.test(call));
        assert.ok(noted >= 0 && noted < calls.indexOf("systemctl mask postgres-local"), "masked before it was noted");
        await succeeds("revive", strange);
        await isUp();
    });

    it("is whole from the moment on at which the host counts as retired", async () => {
        host.write("fail-daemon-reload", "");
        assert.notEqual((await act("retire")).status, 0);
        assert.ok(host.exists("var/lib/posit-upgrade/retired"));
        fs.rmSync(path.join(host.root, "fail-daemon-reload"));
        await succeeds("revive", strange);
        await isUp();
    });

    it("is kept by a second retirement, and learns of a database that the first one did not know", async () => {
        await succeeds("retire", { DATABASE_UNITS: [] });
        assert.ok(host.unitActive("postgres-local"));
        await succeeds("retire");
        assert.ok(!host.unitActive("postgres-local"));
        host.make("var/lib/posit-upgrade/halfway", "");
        await succeeds("retire", { DATABASE_UNITS: [] });
        await succeeds("revive", strange);
        await isUp();
    });

    it("brings the noted database back also where the layout names another unit", async () => {
        await succeeds("retire");
        await succeeds("retire", { DATABASE_UNITS: ["postgres"] });
        await succeeds("revive", { ...strange, DATABASE_UNITS: ["postgres"] });
        await isUp();
    });

    it("has the timetables that ran before the first of two", async () => {
        await host.remove();
        host = await fakeHost("workbench");
        host.setUnit("cron", "active");
        await succeeds("retire");
        host.make("var/lib/posit-upgrade/halfway", "");
        await succeeds("retire");
        await succeeds("revive", { PORT: "1" });
        assert.ok(host.unitActive("cron"));
    });

    it("is read where an older version wrote it", async () => {
        await succeeds("retire");
        host.write(wayBack, `CLOSED_UNITS=(postgres-local rstudio-connect )\nPORT=${host.port}\nTIMETABLES=()\n`);
        await succeeds("revive", strange);
        await isUp();
    });

    it("is what the window noted, of a host that only stays closed", async () => {
        const window = new WindowOnHost(host);
        await window.close();
        window.say("stay");
        await window.hear("staying");
        window.breakOff();
        await window.ended;
        await succeeds("revive", { DATABASE_UNITS: [] });
        await isUp();
        assert.ok(!host.exists("run/systemd/system/postgres-local.service.d"), "what forbade starts is left");
    });

    it("is not read where others than root could have written it", async () => {
        await succeeds("retire");
        const file = path.join(host.root, wayBack);
        const refused = async (why: string) => {
            const { status, stderr } = await act("revive", strange);
            assert.notEqual(status, 0, why);
            assert.match(stderr, /way-back on .* is not root's alone/, why);
            assert.ok(!host.exists("evil"), why);
        };
        fs.appendFileSync(file, `: >${host.root}/evil\n`);
        fs.chmodSync(file, 0o666);
        await refused("anybody may write there");
        fs.renameSync(file, path.join(host.root, "tmp/way-back"));
        fs.chmodSync(path.join(host.root, "tmp/way-back"), 0o600);
        fs.symlinkSync(path.join(host.root, "tmp/way-back"), file);
        await refused("a link leads elsewhere");
        fs.rmSync(path.join(host.root, "tmp/way-back"));
        await refused("a link leads nowhere");
    });
});
