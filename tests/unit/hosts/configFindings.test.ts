// What the inventory says of a configuration file that the program could not edit. The host is a folder.
import assert from "node:assert/strict";
import { fakeHost, FakeHost } from "./fakeHost";
import { accountsOfHost, program } from "./people";

describe("the inventory of a gcfg file", () => {
    let host: FakeHost;
    beforeEach(async () => {
        host = await fakeHost("connect");
        program(host, "dpkg-query", "printf 'ii 2026.1.0'");
        accountsOfHost(host, [], []);
    });
    afterEach(() => host.remove());

    async function findings(text: string): Promise<string[]> {
        host.make("etc/rstudio-connect/rstudio-connect.gcfg", text);
        const variables = { DATABASES: [{ role: "main", kind: "sqlite" }], SHARED_HOMES: "", VOLUMES: [] };
        const { status, stdout, stderr } = await host.run(host.render("inventory", variables));
        assert.equal(status, 0, stderr);
        const { findings: all } = JSON.parse(stdout) as {
            findings: { code: string; verdict: string; detail: string }[];
        };
        return all
            .filter(({ code }) => code === "unreadable-config")
            .map(({ verdict, detail }) => `${verdict}: ${detail}`);
    }

    it("names the first line that can't be read", async () => {
        assert.deepEqual(await findings("[Server]\nAddress: x\nAnd = more\n!\n"), [
            "refused: line 2 of /etc/rstudio-connect/rstudio-connect.gcfg can't be read as gcfg, which this program edits",
        ]);
    });

    it("says nothing of one that can", async () => assert.deepEqual(await findings("[Server]\nAddress = x ; y\n"), []));
});
