// The database's URL in the new configuration: any name that Postgres takes says the same after it was read as a URL.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { EnvironmentFacts, products } from "../../../products";
import { gcfgValues } from "../../gcfg/reading";
import { endpoint } from "../endpoints";

const facts = (name: string, user: string): EnvironmentFacts => ({
    address: endpoint("https://connect.example.com"),
    listenPort: 3939,
    database: { host: "db.example.com", port: 5432, name, user, verified: false },
    repository: endpoint("https://packages.example.com"),
    binaries: "noble",
});

const anyName = fc.oneof(
    fc.constantFrom("a/b?sslmode=disable&x=", "co@nn:x/%", "a b", 'quo"te', "back\\slash", "#x", "ü"),
    // The URL class here takes these two for folders; Go does not.
    fc.string({ minLength: 1, maxLength: 30 }).filter((name) => name !== "." && name !== ".."),
);

describe("a database's URL", () => {
    for (const product of ["packageManager", "connect"] as const) {
        it(`of ${product} names role and database whatever they are called`, () => {
            fc.assert(
                fc.property(anyName, anyName, (name, user) => {
                    const [file] = products[product]
                        .configure(undefined, facts(name, user))
                        .filter(({ path }) => path.endsWith(".gcfg"));
                    const url = new URL(gcfgValues(file.content, "Postgres", "URL")[0]);
                    assert.equal(decodeURIComponent(url.username), user);
                    assert.equal(decodeURIComponent(url.pathname.slice(1)), name);
                    assert.equal(url.hostname, "db.example.com");
                    assert.equal(url.search, "?sslmode=require");
                }),
            );
        });
    }
});
