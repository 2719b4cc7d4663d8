// The statements of the lab's `postgresql` stand-in. That a server takes them: the last one goes to a real Postgres.
import { strict as assert } from "node:assert";
import { createDatabase } from "../../../lab/postgresql/statements";
import { sharedPostgres, TestServer } from "../hosts/postgres";

describe("a database that the lab's provider makes", () => {
    it("is made from template0, in UTF-8, with the locale that is given and no other", () => {
        assert.equal(
            createDatabase({ name: "runs", owner: "connect" }),
            `CREATE DATABASE "runs" OWNER "connect" TEMPLATE "template0" ENCODING 'UTF8'`,
        );
        assert.equal(
            createDatabase({ name: 'o"dd', owner: "c", encoding: "SQL_ASCII", lcCollate: "C", lcCtype: "it's" }),
            `CREATE DATABASE "o""dd" OWNER "c" TEMPLATE "template0" ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'it''s'`,
        );
    });

    describe("on a real server", function () {
        this.timeout(120_000);
        let server: TestServer;
        sharedPostgres((started) => (server = started));

        it("sorts as it was told", async () => {
            await server.query(
                createDatabase({
                    name: "sorted",
                    owner: "postgres",
                    encoding: "UTF8",
                    lcCollate: "C",
                    lcCtype: "C.UTF-8",
                }),
            );
            const [found] = await server.query(
                "SELECT datcollate, datctype, lower('Ä') AS lower FROM pg_database WHERE datname = current_database()",
                "sorted",
            );
            assert.deepEqual(found, { datcollate: "C", datctype: "C.UTF-8", lower: "ä" });
        });
    });
});
