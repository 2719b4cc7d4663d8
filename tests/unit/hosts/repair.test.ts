// Repairs of restored data, by the real script in a folder: what it leaves of people's things, and that nothing planted in a home leads
// root anywhere. Real users and links; no real restore.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { ProductId } from "../../../products";
import { fakeHost, FakeHost } from "./fakeHost";
import { asRoot, give, letIn, personId, stats, tree } from "./people";

const list = "home/alice/REINSTALL-after-bookworm.txt";

describe("repairs of restored data", () => {
    let host: FakeHost;
    afterEach(() => host.remove());

    async function begin(product: ProductId = "workbench"): Promise<void> {
        host = await fakeHost(product);
        letIn(host);
        host.make("home/alice/notes.txt", "hers");
        host.make("etc/victim", "root:x:0:0\n");
    }

    const inHost = (file: string) => path.join(host.root, file);
    const link = (to: string, file: string) => {
        fs.mkdirSync(path.dirname(inHost(file)), { recursive: true });
        fs.symlinkSync(inHost(to), inHost(file));
    };

    async function repair(accounts: object[] = []) {
        if (host.exists("home/alice") && !stats(host, "home/alice").isSymbolicLink()) {
            give(inHost("home/alice"));
        }
        return host.run(
            host.render("repair", {
                TOKEN: "t1",
                OLD_CODENAME: "bookworm",
                ACCOUNTS: accounts,
            }),
        );
    }

    async function repaired(): Promise<{ counts: object; leftAlone: string[] }> {
        const { status, stdout, stderr } = await repair();
        assert.equal(status, 0, stderr);
        const { counts, leftAlone = [] } = host.answer("repair", stdout);
        return { counts, leftAlone };
    }

    const victimIsWhole = () => {
        assert.equal(host.read("etc/victim"), "root:x:0:0\n");
        assert.equal(stats(host, "etc/victim").uid, process.getuid!());
    };

    describe("in a home", () => {
        beforeEach(() => begin());

        it("renames environments and libraries, and lists what to install anew as the owner's file", async () => {
            host.make("home/alice/p/venv/pyvenv.cfg", "");
            host.make("home/alice/p/venv/lib/python3.11/site-packages/numpy-1.2.dist-info/METADATA", "");
            host.make("home/alice/R/x86_64-pc-linux-gnu-library/4.3/dplyr/DESCRIPTION", "");
            assert.deepEqual((await repaired()).leftAlone, []);
            assert.ok(host.exists("home/alice/p/venv.before-trixie/pyvenv.cfg"));
            assert.ok(host.exists("home/alice/R/x86_64-pc-linux-gnu-library.before-trixie/4.3/dplyr/DESCRIPTION"));
            assert.equal(host.read(list), "./p/venv: numpy-1.2\nR/x86_64-pc-linux-gnu-library: dplyr\n");
            assert.equal(stats(host, list).uid, personId);
            assert.equal(stats(host, list).mode & 0o777, 0o644);
        });

        it("does nothing when it has been done", async () => {
            host.make("home/alice/venv/pyvenv.cfg", "");
            await repaired();
            const before = tree(host, "home");
            await repaired();
            assert.deepEqual(tree(host, "home"), before);
        });

        it("deletes no licence, pid file or socket of anybody", async () => {
            for (const name of ["gurobi.lic", "server.pid"]) {
                host.make(`home/alice/${name}`, "mine");
                host.make(`home/alice/deep/${name}`, "mine");
                host.make(`data/${name}`, "a project's");
                host.make(`var/lib/rstudio-server/${name}`, "the old host's");
            }
            const before = tree(host, "home");
            await repaired();
            assert.deepEqual(tree(host, "home"), before);
            assert.deepEqual(tree(host, "data"), ["gurobi.lic", "server.pid"]);
            assert.deepEqual(tree(host, "var/lib/rstudio-server"), []);
        });

        for (const planted of [
            "REINSTALL-after-bookworm.txt",
            "REINSTALL-after-bookworm.txt.part",
            ".reinstall.part",
        ]) {
            it(`follows no link planted as ${planted}`, async () => {
                host.make("home/alice/venv/pyvenv.cfg", "");
                link("etc/victim", `home/alice/${planted}`);
                await repaired();
                victimIsWhole();
                assert.ok(host.read(list).startsWith("./venv:"), "the list is there all the same");
                assert.ok(!stats(host, list).isSymbolicLink());
            });
        }

        it("keeps a list of an earlier time", async () => {
            host.make("home/alice/venv/pyvenv.cfg", "");
            host.make(list, "my own words\n");
            await repaired();
            assert.equal(host.read(`${list}.~1~`), "my own words\n");
        });

        it("gives away no file that has another name in the home", async () => {
            host.make("home/alice/venv/pyvenv.cfg", "");
            fs.linkSync(inHost("etc/victim"), inHost("home/alice/REINSTALL-after-bookworm.txt"));
            if (asRoot) {
                fs.chownSync(inHost("etc/victim"), 0, 0);
            }
            give(inHost("home/alice/venv"));
            if (asRoot) {
                fs.lchownSync(inHost("home/alice"), personId, personId);
            }
            const { status } = await host.run(
                host.render("repair", {
                    TOKEN: "t",
                    OLD_CODENAME: "bookworm",
                    ACCOUNTS: [],
                }),
            );
            assert.equal(status, 0);
            victimIsWhole();
        });

        it("follows neither a link as R, nor as a library, nor as an environment", async () => {
            host.make("etc/R/x-library/4.3/base/DESCRIPTION", "");
            host.make("etc/venv/pyvenv.cfg", "");
            link("etc/R", "home/alice/R");
            link("etc/venv", "home/alice/venv");
            host.make("home/bob/R/keep", "");
            link("etc/R/x-library", "home/bob/R/x-library");
            give(inHost("home/bob"));
            const before = tree(host, "etc");
            await repaired();
            assert.deepEqual(tree(host, "etc"), before);
            assert.match(host.read("home/bob/REINSTALL-after-bookworm.txt"), /^R\/x-library is a link/);
        });

        it("takes no link for a home", async () => {
            host.make("etc/venv/pyvenv.cfg", "");
            link("etc", "home/mallory");
            const before = tree(host, "etc");
            await repaired();
            assert.deepEqual(tree(host, "etc"), before);
        });

        it("does not rename the home itself, nor an environment into another's place", async () => {
            host.make("home/alice/pyvenv.cfg", "");
            host.make("home/alice/v/pyvenv.cfg", "");
            host.make("home/alice/v.before-trixie/precious", "");
            await repaired();
            assert.ok(host.exists("home/alice/v.before-trixie/precious"));
            assert.ok(host.exists("home/alice/v.before-trixie.2/pyvenv.cfg"));
            assert.match(host.read(list), /alice is an environment itself/);
        });

        it("takes odd names as they are", async () => {
            const odd = ["-rf", "a b", "new\nline/x: y", "$(touch pwned)", "'\"`;*", "ends in \n", "\\n", "ümlaut"];
            odd.forEach((name) => host.make(`home/alice/${name}/pyvenv.cfg`, ""));
            await repaired();
            for (const name of odd) {
                assert.ok(host.exists(`home/alice/${name}.before-trixie/pyvenv.cfg`), JSON.stringify(name));
            }
            assert.equal(host.read(list).trimEnd().split("\n").length, odd.length, "a line each");
            assert.ok(!tree(host, ".").some((name) => name.endsWith("pwned")));
        });

        it("goes on when one home can't be mended, and names it", async () => {
            host.make("home/bob/venv/pyvenv.cfg", "");
            give(inHost("home/bob"));
            // A folder where the list should be.
            host.make("home/alice/REINSTALL-after-bookworm.txt/x", "");
            host.make("home/alice/venv/pyvenv.cfg", "");
            fs.mkdirSync(inHost("home/alice/nothing"));
            fs.mkdirSync(inHost("home/alice/nothing.before-trixie"));
            const answer = await repaired();
            assert.ok(host.exists("home/bob/venv.before-trixie"));
            assert.ok(host.exists("home/alice/REINSTALL-after-bookworm.txt/x") || host.exists(`${list}.~1~/x`));
            assert.ok(answer.leftAlone.every((line) => line.includes("alice")));
        });

        it("leaves a folder of root's alone and looks one level below it", async () => {
            host.make("home/DOMAIN/carol/venv/pyvenv.cfg", "");
            give(inHost("home/DOMAIN/carol"));
            await repaired();
            if (asRoot) {
                assert.ok(host.exists("home/DOMAIN/carol/venv.before-trixie"));
            }
        });

        it("changes nothing where the operating system stays", async () => {
            host.make("home/alice/venv/pyvenv.cfg", "");
            give(inHost("home/alice"));
            const { status } = await host.run(
                host.render("repair", { TOKEN: "t", OLD_CODENAME: "trixie", ACCOUNTS: [] }),
            );
            assert.equal(status, 0);
            assert.ok(host.exists("home/alice/venv/pyvenv.cfg"));
        });
    });

    describe("of Connect", () => {
        const data = "var/lib/rstudio-connect";
        beforeEach(() => begin("connect"));

        it("removes caches, and nothing that a link of its account leads to", async () => {
            host.make("etc/packrat_cache/x", "");
            host.make("etc/python-environments/x", "");
            link("etc", `${data}/R`);
            link("etc/python-environments", `${data}/python-environments`);
            host.make(`${data}/packrat/cache`, "");
            host.make(`${data}/bundles/1.tar.gz`, "");
            host.make(`${data}/connect.pid`, "");
            await repaired();
            assert.ok(host.exists("etc/packrat_cache/x") && host.exists("etc/python-environments/x"));
            assert.deepEqual(tree(host, data), ["R", "bundles", "bundles/1.tar.gz"]);
        });
    });

    describe("of numbers that changed", () => {
        beforeEach(() => begin("connect"));

        /** What the host answers about accounts: name → the number that it has here. */
        const here = (numbers: Record<string, number>) => {
            const cases = Object.entries(numbers)
                .map(([name, number]) => `${name}) echo "${name}:x:${number}:" ;;`)
                .join(" ");
            fs.writeFileSync(
                inHost("bin/getent"),
                `#!/bin/bash\ncase "$1 $2" in passwd*) type=p ;; esac\ncase $2 in ${cases} *) exit 2 ;; esac\n`,
                { mode: 0o755 },
            );
        };

        it("gives files to the new numbers, when two changed places too, once, and never through a link", async () => {
            here({ one: 65001, two: 65002 });
            const accounts = [
                { name: "one", uid: 65002, gid: 65002 },
                { name: "two", uid: 65001, gid: 65001 },
            ];
            ["a", "b", "sub/a"].forEach((name) => host.make(`data/${name}`, ""));
            fs.linkSync(inHost("data/a"), inHost("data/zz-same-as-a"));
            link("etc/victim", "data/link");
            fs.linkSync(inHost("etc/victim"), inHost("data/victims-other-name"));
            if (!asRoot) {
                // What only root can do is at least asked for in a way that follows nothing.
                fs.writeFileSync(inHost("bin/chown"), `#!/bin/bash\necho "chown $*" >>"$HOST_ROOT/calls"\n`, {
                    mode: 0o755,
                });
                const mine = [{ name: "one", uid: personId, gid: process.getgid!() }];
                await repair(mine);
                const asked = host.calls().filter((call) => call.startsWith("chown "));
                assert.ok(asked.length > 0 && asked.every((call) => /^chown -h --from=:?\d+ :?65001 \.\//.test(call)));
                return;
            }
            give(inHost("data/a"), 65002, 65002);
            give(inHost("data/sub"), 65002, 65002);
            give(inHost("data/b"), 65001, 65001);
            give(inHost("data/link"), 65001, 65001);
            const owners = () =>
                ["a", "zz-same-as-a", "sub/a", "b", "link"].map((name) => {
                    const { uid, gid } = stats(host, `data/${name}`);
                    return [uid, gid].join();
                });
            const expected = ["65001,65001", "65001,65001", "65001,65001", "65002,65002", "65002,65002"];
            const first = await repair(accounts);
            assert.match(first.stderr, /numbers that no account has/, "65001 has no name on this machine");
            assert.deepEqual(owners(), expected);
            await repair(accounts);
            assert.deepEqual(owners(), expected, "a second run takes nothing back");
            victimIsWhole();
        });
    });
});
