// What is proved about a product on its host: each check by its name, when it is asked and when it fails. DNS, addresses, packages and mounts are
// played.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { products } from "../../../products";
import { fakeHost, FakeHost } from "./fakeHost";
import { program } from "./people";

const names = {
    version: "version installed",
    held: "package held",
    active: "units active",
    healthy: "healthy",
    key: "production's key",
    volumes: "data on its own volumes",
    leads: "final name leads here",
    side: "quarantined or serving",
};
const keyFingerprint = `sha256:${createHash("sha256").update("k\n").digest("hex")}`;

describe("the checks of a product", function () {
    this.timeout(30_000);
    let host: FakeHost;
    beforeEach(async () => {
        host = await fakeHost("connect");
        program(host, "hostname", "echo '10.20.1.12 fd00::12 '");
        program(host, "dpkg-query", "printf 'ii 2026.1.0'");
        program(host, "apt-mark", "echo rstudio-connect");
        program(host, "mountpoint", `[ "$*" = "-q $HOST_ROOT/data" ]`);
        leadsTo("10.20.1.12");
        host.make(products.connect.keyPath.slice(1), "k\n");
        host.make("var/lib/posit-upgrade/quarantine", "t1\n");
    });
    afterEach(() => host.remove());

    function leadsTo(address: string): void {
        program(
            host,
            "getent",
            `[ "$*" = "ahostsv4 connect.acme.com" ] && echo '${address}    STREAM connect.acme.com'`,
        );
    }

    /** Name → passed, in order. */
    async function checked(phase: "install" | "migrate", more: Record<string, string> = {}) {
        const expected = { version: "2026.1.0", name: "connect.acme.com", ...more };
        const given = { PHASE: phase, START_SECONDS: 1, EXPECTED: expected };
        const { status, stdout, stderr } = await host.run(host.render("check", given));
        assert.equal(status, 0, stderr);
        const { product, checks } = host.answer("check", stdout);
        assert.equal(product, "connect");
        assert.ok(
            checks.every(({ detail }) => detail === ""),
            "no measured value: the receipt's digest must hold still",
        );
        return Object.fromEntries(checks.map(({ name, passed }) => [name, passed]));
    }
    const failed = (checks: Record<string, boolean>) => Object.keys(checks).filter((name) => !checks[name]);

    it("are these after a restore, in this order, and pass", async () => {
        const checks = await checked("migrate", { keyFingerprint });
        assert.deepEqual(Object.keys(checks), Object.values(names));
        assert.deepEqual(failed(checks), []);
    });

    it("are these of an empty product: no key of production's, no quarantine", async () => {
        const checks = await checked("install");
        const { key, side, ...others } = names;
        assert.deepEqual(Object.keys(checks), Object.values(others));
        assert.deepEqual(failed(checks), []);
        assert.ok(key in (await checked("install", { keyFingerprint })) && !(side in checks));
    });

    const spoils: [what: string, spoil: () => void, fails: string[]][] = [
        ["another version", () => program(host, "dpkg-query", "printf 'ii 2026.1.1'"), [names.version]],
        ["a version that begins alike", () => program(host, "dpkg-query", "printf 'ii 2026.1.0-1'"), [names.version]],
        ["no package", () => program(host, "dpkg-query", "exit 1"), [names.version]],
        ["another package that is held", () => program(host, "apt-mark", "echo rstudio-connect-x"), [names.held]],
        ["a unit that is down", () => host.setUnit("rstudio-connect", "inactive"), [names.active, names.healthy]],
        ["a page that says no", () => host.write("unhealthy", ""), [names.healthy]],
        ["another key", () => host.make(products.connect.keyPath.slice(1), "other\n"), [names.key]],
        ["data on the system's volume", () => program(host, "mountpoint", "exit 1"), [names.volumes]],
        ["a name that leads elsewhere", () => leadsTo("10.20.1.1"), [names.leads]],
        ["a name that leads nowhere", () => program(host, "getent", "exit 2"), [names.leads]],
        ["neither quarantine nor service", () => host.breakFolder("var/lib/posit-upgrade"), [names.side]],
    ];
    for (const [what, spoil, fails] of spoils) {
        it(`find ${what}, and pass else`, async () => {
            spoil();
            assert.deepEqual(failed(await checked("migrate", { keyFingerprint })), fails);
        });
    }

    it("want every place of data on a volume, and every unit", async () => {
        const expected = { version: "2026.1.0", name: "connect.acme.com" };
        const given = { PHASE: "install", START_SECONDS: 1, EXPECTED: expected };
        for (const [name, more, check] of [
            ["DATA_MOUNTS", [`${host.root}/data`, `${host.root}/other`], names.volumes],
            ["UNITS", ["rstudio-connect", "other"], names.active],
        ] as const) {
            const { stdout } = await host.run(host.render("check", { ...given, [name]: more }));
            const { checks } = host.answer("check", stdout);
            assert.equal(checks.find((one) => one.name === check)!.passed, false);
        }
    });

    it("pass for one that serves, when the quarantine is lifted", async () => {
        fs.renameSync(
            path.join(host.root, "var/lib/posit-upgrade/quarantine"),
            path.join(host.root, "var/lib/posit-upgrade/serving"),
        );
        assert.deepEqual(failed(await checked("migrate")), []);
    });

    it("wait for a product that comes up, and for no one that is down", async () => {
        host.write("unhealthy", "");
        const given = { version: "2026.1.0", name: "connect.acme.com" };
        const text = host.render("check", { PHASE: "install", START_SECONDS: 20, EXPECTED: given });
        setTimeout(() => fs.rmSync(path.join(host.root, "unhealthy")), 500);
        const { stdout } = await host.run(text);
        assert.equal(host.answer("check", stdout).checks.find(({ name }) => name === names.healthy)!.passed, true);
        host.setUnit("rstudio-connect", "inactive");
        const began = Date.now();
        await host.run(text);
        assert.ok(Date.now() - began < 10_000);
    });

    for (const [address, front, expected] of [
        ["10.20.1.12", undefined, true],
        ["10.20.1.1", undefined, false],
        ["10.1.0.12", undefined, false],
        ["10.9.0.20", "10.9.0.20", true],
        ["10.20.1.12", "10.9.0.20", false],
        ["10.9.0.2", "10.9.0.20", false],
    ] as const) {
        it(`${expected ? "pass" : "fail"} where the name leads to ${address}${front === undefined ? "" : ", behind " + front}`, async () => {
            leadsTo(address);
            const checks = await checked("install", front === undefined ? {} : { front });
            assert.equal(checks[names.leads], expected);
        });
    }
});
