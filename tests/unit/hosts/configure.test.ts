// The product's configuration as hosts/configure.sh writes it, in a folder: whole or not at all, byte for byte, through nobody's link.
// The product's own commands are stubs.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { fakeHost, FakeHost } from "./fakeHost";
import { asRoot, give, letIn, stats, tree } from "./people";

const file = (name: string, content: string | Buffer) => ({
    path: `/etc/rstudio-connect/${name}`,
    content: Buffer.from(content).toString("base64"),
    encoding: "base64",
    owner: "nobody-here",
    group: "nobody-here",
    mode: "0640",
});

describe("writing a product's configuration", () => {
    let host: FakeHost;
    beforeEach(async () => {
        host = await fakeHost("connect");
        letIn(host);
        host.make("etc/hosts", "127.0.0.1 localhost\n");
        host.make("etc/rstudio-connect/rstudio-connect.gcfg", "[Old]\n");
        host.make("etc/rstudio-connect/other.conf", "old\n");
        program("opt/rstudio-connect/bin/connect", "exit 0");
        program("opt/rstudio-connect/bin/rscadmin", 'printf "sealed.with.a.key.%s" "$(base64 -w 0)"');
    });
    afterEach(() => host.remove());

    function program(name: string, text: string): void {
        host.make(name, `#!/bin/bash\n${text}\n`);
        fs.chmodSync(path.join(host.root, name), 0o755);
    }

    const configure = (files: object[], keys: object[] = [], more: Record<string, string> = {}) =>
        host.run(
            host.render("configure", {
                FILES: files,
                KEYS: keys,
                ENCRYPT: [{ placeholder: "@database-password@", value: "correct & horse \\1" }],
                PASSWORDS: [],
                HOSTS_OVERRIDE: [],
                DATABASE_CA: "",
                ...more,
            }),
        );

    const sealed = `sealed.with.a.key.${Buffer.from("correct & horse \\1").toString("base64")}`;
    const gcfg = file("rstudio-connect.gcfg", "[Postgres]\nPassword = @database-password@\n");

    it("writes what it was given, with encrypted values", async () => {
        const { status, stderr } = await configure([gcfg]);
        assert.equal(status, 0, stderr);
        assert.equal(host.read("etc/rstudio-connect/rstudio-connect.gcfg"), `[Postgres]\nPassword = ${sealed}\n`);
        assert.equal(stats(host, "etc/rstudio-connect/rstudio-connect.gcfg").mode & 0o777, 0o640);
    });

    it("keeps every byte of a file that is no text", async () => {
        const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a, 0x41, 0xe9, 0x00, 0x0d]);
        const { status, stderr } = await configure([file("krb5.keytab", bytes), file("no-newline", "x")]);
        assert.equal(status, 0, stderr);
        assert.deepEqual(fs.readFileSync(path.join(host.root, "etc/rstudio-connect/krb5.keytab")), bytes);
        assert.equal(host.read("etc/rstudio-connect/no-newline"), "x");
    });

    const unchanged = () => {
        assert.equal(host.read("etc/rstudio-connect/rstudio-connect.gcfg"), "[Old]\n");
        assert.equal(host.read("etc/rstudio-connect/other.conf"), "old\n");
        assert.deepEqual(tree(host, "etc/rstudio-connect"), ["other.conf", "rstudio-connect.gcfg"]);
        assert.deepEqual(
            tree(host, "run").filter((name) => name.includes("draft")),
            [],
        );
    };

    for (const [what, rscadmin] of [
        ["fails", "exit 1"],
        ["answers nothing", "exit 0"],
        ["answers half and fails", "printf half; exit 1"],
    ] as const) {
        it(`changes no file when the encryption ${what}`, async () => {
            program("opt/rstudio-connect/bin/rscadmin", rscadmin);
            const { status, stderr } = await configure([file("other.conf", "new\n"), gcfg]);
            assert.equal(status, 1);
            assert.match(stderr, /can't encrypt its database password: is its key/);
            unchanged();
        });
    }

    // What the guide shows of `rspm encrypt`, and what older releases say beside it (docs.posit.co/rspm/admin/appendix/encryption).
    for (const [what, words] of [
        ["alone", '"$value\\n"'],
        ["without a line end", '"$value"'],
        ["with Windows' line end", '"$value\\r\\n"'],
        ["behind a prompt", '"Encryption: Enter the plain text value below.\\n$value\\n"'],
        [
            "between two sentences",
            '"Encryption: Enter the plain text value below.\\n\\n$value\\nEncrypted value printed to stdout\\n"',
        ],
        ["below what was typed, which a prompt may show again", '"$typed\\n$value\\n"'],
    ]) {
        it(`finds the encrypted value ${what}`, async () => {
            program(
                "opt/rstudio-connect/bin/rscadmin",
                `typed=$(cat); value=sealed.with.a.key.$(printf %s "$typed" | base64 -w 0); printf ${words}`,
            );
            const { status, stderr } = await configure([gcfg]);
            assert.equal(status, 0, stderr);
            assert.equal(host.read("etc/rstudio-connect/rstudio-connect.gcfg"), `[Postgres]\nPassword = ${sealed}\n`);
        });
    }

    for (const [what, words] of [
        ["only a sentence", "'Enter the plain text value below.\\n'"],
        ["a prompt on the value's own line", '"Password: $value\\n"'],
        ["two values", '"$value\\nanother$value\\n"'],
        ["what is too short for one", "'pong\\n'"],
        ["nothing but what was typed", '"$typed\\n"'],
    ]) {
        it(`changes no file when the encryption answers ${what}, and shows nothing of it`, async () => {
            program(
                "opt/rstudio-connect/bin/rscadmin",
                `typed=$(cat); value=sealed.with.a.key.$(printf %s "$typed" | base64 -w 0); printf ${words}`,
            );
            const { status, stdout, stderr } = await configure([file("other.conf", "new\n"), gcfg]);
            assert.equal(status, 1);
            assert.match(
                stderr,
                /Connect's own encryption answered \d+ lines? on .*, of which \d+ can be an encrypted password/,
            );
            assert.ok(!`${stdout}${stderr}`.includes("correct") && !stderr.includes("sealed"));
            unchanged();
        });
    }

    it("changes no file when one can't be written, or came broken", async () => {
        for (const broken of [
            { ...file("b", "x"), content: "no base64!" },
            { ...file("b", "x"), mode: "rwx" },
        ]) {
            assert.equal((await configure([gcfg, broken])).status, 1);
            unchanged();
        }
    });

    it("writes a key into a folder of the product's account through no link that lies there", async () => {
        host.make("var/lib/rstudio-connect/db/x", "");
        host.make("etc/victim", "root\n");
        const folder = path.join(host.root, "var/lib/rstudio-connect/db");
        fs.symlinkSync(path.join(host.root, "etc/victim"), path.join(folder, "rstudio-connect.key"));
        give(folder);
        const owner = asRoot ? "root" : String(process.getuid!());
        const key = {
            ...file("x", "key\n"),
            path: "/var/lib/rstudio-connect/db/rstudio-connect.key",
            owner,
            group: owner,
        };
        const { status, stderr } = await configure([], [key]);
        assert.equal(status, 0, stderr);
        assert.equal(host.read("etc/victim"), "root\n");
        assert.ok(stats(host, "var/lib/rstudio-connect/db/rstudio-connect.key").isFile());
        assert.deepEqual(tree(host, "var/lib/rstudio-connect/db"), ["rstudio-connect.key", "x"]);
    });
});
