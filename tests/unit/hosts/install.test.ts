// Installing a package: nothing that forbids starts stays behind, however the unit that installs ends. apt and systemd are stubs.
import { strict as assert } from "node:assert";
import { fakeHost, FakeHost } from "./fakeHost";
import { program } from "./people";

describe("installing a product", () => {
    let host: FakeHost;
    const policy = "usr/sbin/policy-rc.d";
    beforeEach(async () => {
        host = await fakeHost("connect");
        program(host, "dpkg-query", "exit 1");
        program(host, "apt-mark", "exit 0");
        program(host, "apt-cache", "echo 'rstudio-connect | 2026.1.0 | somewhere'");
        apt("exit 0");
    });
    afterEach(() => host.remove());

    const apt = (install: string) =>
        program(
            host,
            "apt-get",
            `case " $* " in *" install "*) ;; *) exit 0 ;; esac
sh "$HOST_ROOT/${policy}" || echo "forbidden: $?" >>"$HOST_ROOT/calls"
${install}`,
        );
    const install = () =>
        host.run(
            host.render("install", {
                VERSION: "2026.1.0",
                REPOSITORY_URL: "https://repository.example.com",
                REPOSITORY_KEY: "key",
            }),
        );
    const forbidden = () => host.calls().filter((call) => call.startsWith("forbidden"));

    it("forbids starts while it installs, and no longer", async () => {
        const { status, stderr } = await install();
        assert.equal(status, 0, stderr);
        assert.deepEqual(forbidden(), ["forbidden: 101"]);
        assert.ok(!host.exists(policy) && !host.exists("run/posit-upgrade/installing"));
    });

    for (const [what, how] of [
        ["apt fails", "exit 100"],
        ["the unit is ended", "kill -KILL $PPID; exit 1"],
    ]) {
        it(`forbids nothing once ${what}`, async () => {
            apt(how);
            assert.notEqual((await install()).status, 0);
            assert.deepEqual(forbidden(), ["forbidden: 101"]);
            assert.ok(!host.exists("run/posit-upgrade/installing"));
            const { status } = await host.run(`sh "$HOST_ROOT/${policy}"`);
            assert.equal(status, 0, "what stayed behind allows starts");
        });
    }

    it("leaves an image's own policy as it is", async () => {
        host.make(policy, "#!/bin/sh\nexit 0\n");
        assert.equal((await install()).status, 0);
        assert.equal(host.read(policy), "#!/bin/sh\nexit 0\n");
    });
});
