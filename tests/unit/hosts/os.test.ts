// What distributions do in their own way: which family a host is of by its own word, each word as Debian's family does it, and the refusals
// of a family that is not there yet. The package managers are stubs; that they do what they are asked is proved on real hosts.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { osFamilies } from "../../../logic/operatingSystems";
import { fakeHost, FakeHost } from "./fakeHost";
import { program } from "./people";

const folder = path.join(__dirname, "../../../hosts");

/** /etc/os-release of images, cut to what counts. */
const releases: [what: string, text: string, family: string, codename: string][] = [
    ["Debian 13", 'ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie', "debian", "trixie"],
    ["Ubuntu 24.04", 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\nVERSION_CODENAME=noble', "debian", "noble"],
    ["what is made from Ubuntu", 'ID=pop\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=jammy', "debian", "jammy"],
    ["RHEL 9", 'ID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"', "redhat", "9.4"],
    ["Rocky 9", 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"', "redhat", "9.4"],
    ["Amazon Linux", 'ID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"', "redhat", "2023"],
    ["SLES", 'ID="sles"\nID_LIKE="suse"\nVERSION_ID="15.6"', "", "15.6"],
    ["one that says nothing", "", "", "unknown"],
];

describe("words of operating systems", () => {
    let host: FakeHost;
    beforeEach(async () => (host = await fakeHost("connect")));
    afterEach(() => host.remove());

    /** With the library in front, and nothing of a script behind it. */
    function ask(commands: string) {
        const given = { VERSION: "1", REPOSITORY_URL: "", REPOSITORY_KEY: "" };
        const lines = host.render("install", given).trimEnd().split("\n");
        return host.run([...lines.slice(0, -1), commands, ""].join("\n"));
    }
    const release = (text: string) => host.make("etc/os-release", `${text}\n`);

    for (const [what, text, family, codename] of releases) {
        it(`know ${what} by its own word`, async () => {
            release(text);
            // What a script calls so itself is none of the host's.
            const { stdout, status } = await ask(
                'ID=mine VERSION_CODENAME=mine; printf "%s %s" "$(os_family)" "$(os_codename)"',
            );
            assert.equal(status, 0);
            assert.equal(stdout, `${family} ${codename}`);
        });
    }

    const words = ["installed", "versions", "install", "hold", "held", "need", "service", "ca_store"];

    it("are the same for each family, and a file for each", () => {
        const files = fs.readdirSync(path.join(folder, "os")).sort();
        assert.deepEqual(files, osFamilies.map((family) => `${family}.sh`).sort());
        const said = fs
            .readFileSync(path.join(folder, "lib/os.sh"), "utf8")
            .matchAll(/^os_\w+\(\) \{ os_word (\w+) /gm);
        assert.deepEqual([...said].map(([, word]) => word).sort(), [...words].sort());
        for (const family of osFamilies) {
            const text = fs.readFileSync(path.join(folder, `os/${family}.sh`), "utf8");
            for (const word of [...words, "is"]) assert.match(text, new RegExp(`^${family}_${word}\\(\\) `, "m"), word);
        }
    });

    it("are refused, each, where the family is of none that is known", async () => {
        release('ID="sles"\nID_LIKE="suse"');
        const known = osFamilies.join(" ");
        for (const word of words) {
            const { status, stderr } = await ask(`os_${word} x y z`);
            assert.equal(status, 1, word);
            assert.ok(stderr.includes(`"sles", which is of no family that this version knows (${known}; `), stderr);
            assert.equal(stderr.trim().split("\n").length, 1, stderr);
        }
    });

    it("are asked of a new host before anything else is: an image of another family is refused", async () => {
        const ready = (family: string) => host.run(host.render("ready", { FAMILY: family }));
        program(host, "cloud-init", "echo 'status: done'");
        release('ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"');
        const { status, stderr } = await ready("debian");
        assert.equal(status, 1);
        assert.match(
            stderr,
            /runs rocky 9\.4, which is of the family redhat, and posit:operatingSystem\.family says debian/,
        );
        assert.equal((await ready("redhat")).status, 0);
    });

    it("that nobody knows are a finding of production's inventory, and the rest is told", async () => {
        release('ID="sles"\nID_LIKE="suse"\nVERSION_ID="15.6"');
        const { status, stdout, stderr } = await host.run(
            host.render("inventory", { DATABASES: [{ role: "main", kind: "sqlite" }], SHARED_HOMES: "", VOLUMES: [] }),
        );
        assert.equal(status, 0, stderr);
        const { version, os, findings } = JSON.parse(stdout) as {
            version: string;
            os: object;
            findings: { code: string; verdict: string }[];
        };
        assert.deepEqual({ version, os }, { version: "", os: { id: "sles", codename: "15.6" } });
        assert.deepEqual(
            findings.map(({ code, verdict }) => [code, verdict]),
            [["unknown-system", "refused"]],
        );
    });

    describe("of Debian's family", () => {
        beforeEach(() => {
            release("ID=debian\nVERSION_CODENAME=trixie");
            program(host, "apt-get", 'echo "apt-get $*" >>"$HOST_ROOT/calls"');
            program(host, "apt-mark", 'echo "apt-mark $*" >>"$HOST_ROOT/calls"; echo rstudio-connect');
        });

        it("tell the version that is installed, as it is written, and nothing of what is not", async () => {
            program(
                host,
                "dpkg-query",
                'case "$*" in *rstudio-server) echo "ii 2026.04.0+526.pro2" ;; *rstudio-pm) echo "hi 2025.12.0-14" ;; *gone) echo "rc 1.0" ;; *) exit 1 ;; esac',
            );
            const { stdout, status, stderr } = await ask(
                'for p in rstudio-server rstudio-pm gone none; do printf "%s=%s " "$p" "$(os_installed "$p")"; done',
            );
            assert.equal(status, 0, stderr);
            assert.equal(stdout, "rstudio-server=2026.04.0+526.pro2 rstudio-pm=2025.12.0-14 gone= none= ");
            assert.equal(stderr, "");
        });

        it("look into the one repository for versions, and say where it can't be read", async () => {
            program(host, "apt-cache", 'printf " x | 2026.10.0 | u\\n x | 2026.9.0 | u\\n x | 2026.10.0 | u\\n"');
            const { stdout } = await ask("os_versions x https://r.example.com KEY");
            assert.equal(stdout, "2026.9.0\n2026.10.0\n");
            const list = host.read("etc/apt/sources.list.d/posit-upgrade.list");
            assert.match(list, /^deb \[signed-by=.*posit-upgrade\.asc\] https:\/\/r\.example\.com \.\/\n$/);
            assert.equal(host.read("usr/share/keyrings/posit-upgrade.asc"), "KEY\n");
            assert.match(host.calls()[0], /sourcelist=.*posit-upgrade\.list -o Dir::Etc::sourceparts=- .* update$/);
            program(host, "apt-get", "exit 100");
            const { status, stderr } = await ask("got=$(os_versions x https://r.example.com KEY) || exit 1");
            assert.equal(status, 1);
            assert.match(stderr, /^the package repository https:\/\/r\.example\.com can't be read .*packageCidrs\.\n$/);
        });

        it("hold a package, and tell whether it is held", async () => {
            const { stdout } = await ask(
                "os_hold rstudio-connect; os_held rstudio-connect && echo held; os_held rstudio-pm || echo free",
            );
            assert.match(stdout, /held\n.*free\n$/s);
            assert.equal(host.calls()[0], "apt-mark hold rstudio-connect");
        });

        it("bring a command that is missing, once", async () => {
            program(
                host,
                "apt-get",
                'echo "apt-get $*" >>"$HOST_ROOT/calls"; mkdir -p "$HOST_ROOT/sbin" && : >"$HOST_ROOT/sbin/mount.nfs4" && chmod +x "$HOST_ROOT/sbin/mount.nfs4"',
            );
            const { stdout, status, stderr } = await ask('os_need mount.nfs4; os_need mount.nfs4; echo "$OS_COMMAND"');
            assert.equal(status, 0, stderr);
            assert.equal(stdout, `${host.root}/sbin/mount.nfs4\n`);
            assert.deepEqual(host.calls(), ["apt-get -qq -y install nfs-common"]);
        });

        it("bring the programs of one Postgres, and no server that runs", async () => {
            const { status, stderr } = await ask('os_need postgres 14 "only that one reads it"');
            assert.equal(status, 1);
            assert.match(
                stderr,
                /^Postgres 14 is missing on .*: put the package postgresql-14 into .*; only that one reads it\.\n$/,
            );
            assert.deepEqual(host.calls(), ["apt-get -qq -y --no-install-recommends install postgresql-14"]);
            assert.equal(host.read("etc/postgresql-common/createcluster.conf"), "create_main_cluster = false\n");
            host.make("usr/lib/postgresql/14/bin/postgres", "");
            fs.chmodSync(path.join(host.root, "usr/lib/postgresql/14/bin/postgres"), 0o755);
            const { stdout } = await ask('os_need postgres 14; echo "$OS_COMMAND"');
            assert.equal(stdout, `${host.root}/usr/lib/postgresql/14/bin/postgres\n`);
        });

        it("name units and the store of certificates, and refuse what they don't know", async () => {
            const { stdout } = await ask("os_service cron; os_ca_store");
            assert.equal(stdout, `cron\n${host.root}/etc/ssl/certs\n`);
            for (const unknown of ["os_service mail", "os_need gcc"]) assert.equal((await ask(unknown)).status, 1);
        });
    });

    describe("of Red Hat's family", () => {
        beforeEach(() => release('ID="rocky"\nID_LIKE="rhel centos fedora"'));

        it("read what production needs to be read and closed", async () => {
            program(
                host,
                "rpm",
                'case "$*" in *rstudio-pm) echo -n 2025.12.0-14 ;; *) echo "package $2 is not installed"; exit 1 ;; esac',
            );
            program(host, "pg_dump", "exit 0");
            const { stdout, status, stderr } = await ask(
                'echo "$(os_installed rstudio-pm)$(os_installed rstudio-server) $(os_service cron)"; os_need pg_dump; echo "$OS_COMMAND"',
            );
            assert.equal(status, 0, stderr);
            assert.equal(stdout, `2025.12.0-14 crond\n${host.root}/bin/pg_dump\n`);
        });

        for (const word of ["versions", "install", "hold", "held", "need", "ca_store"]) {
            it(`refuse the word ${word}`, async () => {
                const { status, stderr } = await ask(`os_${word} nothing-of-that-name 1`);
                assert.equal(status, 1);
                assert.match(
                    stderr,
                    /^this version moves Debian and Ubuntu; .* is of Red Hat's family, where it can't .*\. Take an image of .*\n$/,
                );
            });
        }
    });
});
