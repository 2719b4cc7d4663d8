// What a database says of itself on the first day, and what people are told of it. That Postgres asks for these rights: tests/unit/remote/databaseFacts.test.ts.
import { strict as assert } from "node:assert";
import { databaseFactFindings, DatabaseFacts, loadEnds, loadLoses } from "../../../logic/databaseFacts";
import { freeLoad } from "../../program/freeLoad";

const database = { name: "runs", user: "connect" };
const ordinary: DatabaseFacts = {
    ...{ version: 16, owner: "connect", ownerIsSuper: false, userIsSuper: false },
    master: { createsRoles: true, overUser: true, overOwner: true },
    locale: { encoding: "UTF8", collate: "en_US.UTF-8", ctype: "en_US.UTF-8", provider: "c", locale: "" },
    load: freeLoad,
};
const may = (change: Partial<NonNullable<DatabaseFacts["master"]>>) => ({ master: { ...ordinary.master!, ...change } });
const told = (change: Partial<DatabaseFacts>, master = "boss") =>
    databaseFactFindings(database, { ...ordinary, ...change }, master || undefined).map(
        ({ code, verdict, detail, remedy }) => `${code} ${verdict}: ${detail}; ${remedy}`,
    );

describe("what a database says of itself", () => {
    it("is nothing worth a word where it can be restored as it is", () => {
        assert.deepEqual(told({}), []);
        assert.deepEqual(told({ owner: "dba" }), []);
        // Before Postgres 16 whoever may create roles may change all ordinary ones.
        assert.deepEqual(told({ version: 15, owner: "dba", ...may({ overUser: false, overOwner: false }) }), []);
        assert.deepEqual(told({ master: undefined }), []);
        assert.deepEqual(told({ ownerIsSuper: true, owner: "postgres" }, ""), [], "it is dumped, not restored");
    });

    const cases: [Partial<DatabaseFacts>, RegExp[]][] = [
        [
            may({ overUser: false }),
            [
                /boss could not give the restored database runs \(owner connect\) to connect; as whoever made role connect, run GRANT "connect" TO "boss" WITH ADMIN OPTION; or capture with database: dump/,
            ],
        ],
        [{ owner: "dba", ...may({ overOwner: false }) }, [/\(owner dba\).*GRANT "dba" TO "boss"/]],
        [{ version: 15, owner: "postgres", ownerIsSuper: true }, [/instead of postgres, which is a superuser/]],
        [may({ createsRoles: false }), [/give boss CREATEROLE/]],
    ];
    for (const [change, patterns] of cases) {
        it(`is that its restore could not be taken over: ${JSON.stringify(change)}`, () => {
            const found = told(change);
            assert.equal(found.length, patterns.length);
            found.forEach((one, index) => assert.match(one, patterns[index]));
            assert.ok(found.every((one) => one.startsWith("database-owner declare: ")));
        });
    }

    it("is what a load by its own role would end at, and what it would leave out", () => {
        const load = { ...freeLoad, extensions: ["pg_stat_statements"], eventTriggers: ["audit"], grantees: ["bi"] };
        const [found, ...others] = told({ load });
        assert.deepEqual(others, []);
        assert.match(
            found,
            /^database-load declare: a dump of the database runs that connect loads into a new server ends at extension pg_stat_statements, event trigger audit, and leaves out rights of bi; nothing has to be done while its server is captured/,
        );
        assert.match(told({ load }, "")[0], /; take that out of the database before a capture/);
        assert.deepEqual(loadEnds({ ...load, extensions: [], eventTriggers: [] }), []);
        assert.deepEqual(loadLoses({ ...freeLoad, owners: ["dba"] }), ["that things belong to dba"]);
    });

    it("is that a new database would sort otherwise", () => {
        const [found] = told({ locale: { ...ordinary.locale, provider: "i", locale: "sv-SE" } }, "");
        assert.match(
            found,
            /^database-collation declare: the database runs sorts by ICU's sv-SE; .*sorts by en_US\.UTF-8 \(gate collation\)/,
        );
    });
});
