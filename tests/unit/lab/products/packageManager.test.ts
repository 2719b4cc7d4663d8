// The stand-in Package Manager: frozen snapshots, offline and online, syncs that were missed.
import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { install, type Installation, pause } from "./program";

const database = "data/db/rstudio-pm.db";

describe("stand-in Package Manager", function () {
    this.timeout(30_000);
    let manager: Installation;
    let upstream: http.Server;
    let files: Record<string, Buffer>;

    const configure = (schedule: string): void =>
        manager.write(
            "etc/rstudio-pm/rstudio-pm.gcfg",
            `[Server]\nDataDir = ${manager.root}/data\n[HTTP]\nListen = 127.0.0.1:${manager.port}\n` +
                `[Manifest]\nURL = http://127.0.0.1:${(upstream.address() as AddressInfo).port}\n[PyPI]\nSyncSchedule = "${schedule}"\n`,
        );
    const start = (release: "old" | "new"): Promise<void> => manager.start("rstudio-pm", release, "/__ping__");
    const rspm = (...args: string[]): Promise<string> => manager.command("old", "rspm", args);
    const frozen = async (): Promise<string> =>
        (JSON.parse((await rspm("list")).split("\n").at(-1) ?? "") as { snapshot: string }).snapshot;
    const links = async (place: string): Promise<string[]> => {
        const page = await manager.get(`/pypi/${place}/simple/demo/`);
        return [...page.text.matchAll(/href="([^"#]+)/g)].map((match) => path.posix.basename(match[1] ?? ""));
    };
    const missedSyncs = (): unknown => manager.sql(database, "SELECT count(*) FROM sync_runs WHERE missed = 1");

    /** What the upstream service has from now on. */
    function publish(...versions: string[]): void {
        const list = versions.flatMap((version) =>
            ["bookworm", "trixie"].map((codename) => {
                const filename = `demo-${version}-${codename}.whl`;
                const data = Buffer.from(filename);
                files[`/files/${filename}`] = data;
                const sha256 = createHash("sha256").update(data).digest("hex");
                return { package: "demo", version, codename, filename, sha256 };
            }),
        );
        files["/pypi.json"] = Buffer.from(JSON.stringify({ files: list }));
        files["/cran.json"] = Buffer.from(JSON.stringify({ files: [] }));
    }

    before(async () => {
        files = {};
        upstream = http.createServer((request, response) => {
            const found = files[request.url ?? ""];
            response.writeHead(found ? 200 : 404).end(found);
        });
        await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
        manager = await install("packageManager");
        publish("1.0");
        configure("0 2 * * *");
        await start("old");
        await rspm("create", "repo", "--name=pypi", "--type=python");
        await rspm("sync", "--type=pypi");
    });
    after(async () => {
        await manager.remove();
        upstream.close();
    });

    it("serves what each operating system can load", async () => {
        assert.deepEqual(await links("__linux__/trixie/latest"), ["demo-1.0-trixie.whl"]);
        assert.deepEqual(await links("__linux__/bookworm/latest"), ["demo-1.0-bookworm.whl"]);
        assert.equal((await links("latest")).length, 2);
    });

    it("goes on to serve a frozen snapshot after newer ones came, and across a migration", async () => {
        const hash = await frozen();
        publish("1.0", "2.0");
        await rspm("sync");
        assert.notEqual(await frozen(), hash);
        assert.equal((await links("latest")).length, 4);
        await manager.stop();
        await start("new");
        assert.deepEqual(await links(hash), ["demo-1.0-bookworm.whl", "demo-1.0-trixie.whl"]);
        const page = await manager.get(`/pypi/${hash}/simple/demo/`);
        const link = /href="\.\.\/\.\.\/([^#"]+)#sha256=([0-9a-f]+)"/.exec(page.text);
        const file = await manager.get(`/pypi/${hash}/${link?.[1]}`);
        assert.equal(createHash("sha256").update(file.text).digest("hex"), link?.[2]);
        assert.equal((await manager.get("/pypi/0123456789abcdef/simple/demo/")).status, 404);
    });

    it("keeps the hash when nothing has changed", async () => {
        const before = await frozen();
        await rspm("sync");
        assert.equal(await frozen(), before);
    });

    it("answers 503 while it is offline", async () => {
        await rspm("offline");
        assert.equal((await manager.get("/__ping__")).status, 503);
        await rspm("online");
        assert.equal((await manager.get("/__ping__")).status, 200);
    });

    it("makes up for a missed sync when it starts, and not without a schedule", async () => {
        await manager.stop();
        manager.sql(database, "UPDATE sync_schedules SET next_run = '2025-01-01T00:00:00Z'");
        configure("");
        await start("new");
        await pause(300);
        await manager.stop(); // lets a sync that has begun end
        assert.deepEqual(missedSyncs(), [[0]]);
        configure("0 2 * * *");
        await start("new");
        for (const end = Date.now() + 5000; Date.now() < end && String(missedSyncs()) !== "1";) await pause(50);
        await pause(1100); // the next look is a second later
        assert.deepEqual(missedSyncs(), [[1]]);
    });

    it("refuses the older release, and a foreign key", async () => {
        await manager.stop();
        await assert.rejects(start("old"), /schema version 2/);
        fs.writeFileSync(path.join(manager.root, "data/rstudio-pm.key"), `${"2".repeat(64)}\n`);
        await assert.rejects(start("new"), /key does not belong to this database/);
    });

    it("tells in its log even what nobody foresaw", async () => {
        fs.writeFileSync(path.join(manager.root, database), "no database at all".repeat(100));
        await assert.rejects(start("new"), /file is not a database/);
        assert.match(manager.read("var/log/rstudio/rstudio-pm/rstudio-pm.log"), /level=error .*file is not a database/);
    });
});
