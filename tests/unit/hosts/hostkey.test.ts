// The host key that a new host makes for itself: it can be reached by either key until somebody has come by the new one. A folder, with
// real keys; systemd and sshd are stubs.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { fakeHost, FakeHost } from "./fakeHost";
import { program } from "./people";

describe("a new host's key", () => {
    let host: FakeHost;
    const key = "etc/ssh/ssh_host_ed25519_key";
    const turn = "etc/systemd/system/posit-host-key-turn";
    const shown = () => host.read(`${key}.pub`).split(" ")[1];
    const script = (name: "hostkey" | "ready") =>
        host.run(host.render(name, name === "ready" ? { FAMILY: "debian" } : {}));

    beforeEach(async () => {
        host = await fakeHost("connect");
        program(host, "cloud-init", "echo 'status: done'");
        fs.mkdirSync(path.join(host.root, "etc/ssh"));
        execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", path.join(host.root, key)]);
        host.make("etc/ssh/ssh_host_rsa_key", "");
    });
    afterEach(() => host.remove());

    async function made(): Promise<string> {
        const { status, stdout, stderr } = await script("hostkey");
        assert.equal(status, 0, stderr);
        return host.answer("hostkey", stdout).hostKey.split(" ")[1];
    }

    const takeTurn = () => host.run(host.read("var/lib/posit-upgrade/host-keys/turn.sh"));

    it("answers a key of its own and shows that one, private half and all", async () => {
        const old = shown();
        const answer = await made();
        assert.equal(shown(), answer);
        assert.notEqual(answer, old);
        const derived = execFileSync("ssh-keygen", ["-y", "-f", path.join(host.root, key)])
            .toString()
            .split(" ")[1];
        assert.equal(derived.trim(), answer);
        assert.equal(fs.statSync(path.join(host.root, key)).mode & 0o777, 0o600);
        assert.ok(!host.exists("etc/ssh/ssh_host_rsa_key"));
    });

    it("shows both in turn until somebody came by the new one, and answers the same key meanwhile", async () => {
        const old = shown();
        const answer = await made();
        assert.match(host.read(`${turn}.timer`), /OnActiveSec=10min\nOnUnitActiveSec=2min/);
        for (const expected of [old, answer, old]) {
            assert.equal((await takeTurn()).status, 0);
            assert.equal(shown(), expected);
        }
        assert.equal(await made(), answer, "a second run over the old key");
        assert.equal((await script("ready")).status, 0);
        assert.equal(shown(), answer);
        assert.ok(!host.exists(`${turn}.timer`) && !host.exists(`${turn}.service`));
        assert.ok(!host.exists("var/lib/posit-upgrade/host-keys"), "the old key is gone");
        assert.equal(await made(), answer);
        assert.equal((await script("ready")).status, 0);
    });
});
