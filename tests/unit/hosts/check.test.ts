// Where a product's final name leads on its own host: to itself, or to what is in front of it. DNS and addresses are played.
import assert from "node:assert/strict";
import { fakeHost, FakeHost } from "./fakeHost";
import { program } from "./people";

describe("the check of a product's final name", () => {
    let host: FakeHost;
    beforeEach(async () => {
        host = await fakeHost("connect");
        program(host, "hostname", "echo '10.20.1.12 fd00::12'");
        for (const name of ["dpkg-query", "apt-mark", "mountpoint"]) program(host, name, "exit 1");
    });
    afterEach(() => host.remove());

    async function passes(leadsTo: string, front?: string): Promise<boolean> {
        program(
            host,
            "getent",
            `[ "$*" = "ahostsv4 connect.acme.com" ] && echo '${leadsTo}    STREAM connect.acme.com'`,
        );
        const expected = { version: "1", name: "connect.acme.com", ...(front !== undefined && { front }) };
        const given = { PHASE: "install", START_SECONDS: 1, EXPECTED: expected };
        const { status, stdout, stderr } = await host.run(host.render("check", given));
        assert.equal(status, 0, stderr);
        return host.answer("check", stdout).checks.find(({ name }) => name === "final name leads here")!.passed;
    }

    for (const [leadsTo, front, expected] of [
        ["10.20.1.12", undefined, true],
        ["10.20.1.1", undefined, false],
        ["10.1.0.12", undefined, false],
        ["10.9.0.20", "10.9.0.20", true],
        ["10.20.1.12", "10.9.0.20", false],
        ["10.9.0.2", "10.9.0.20", false],
    ] as const) {
        it(`${expected ? "passes" : "fails"} where it leads to ${leadsTo}${front === undefined ? "" : ", behind " + front}`, async () =>
            assert.equal(await passes(leadsTo, front), expected));
    }
});
