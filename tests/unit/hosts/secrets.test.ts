// The configuration of a production host as hosts/secrets.sh carries it: real files and links in a folder.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { needs, root } from "../../needs";
import { fakeHost, FakeHost } from "./fakeHost";
import { accountsOfHost, asRoot, give } from "./people";

describe("carrying production's configuration", () => {
    let host: FakeHost;
    beforeEach(async () => {
        host = await fakeHost("workbench");
        accountsOfHost(host, [], []);
        host.make("etc/rstudio/rserver.conf", "www-port=8787\n");
    });
    afterEach(() => host.remove());

    const inHost = (file: string) => path.join(host.root, file);
    const link = (to: string, file: string) => fs.symlinkSync(inHost(to), inHost(file));

    async function carried(): Promise<Record<string, string>> {
        const { status, stdout, stderr } = await host.run(host.render("secrets"));
        assert.equal(status, 0, stderr);
        const { files } = host.answer("secrets", stdout);
        return Object.fromEntries(
            files.map(({ path: file, content }) => [file, Buffer.from(content, "base64").toString("latin1")]),
        );
    }

    it("carries the content of a file that is a link, in its place", async () => {
        host.make("srv/config/rsession.conf", "session-timeout-minutes=0\n");
        link("srv/config/rsession.conf", "etc/rstudio/rsession.conf");
        assert.deepEqual(await carried(), {
            "/etc/rstudio/rserver.conf": "www-port=8787\n",
            "/etc/rstudio/rsession.conf": "session-timeout-minutes=0\n",
        });
    });

    it("carries a folder that is a link", async () => {
        fs.mkdirSync(inHost("opt"));
        fs.renameSync(inHost("etc/rstudio"), inHost("opt/rstudio"));
        link("opt/rstudio", "etc/rstudio");
        assert.deepEqual(Object.keys(await carried()), ["/etc/rstudio/rserver.conf"]);
    });

    it("carries every byte", async () => {
        fs.writeFileSync(inHost("etc/rstudio/krb5.keytab"), Buffer.from([0xff, 0xfe, 0x00, 0x80]));
        assert.equal((await carried())["/etc/rstudio/krb5.keytab"], "\xff\xfe\x00\x80");
    });

    it("carries nothing that a link of somebody else leads to, nor what is no file", async () => {
        host.make("etc/shadow", "root:hash\n");
        link("etc/shadow", "etc/rstudio/planted.conf");
        link("nowhere", "etc/rstudio/gone.conf");
        link("srv", "etc/rstudio/folder.conf");
        if (asRoot) {
            give(inHost("etc/rstudio/planted.conf"));
        } else {
            fs.rmSync(inHost("etc/rstudio/planted.conf"));
        }
        assert.deepEqual(Object.keys(await carried()), ["/etc/rstudio/rserver.conf"]);
    });

    it("fails when a file can't be read, instead of carrying nothing", async () => {
        fs.writeFileSync(
            inHost("bin/base64"),
            "#!/bin/bash\n/usr/bin/base64 \"$@\" | head -c 4\necho 'read error' >&2\nexit 1\n",
            { mode: 0o755 },
        );
        const { status, stdout } = await host.run(host.render("secrets"));
        assert.notEqual(status, 0);
        assert.equal(stdout, "");
    });

    describe("from a folder of the product's account", () => {
        const key = "var/lib/rstudio-pm/rstudio-pm.key";
        beforeEach(async () => {
            await host.remove();
            host = await fakeHost("packageManager");
            accountsOfHost(host, [], []);
            host.make("etc/shadow", "root:hash\n");
            host.make(key, "the key\n");
        });
        const carriedKey = async () => {
            const { stdout, stderr } = await host.run(host.render("secrets"));
            assert.ok(!stdout.includes(Buffer.from("root:hash\n").toString("base64")), stdout);
            if (stdout === "") return stderr;
            const answer = host.answer("secrets", stdout);
            return Buffer.from(answer.key!.content, "base64").toString();
        };

        it("carries the key that lies there", async () => {
            if (asRoot) give(inHost("var/lib/rstudio-pm"));
            assert.equal(await carriedKey(), "the key\n");
        });

        it("carries the key that root's own link leads to", async () => {
            fs.renameSync(inHost(key), inHost("data/key"));
            link("data/key", key);
            assert.equal(await carriedKey(), "the key\n");
        });

        for (const [planted, plant] of [
            ["a link", (file: string) => fs.symlinkSync(inHost("etc/shadow"), file)],
            ["another name", (file: string) => fs.linkSync(inHost("etc/shadow"), file)],
        ] as const) {
            it(`carries nothing that ${planted} of it leads to`, async function () {
                needs(this, asRoot, root); // the folder has to be somebody else's
                fs.rmSync(inHost(key));
                plant(inHost(key));
                give(inHost("var/lib/rstudio-pm"));
                assert.match(await carriedKey(), /rstudio-pm\.key on .* look who made it/);
            });
        }
    });
});
