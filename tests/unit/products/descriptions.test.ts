// What the descriptions of the three products say hangs together: with each other, with hosts/products/*.sh, and with what they configure.
// Does not prove that Posit's products have it so (docs, make contact).
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { ConfigFile, EnvironmentFacts, ProductDescription, productIds, products } from "../../../products";
import { endpoint } from "../endpoints";

const all = productIds.map((id) => products[id]);
const isBelow = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}/`);
const facts = (change: Partial<EnvironmentFacts> = {}): EnvironmentFacts => ({
    address: endpoint("http://connect.example.com:3939"),
    listenPort: 3939,
    database: { host: "db.example.com", port: 5432, name: "name", user: "role", verified: false },
    repository: endpoint("http://packages.example.com:4242"),
    binaries: "noble",
    ...change,
});
const key = { path: "/key", content: "k", owner: "root", group: "root", mode: "0600" };

describe("the descriptions of the products", () => {
    it("are of the product that they stand for, in the order of installing", () => {
        assert.deepEqual(Object.keys(products).sort(), [...productIds].sort());
        for (const id of productIds) assert.equal(products[id].id, id);
        assert.equal(productIds[0], "packageManager", "the other two fetch packages from it");
    });

    it("share nothing that names a thing of one of them", () => {
        const own: ((one: ProductDescription) => string[])[] = [
            ({ slug }) => [slug],
            ({ title }) => [title],
            (one) => [one.package],
            ({ units }) => units,
            ({ dataMounts }) => dataMounts,
            ({ port }) => [String(port)],
            ({ keyPath }) => [keyPath],
            ({ account }) => [account],
            ({ programPaths }) => programPaths,
            ({ logPath }) => [logPath],
            ({ databases }) => databases.map(({ defaultDatabase }) => defaultDatabase),
            ({ databases }) => databases.map(({ defaultUser }) => defaultUser),
        ];
        for (const of of own) {
            const values = all.flatMap(of);
            assert.deepEqual([...new Set(values)], values);
            assert.ok(values.every((value) => value !== ""));
        }
    });

    for (const one of all) {
        it(`${one.title}: has its functions in hosts/products, and only absolute paths`, () => {
            assert.ok(fs.existsSync(path.join(__dirname, "../../../hosts/products", `${one.slug}.sh`)));
            for (const file of [...one.configPaths, ...one.dataMounts, one.keyPath, one.logPath, ...one.programPaths]) {
                assert.ok(path.posix.isAbsolute(file) && path.posix.normalize(file) === file, file);
            }
            assert.ok(one.configPaths.some((place) => isBelow(one.mainConfig, place) || place === one.mainConfig));
            assert.ok(one.dataMounts.includes(one.ownData));
            const mounts = one.dataMounts;
            assert.ok(mounts.every((mount) => mounts.every((other) => mount === other || !isBelow(mount, other))));
        });

        it(`${one.title}: reads of production every file that it writes, so that production's is the base`, () => {
            const written = one.configure(undefined, facts()).map((file) => file.path);
            assert.ok(written.length > 0);
            for (const file of written)
                assert.ok(
                    one.configPaths.some((read) => isBelow(file, read)),
                    file,
                );
        });

        it(`${one.title}: brings its key by the restored volume, or as a file, and never by both`, () => {
            const onVolume = one.dataMounts.some((mount) => isBelow(one.keyPath, mount));
            const brought: ConfigFile[] = one.keyOutsideData(key);
            assert.deepEqual(brought, onVolume ? [] : [key]);
            assert.deepEqual(one.keyOutsideData(undefined), []);
        });

        it(`${one.title}: has one place for the database's password, and none without a database`, () => {
            const places = (change: Partial<EnvironmentFacts>) =>
                one
                    .configure(undefined, facts(change))
                    .flatMap(({ content }) => content.split(one.passwordPlaceholder).slice(1)).length;
            assert.equal(places({}), 1);
            assert.equal(places({ database: undefined }), 0);
        });
    }

    it("know a session by its command line, and take no part of the product for one", () => {
        const sessions = new RegExp(products.workbench.sessionPattern);
        for (const line of ["/usr/lib/rstudio-server/bin/rsession -u ada", "rsession --user ada", "/opt/jupyter-lab"]) {
            assert.match(line, sessions);
        }
        for (const unit of ["rserver", "rstudio-launcher", "rserver-launcher"]) {
            assert.doesNotMatch(`/usr/lib/rstudio-server/bin/${unit} --x`, sessions);
        }
        // An empty pattern is "none"; as a pattern it would be everything.
        assert.deepEqual(
            all.filter(({ sessionPattern }) => sessionPattern !== "").map(({ id }) => id),
            ["workbench"],
        );
    });
});
