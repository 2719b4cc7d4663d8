// What the inventory says of files on a host, by the whole script on a host that is a folder: nothing is read beside that folder. What
// findmnt and lsblk answer is the machine's.
import assert from "node:assert/strict";
import type { Inventory } from "../../../contract/production";
import { products, ProductId } from "../../../products";
import { fakeHost, FakeHost } from "./fakeHost";
import { accountsOfHost, program } from "./people";

describe("the inventory of a host", function () {
    this.timeout(30_000);
    let host: FakeHost;
    afterEach(() => host.remove());

    async function read(product: ProductId, files: Record<string, string>, kind = "external"): Promise<Inventory> {
        host = await fakeHost(product);
        program(host, "dpkg-query", "printf 'ii 2026.1.0'");
        accountsOfHost(host, [], []);
        for (const [name, text] of Object.entries(files)) host.make(name.replace(/^\//, ""), text);
        const variables = { DATABASES: [{ role: "main", kind }], SHARED_HOMES: "", VOLUMES: [] };
        const { status, stdout, stderr } = await host.run(host.render("inventory", variables));
        assert.equal(status, 0, stderr);
        return host.answer("inventory", stdout);
    }
    const main = { role: "main" as const };
    const codes = ({ findings }: Inventory) => findings.map(({ code }) => code);

    for (const product of ["packageManager", "connect"] as const) {
        it(`has the database of ${product} from its own file`, async () => {
            const file = products[product].configPaths[0];
            const text = "[Database]\nProvider = postgres\n[Postgres]\nURL = postgres://a@db.example.com/content\n";
            const found = await read(product, { [file]: text });
            assert.deepEqual(found.databases, [
                {
                    ...main,
                    provider: "postgres",
                    host: "db.example.com",
                    name: "content",
                    user: "a",
                },
            ]);
            assert.ok(!codes(found).includes("other-database"));
        });
    }

    for (const [what, text, expected] of [
        ["parts", "host=db.example.com\ndatabase=rstudio\nusername=r\n", ["db.example.com", "rstudio", "r"]],
        [
            "its parts and a URI, which beats them",
            "host=old.example.com\ndatabase=old\nusername=old\nconnection-uri=postgresql://r@db.example.com:5432/rstudio?sslmode=require\n",
            ["db.example.com", "rstudio", "r"],
        ],
        ["a URI of words", "connection-uri=host=db.example.com dbname=rstudio password=s3cret\n", ["unreadable"]],
        ["a URI with a password", 'connection-uri="postgres://r:s3cret@db/x"\n', ["db", "x", "r"]],
    ] as const) {
        it(`has the database of Workbench from ${what}`, async () => {
            const found = await read("workbench", { "etc/rstudio/database.conf": `provider=postgresql\n${text}` });
            const [name, database, user] = expected;
            assert.deepEqual(found.databases, [
                {
                    ...main,
                    ...{ provider: "postgres", host: name },
                    ...(database !== undefined && { name: database, user }),
                },
            ]);
            assert.ok(!JSON.stringify(found).includes("s3cret"));
            assert.ok(!codes(found).includes("other-database"));
        });
    }

    it("minds no URI of a Workbench whose database is SQLite", async () => {
        const text = "provider=sqlite\nconnection-uri=postgresql://r@db/rstudio\n";
        const found = await read("workbench", { "etc/rstudio/database.conf": text }, "sqlite");
        assert.deepEqual(found.databases, [{ ...main, provider: "sqlite" }]);
    });

    it("refuses what runs on several nodes, elsewhere, or in a bucket", async () => {
        const workbench = {
            "etc/rstudio/load-balancer": "x\n",
            "etc/rstudio/launcher.conf": "[cluster]\ntype=Slurm\n",
        };
        const found = codes(await read("workbench", workbench));
        assert.ok(found.includes("load-balanced") && found.includes("off-host-execution"), found.join());
        await host.remove();
        const connect = { [products.connect.configPaths[0]]: "[Launcher]\nEnabled = true\n" };
        assert.ok(codes(await read("connect", connect)).includes("off-host-execution"));
        await host.remove();
        const manager = { [products.packageManager.configPaths[0]]: "[Storage]\nDefault = S3\n" };
        assert.ok(codes(await read("packageManager", manager)).includes("s3-storage"));
    });

    it("has the runtimes, and the key or that there is none", async () => {
        const runtimes = Object.fromEntries(
            ["opt/R/4.4.1/x", "opt/python/3.12.11/x", "opt/quarto/1.5.57/x"].map((name) => [name, ""]),
        );
        const found = await read("connect", { ...runtimes, [products.connect.keyPath]: "k\n" });
        assert.deepEqual(found.runtimes, { r: ["4.4.1"], python: ["3.12.11"], quarto: ["1.5.57"] });
        assert.match(found.keyFingerprint, /^sha256:/);
        assert.ok(!codes(found).includes("no-key"));
        await host.remove();
        assert.ok(codes(await read("connect", {})).includes("no-key"));
    });
});
