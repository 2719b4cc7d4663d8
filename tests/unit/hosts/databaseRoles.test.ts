// Each database that a product has is written into its new configuration and read from its old one, role by role: one that is made and captured is
// not forgotten in between. That a role has a fact at all is the compiler's to say (databaseFacts in products/description.ts).
import assert from "node:assert/strict";
import { databaseFacts, DatabaseRole, EnvironmentFacts, productIds, products } from "../../../products";
import { endpoint } from "../endpoints";
import { fakeHost } from "./fakeHost";
import { accountsOfHost, program } from "./people";

const own = productIds.flatMap((product) => products[product].databases.map(({ role }) => ({ product, role })));

const facts = (role: DatabaseRole): EnvironmentFacts => ({
    address: endpoint("https://connect.example.com"),
    listenPort: 3939,
    repository: endpoint("https://packages.example.com"),
    binaries: "noble",
    [databaseFacts[role]]: {
        host: `${role}.db.example.com`,
        port: 5432,
        name: `${role}-name`,
        user: `${role}-user`,
        verified: true,
    },
});

describe("the databases of products", function () {
    this.timeout(30_000);

    it("have a fact each", () => {
        const all = Object.values(databaseFacts);
        assert.deepEqual([...new Set(all)], all);
    });

    for (const { product, role } of own) {
        it(`${product}, ${role}: is in the new configuration, with a place for its password`, () => {
            const { configure, passwordPlaceholder } = products[product];
            const text = configure(undefined, facts(role))
                .map(({ content }) => content)
                .join("\n");
            for (const word of [`${role}.db.example.com`, `${role}-name`, `${role}-user`, passwordPlaceholder]) {
                assert.ok(text.includes(word), `${word} in\n${text}`);
            }
        });

        it(`${product}, ${role}: is read of production's, and refused where that says something else`, async () => {
            const host = await fakeHost(product);
            try {
                program(host, "dpkg-query", "printf 'ii 2026.1.0'");
                accountsOfHost(host, [], []);
                // No configuration: all is in SQLite.
                const variables = { DATABASES: [{ role, kind: "external" }], SHARED_HOMES: "", VOLUMES: [] };
                const { stdout } = await host.run(host.render("inventory", variables));
                const { databases, findings } = host.answer("inventory", stdout);
                assert.ok(databases.some((one) => one.role === role));
                assert.ok(findings.some(({ code }) => code === "other-database"));
            } finally {
                host.remove();
            }
        });
    }
});
