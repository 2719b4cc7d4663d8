// How a database sorts, noted in a closed window by the real script, psql and pg_dump from a real Postgres. The host is a folder.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { hostMarkerSchema } from "../../../../contract/host";
import type { FakeHost } from "../fakeHost";
import { hostWithPrograms, sharedPostgres, TestServer } from "../postgres";
import { WindowOnHost } from "./windowOnHost";

describe("how a database sorts, as a closed window notes it", function () {
    this.timeout(120_000);
    let host: FakeHost;
    let server: TestServer;
    const row = { role: "main", unit: "", host: "", port: "", name: "", user: "", password: "", ca: "" };
    const locale = { encoding: "UTF8", collate: "C", ctype: "C.UTF-8", provider: "c", locale: "" };

    sharedPostgres((started) => (server = started));
    before(async () => {
        await server.query(
            "CREATE DATABASE sorted TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'",
        );
        await server.query("CREATE TABLE runs (id int)", "sorted");
    });
    afterEach(() => host.remove());

    async function noted(variables: object, dump: boolean) {
        const window = new WindowOnHost(host, { DATABASES: [{ ...row, ...variables, name: "sorted" }] });
        await window.close();
        if (dump) {
            window.say("dump");
            await window.hear("dumped");
        }
        window.say("complete");
        await window.ended;
        return hostMarkerSchema.parse(host.marker("t1")).databases?.[0];
    }

    it("is asked of a server elsewhere that is dumped", async () => {
        host = await hostWithPrograms(["psql", "pg_dump", "pg_restore"]);
        const at = { host: "localhost", port: String(server.port), user: "postgres", password: "super" };
        const found = await noted({ kind: "external", path: `${host.root}/data/.posit-capture/t1.dump`, ...at }, true);
        assert.deepEqual(found?.locale, locale);
    });

    /** Whoever runs the server may come in without a password, as distributions have it, or may not. */
    async function letOwnerIn(isLetIn: boolean): Promise<void> {
        const rules = path.join(server.data, "pg_hba.conf");
        const kept = fs.readFileSync(rules, "utf8").replace(/^local all all trust\n/, "");
        fs.writeFileSync(rules, `${isLetIn ? "local all all trust\n" : ""}${kept}`);
        await server.query("SELECT pg_reload_conf()");
    }

    for (const isLetIn of [true, false]) {
        it(`is asked of a server on the host by whoever runs it${isLetIn ? "" : ", and holds up nothing where that one is not let in"}`, async () => {
            host = await hostWithPrograms(["psql"], "postgresql-local");
            const { uid } = fs.statSync(server.data);
            const owner = fs
                .readFileSync("/etc/passwd", "utf8")
                .split("\n")
                .find((line) => line.split(":")[2] === String(uid));
            await server.query(
                `DROP ROLE IF EXISTS "${owner?.split(":")[0]}"; CREATE ROLE "${owner?.split(":")[0]}" LOGIN`,
            );
            await letOwnerIn(isLetIn);
            const found = await noted({ kind: "local", path: server.data, unit: "postgresql-local" }, false);
            assert.deepEqual(found?.locale, isLetIn ? locale : undefined);
            assert.equal(found?.method, "folder");
        });
    }
});
