// Accounts and groups: what the inventory reads of them in production, and what the new host is asked to make. The host's own answers and
// commands are stubs on two files.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { fakeHost, FakeHost } from "./fakeHost";
import { accountsOfHost, program } from "./people";

describe("accounts and groups", () => {
    let host: FakeHost;
    beforeEach(async () => {
        host = await fakeHost("workbench");
        program(host, "dpkg-query", "printf 'ii 2026.1.0'");
    });
    afterEach(() => host.remove());

    async function inventory() {
        const { status, stdout, stderr } = await host.run(
            host.render("inventory", { DATABASES: [{ role: "main", kind: "sqlite" }], SHARED_HOMES: "", VOLUMES: [] }),
        );
        assert.equal(status, 0, stderr);
        return host.answer("inventory", stdout);
    }

    it("reads people's groups with their numbers, and names the system's, which it leaves", async () => {
        const home = `${host.root}/data`;
        accountsOfHost(
            host,
            [
                "root:x:0:0::/root:/bin/bash",
                `alice:x:2001:2001::${home}/alice:/bin/bash`,
                `bob:x:2002:100::${home}/bob:/bin/bash`,
                "rstudio-server:x:998:998::/var/lib/rstudio-server:/bin/false",
                "other:x:2003:2003::/srv/other:/bin/bash",
            ],
            [
                "alice:x:2001:",
                "users:x:100:alice",
                "analysts:x:3001:alice,bob",
                "empty:x:3002:",
                "other-team:x:3003:other",
                "sudo:x:27:alice",
                "docker:x:1999:bob",
                "odd name:x:3004:alice",
                "rstudio-server:x:998:",
            ],
        );
        const { accounts, groups, findings } = await inventory();
        assert.deepEqual(
            accounts.map(({ name, groups: theirs }) => [name, theirs]),
            [
                ["alice", ["analysts"]],
                ["bob", ["analysts"]],
                ["rstudio-server", []],
            ],
        );
        assert.deepEqual(groups, [{ name: "analysts", gid: 3001 }]);
        assert.deepEqual(
            findings.filter(({ code }) => code === "system-groups").map(({ verdict, detail }) => [verdict, detail]),
            [["declare", "groups of the system, which are not carried: alice in sudo; bob in docker"]],
        );
    });

    it("names configuration that leads elsewhere and can't be carried", async () => {
        accountsOfHost(host, [], []);
        host.make("etc/rstudio/rserver.conf", "");
        fs.symlinkSync("/nowhere", path.join(host.root, "etc/rstudio/gone.conf"));
        fs.symlinkSync(path.join(host.root, "etc/rstudio/rserver.conf"), path.join(host.root, "etc/rstudio/fine.conf"));
        const { findings } = await inventory();
        assert.deepEqual(
            findings.filter(({ code }) => code === "config-link").map(({ detail }) => detail.replace(host.root, "")),
            ["/etc/rstudio/gone.conf leads to /nowhere, which is not there"],
        );
    });

    const make = (accounts: object[], memberships: object[], teams: object[]) =>
        host.run(
            host.render("accounts", {
                ACCOUNTS: accounts,
                MEMBERSHIPS: memberships,
                TEAMS: teams,
            }),
        );
    const asked = () => host.calls().filter((call) => /^(group|user|gpasswd)/.test(call));

    const analysts = { name: "analysts", gid: 3001 };
    const alice = { name: "alice", uid: 2001, gid: 2001 };
    const member = { account: "alice", group: "analysts" };

    it("makes a group with production's number, and its members", async () => {
        accountsOfHost(host, [], ["analysts-of-others:x:4000:"]);
        const { status, stderr } = await make([alice], [member, { account: "alice", group: "unnumbered" }], [analysts]);
        assert.equal(status, 0, stderr);
        assert.deepEqual(asked(), [
            "groupadd --gid 3001 analysts",
            "groupadd --gid 2001 alice",
            "useradd --uid 2001 --gid alice --home-dir /home/alice --no-create-home --shell /bin/bash alice",
            // The stubs make nothing, so this one looks as if it were not there yet.
            "groupadd analysts",
            "gpasswd --add alice analysts",
            "groupadd unnumbered",
            "gpasswd --add alice unnumbered",
        ]);
    });

    it("does nothing where all is there", async () => {
        accountsOfHost(host, ["alice:x:2001:2001::/home/alice:/bin/bash"], ["alice:x:2001:", "analysts:x:3001:alice"]);
        assert.equal((await make([alice], [member], [analysts])).status, 0);
        assert.deepEqual(asked(), []);
    });

    it("gives a group production's number where that is free, and refuses where it is not", async () => {
        accountsOfHost(host, [], ["analysts:x:5000:"]);
        assert.equal((await make([], [], [analysts])).status, 0);
        assert.deepEqual(asked(), ["groupmod --gid 3001 analysts"]);
        accountsOfHost(host, [], ["analysts:x:5000:", "taken:x:3001:"]);
        assert.match(
            (await make([], [], [analysts])).stderr,
            /group analysts has number 5000 on .* and 3001 in production, where taken is here/,
        );
        accountsOfHost(host, [], ["taken:x:3001:"]);
        assert.match((await make([], [], [analysts])).stderr, /group analysts needs number 3001 as in production/);
    });
});
