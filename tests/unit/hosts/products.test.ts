// What each product's part of the scripts tells of it: what is in use and how much there is, before and after a restore, and what of the old host a
// restored Package Manager loses. Its own commands are played.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ProductId } from "../../../products";
import { fakeHost, FakeHost } from "./fakeHost";
import { accountsOfHost, program, tree } from "./people";

describe("what a product tells of itself on its host", function () {
    this.timeout(30_000);
    let host: FakeHost;
    afterEach(() => host.remove());

    async function begin(product: ProductId): Promise<void> {
        host = await fakeHost(product);
        program(host, "dpkg-query", "printf 'ii 2026.1.0'");
        accountsOfHost(host, [], []);
    }
    /** One of the product's own commands, at its place. */
    function own(file: string, text: string): void {
        host.make(file, `#!/bin/bash\n${text}\n`);
        fs.chmodSync(path.join(host.root, file), 0o755);
    }
    const folders = (...names: string[]) =>
        names.forEach((name) => fs.mkdirSync(path.join(host.root, name), { recursive: true }));

    async function inventory() {
        const given = { DATABASES: [{ role: "main", kind: "sqlite" }], SHARED_HOMES: "", VOLUMES: [] };
        const { status, stdout, stderr } = await host.run(host.render("inventory", given));
        assert.equal(status, 0, stderr);
        return host.answer("inventory", stdout);
    }
    async function restored(): Promise<Record<string, number>> {
        const given = { TOKEN: "t1", OLD_CODENAME: "bookworm", ACCOUNTS: [] };
        const { status, stdout, stderr } = await host.run(host.render("repair", given));
        assert.equal(status, 0, stderr);
        return host.answer("repair", stdout).counts;
    }

    describe("Connect", () => {
        const admin = "opt/rstudio-connect/bin/rscadmin";
        const data = "var/lib/rstudio-connect";
        beforeEach(() => begin("connect"));

        it("has the versions of Python that content was built for, each once", async () => {
            folders(...["3.11.4", "3.11.9", "3.12.1"].map((version) => `${data}/python-environments/${version}`));
            host.make(`${data}/python-environments/3.9.1`, "no folder");
            const python = (version: string) => ({ language: "python", version, content: [] });
            assert.deepEqual((await inventory()).runtimesInUse, [python("3.11"), python("3.12")]);
        });

        it("has none where nothing was built", async () => {
            assert.deepEqual((await inventory()).runtimesInUse, []);
        });

        it("has its own counts, over lines or not", async () => {
            own(admin, `[ "$*" = counts ] && printf '{"content": 3,\\n"users": 2}\\n'`);
            assert.deepEqual((await inventory()).counts, { content: 3, users: 2 });
        });

        for (const [what, text] of [
            ["are not answered", "exit 1"],
            ["are no object", "echo unknown command counts"],
            ["are half an object", `printf '{"content": 3,'`],
        ]) {
            it(`has no counts where they ${what}, and the rest is told`, async () => {
                own(admin, text);
                assert.deepEqual((await inventory()).counts, {});
            });
        }

        it("that was restored counts bundles, files alone", async () => {
            assert.deepEqual(await restored(), { bundles: 0 });
            folders(`${data}/bundles/3`);
            for (const name of ["1.tar.gz", "2.tar.gz", "3/x.tar.gz"]) host.make(`${data}/bundles/${name}`, "");
            host.make(`${data}/other/4.tar.gz`, "");
            assert.deepEqual(await restored(), { bundles: 3 });
        });
    });

    describe("Workbench", () => {
        beforeEach(() => begin("workbench"));

        it("counts homes, before and after, and neither files nor what a file system has of its own", async () => {
            folders("home/alice/project", "home/bob", "home/lost+found");
            host.make("home/readme", "");
            const { counts, runtimesInUse } = await inventory();
            assert.deepEqual([counts, runtimesInUse, await restored()], [{ homes: 2 }, [], { homes: 2 }]);
        });

        it("counts none where there is no folder of homes", async () => {
            assert.deepEqual((await inventory()).counts, { homes: 0 });
        });
    });

    describe("Package Manager", () => {
        const data = "var/lib/rstudio-pm";
        beforeEach(() => begin("packageManager"));

        it("counts the repositories that it lists", async () => {
            own("opt/rstudio-pm/bin/rspm", `[ "$*" = list ] && printf '{"a":1}\\n{"b":2}\\n'; echo "not this" >&2`);
            const { counts, runtimesInUse } = await inventory();
            assert.deepEqual([counts, runtimesInUse], [{ repositories: 2 }, []]);
        });

        it("that was restored loses the folder of the old host's launcher, and nothing else", async () => {
            for (const name of ["launcher_internal/x/pipe", "launcher_internal.kept", "db/rstudio-pm.db", "data/p"]) {
                host.make(`${data}/${name}`, "");
            }
            assert.deepEqual(await restored(), {});
            assert.deepEqual(tree(host, data), ["data", "data/p", "db", "db/rstudio-pm.db", "launcher_internal.kept"]);
            await restored();
        });

        it("loses a link in that folder's place, and not what it leads to", async () => {
            folders(data);
            host.make("etc/victim/file", "");
            fs.symlinkSync(path.join(host.root, "etc/victim"), path.join(host.root, data, "launcher_internal"));
            await restored();
            assert.deepEqual([tree(host, data), tree(host, "etc/victim")], [[], ["file"]]);
        });
    });
});
