// The stand-in Connect: what a migration can break must break in it too.
import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { install, type Installation, pause } from "./program";

const database = "data/db/connect.db";
const spool = "var/spool/posit-mail/mail.jsonl";
const past = "2025-01-01T00:00:00Z";

describe("stand-in Connect", function () {
    this.timeout(30_000);
    let connect: Installation;
    let headers: Record<string, string>;
    let guid: string;
    const api = "/__api__/v1";

    const configure = (lines: Record<string, string> = {}): void => {
        const value = { mail: "sendmail", concurrency: "2", extra: "", ...lines };
        connect.write(
            "etc/rstudio-connect/rstudio-connect.gcfg",
            `[Server]\nDataDir = ${connect.root}/data\nEmailProvider = ${value.mail}\nSenderEmail = "c@example.com" ; sender\n` +
                `${value.extra}\n[HTTP]\nListen = 127.0.0.1:${connect.port}\n[Python]\nEnabled = true\n` +
                `Executable = /usr/bin/python3\n[Applications]\nScheduleConcurrency = ${value.concurrency}\n`,
        );
    };
    const start = (release: "old" | "new"): Promise<void> => connect.start("connect", release, "/__ping__");
    const post = (url: string, body: unknown, method = "POST") =>
        connect.get(`${api}${url}`, { method, headers, body: JSON.stringify(body) });
    const admin = (...args: string[]): Promise<string> => connect.command("old", "rscadmin", args);
    const mails = (): number =>
        fs.existsSync(path.join(connect.root, spool)) ? connect.read(spool).trim().split("\n").length : 0;
    const runs = (): number =>
        (connect.sql(database, "SELECT count(*) FROM schedule_runs") as number[][])[0]?.[0] ?? -1;
    const miss = (): unknown => connect.sql(database, `UPDATE schedules SET next_run = '${past}'`);

    async function publish(): Promise<string> {
        const folder = path.join(connect.root, "bundle");
        fs.mkdirSync(folder);
        fs.writeFileSync(path.join(folder, "app.py"), "import os\nprint('value', os.environ['SECRET'])\n");
        fs.writeFileSync(path.join(folder, "schedule.json"), '{ "cron": "0 5 * * *" }');
        const bundle = new Uint8Array(execFileSync("tar", ["-cz", "-C", folder, "."]));
        const { guid } = (await post("/content", { name: "report" })).json<{ guid: string }>();
        await post(`/content/${guid}/environment`, [{ name: "SECRET", value: "hunter2hunter2" }], "PATCH");
        const options = { method: "POST", headers, body: bundle };
        const { id } = (await connect.get(`${api}/content/${guid}/bundles`, options)).json<{ id: string }>();
        const { task_id } = (await post(`/content/${guid}/deploy`, { bundle_id: id })).json<{ task_id: string }>();
        for (;;) {
            const task = (await connect.get(`${api}/tasks/${task_id}`, { headers })).json<{
                finished: boolean;
                code: number;
                output: string[];
            }>();
            if (task.finished) {
                assert.equal(task.code, 0, task.output.join("\n"));
                return guid;
            }
            await pause(20);
        }
    }

    before(async () => {
        connect = await install("connect");
        configure();
        await start("old");
        await admin("create-user", "--username", "alice", "--role", "administrator");
        headers = { authorization: `Key ${await admin("create-api-key", "--username", "alice")}` };
        guid = await publish();
    });
    after(() => connect.remove());

    it("runs content with its decrypted environment and counts the visit", async () => {
        assert.equal((await connect.get(`/content/${guid}/`, { headers })).text, "value hunter2hunter2\n");
        const visits = (await connect.get(`${api}/instrumentation/content/visits`, { headers })).json<{
            results: { content_guid: string }[];
        }>();
        assert.deepEqual(
            visits.results.map((visit) => visit.content_guid),
            [guid],
        );
    });

    it("keeps neither API keys nor environment variables readable in its database", () => {
        const raw = fs.readFileSync(path.join(connect.root, database)).toString("latin1");
        assert.ok(raw.includes(guid));
        assert.ok(!raw.includes("hunter2hunter2"));
        assert.ok(!raw.includes((headers.authorization ?? "").slice(4)));
    });

    it("turns strangers away", async () => {
        assert.equal((await connect.get(`${api}/content`)).status, 401);
        assert.equal((await connect.get(`/content/${guid}/`, { headers: { authorization: "Key x" } })).status, 401);
    });

    it("runs a missed schedule neither nor mails in quarantine, and once afterwards", async () => {
        assert.ok((await connect.stop()) < 2);
        miss();
        configure({ mail: "none", concurrency: "0" });
        await start("old");
        await pause(300);
        await connect.stop(); // lets a run that has begun end
        assert.deepEqual([runs(), mails()], [0, 0]);
        configure();
        await start("old");
        for (const end = Date.now() + 5000; runs() < 1 && Date.now() < end;) await pause(50);
        await pause(1100); // the next look is a second later
        assert.deepEqual([runs(), mails()], [1, 1]);
        assert.match(connect.read(spool), /value hunter2hunter2/);
    });

    it("finishes content in progress before it stops", async () => {
        const app = path.join(connect.root, "data/apps", guid);
        const file = path.join(app, fs.readdirSync(app)[0] ?? "", "app.py");
        const before = fs.readFileSync(file);
        fs.writeFileSync(file, "import time\ntime.sleep(0.6)\nprint('done')\n");
        const answer = connect.get(`/content/${guid}/`, { headers });
        await pause(200);
        await connect.stop();
        assert.equal((await answer).text, "done\n");
        fs.writeFileSync(file, before);
    });

    it("is migrated by the newer release, and the older one then refuses it", async () => {
        await start("new");
        assert.equal((await connect.get("/__api__/server_settings")).json<{ version: string }>().version, "2026.03.1");
        assert.equal((await connect.get(`/content/${guid}/`, { headers })).text, "value hunter2hunter2\n");
        await connect.stop();
        await assert.rejects(start("old"), /78: .*schema version 2.*up to 1 only/);
    });

    it("refuses unknown settings, and says so in its log", async () => {
        configure({ extra: "DataDirectory = /x" });
        await assert.rejects(start("new"), /unknown setting Server\.DataDirectory/);
        assert.match(connect.read("var/log/rstudio/rstudio-connect/rstudio-connect.log"), /Server\.DataDirectory/);
        configure();
    });

    it("refuses a foreign key and a missing one", async () => {
        const key = path.join(connect.root, "data/db/secret.key");
        const own = fs.readFileSync(key);
        fs.writeFileSync(key, `${"1".repeat(64)}\n`);
        await assert.rejects(start("new"), /Secret key mismatch between database and file/);
        fs.rmSync(key);
        await assert.rejects(start("new"), /key .* is missing/);
        assert.ok(!fs.existsSync(key));
        fs.writeFileSync(key, own);
    });

    it("refuses a password that was encrypted with another key", async () => {
        const encrypted = await connect.command("new", "rscadmin", ["encrypt-config-value"], "secret\n");
        const damaged = encrypted.slice(0, -3) + (encrypted.endsWith("AAA") ? "BBB" : "AAA");
        configure();
        const config = connect.read("etc/rstudio-connect/rstudio-connect.gcfg");
        const postgres = '[Database]\nProvider = Postgres\n[Postgres]\nURL = "postgres://u@127.0.0.1:1/c"\n';
        connect.write("etc/rstudio-connect/rstudio-connect.gcfg", `${config}${postgres}Password = "${damaged}"\n`);
        await assert.rejects(start("new"), /Postgres\.Password can't be decrypted/);
    });
});
