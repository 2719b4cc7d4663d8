// When a new host is ready: how its first boot ended by cloud-init's word, and that the key of before is given up. cloud-init is played.
import { strict as assert } from "node:assert";
import { fakeHost, FakeHost } from "./fakeHost";
import { program } from "./people";

describe("a new host's first boot", function () {
    this.timeout(30_000);
    let host: FakeHost;
    beforeEach(async () => (host = await fakeHost("connect")));
    afterEach(() => host.remove());

    const ready = () => host.run(host.render("ready", { FAMILY: "debian" }));
    const cloudInit = (says: string, status = 0) =>
        program(host, "cloud-init", `echo "cloud-init $*" >>"$HOST_ROOT/calls"\nprintf '${says}'\nexit ${status}`);

    for (const [says, status] of [
        ["status: done\\n", 0],
        ["status: done\\nextended_status: degraded done\\n", 2],
        ["status: disabled\\n", 0],
        ["status: not run\\n", 0],
    ] as const) {
        it(`has ended well with "${says}" and status ${status}`, async () => {
            cloudInit(says, status);
            const { status: ended, stdout, stderr } = await ready();
            assert.equal(ended, 0, stderr);
            assert.deepEqual(host.answer("ready", stdout), { os: "trixie" });
            assert.deepEqual(host.calls(), ["cloud-init status --wait", "cloud-init status"]);
        });
    }

    for (const [says, status, word] of [
        ["status: error\\n", 1, "error"],
        ["status: running\\n", 0, "running"],
        ["status: error\\nextended_status: error - done\\n", 1, "error"],
        ["", 1, ""],
    ] as const) {
        it(`has not ended well with "${says}"`, async () => {
            cloudInit(says, status);
            const { status: ended, stderr } = await ready();
            assert.equal(ended, 1);
            assert.match(
                stderr,
                new RegExp(`^cloud-init on .* ended with "${word}"; see .*cloud-init-output\\.log there`),
            );
        });
    }

    it("gives up the key of before, whoever came by the new one", async () => {
        cloudInit("status: error\\n");
        for (const key of ["old", "new"]) {
            host.make(`var/lib/posit-upgrade/host-keys/${key}/key`, `${key}\n`);
            host.make(`var/lib/posit-upgrade/host-keys/${key}/key.pub`, `${key}.pub\n`);
        }
        host.make("etc/ssh/ssh_host_ed25519_key", "old\n");
        host.make("etc/systemd/system/posit-host-key-turn.timer", "");
        await ready();
        assert.equal(host.read("etc/ssh/ssh_host_ed25519_key"), "new\n");
        assert.equal(host.read("etc/ssh/ssh_host_ed25519_key.pub"), "new.pub\n");
        assert.ok(!host.exists("var/lib/posit-upgrade/host-keys"));
        assert.ok(!host.exists("etc/systemd/system/posit-host-key-turn.timer"));
    });
});
