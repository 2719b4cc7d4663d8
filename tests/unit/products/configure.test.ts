// The new configuration of each product, from production's and from nothing: what must differ is in effect, what may stay stays, a second time
// changes nothing, and no declared setting that is accepted undoes what the program says itself. How the products read their files is
// logic/gcfg.ts's and the rehearsal's to prove.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { ConfigFile, EnvironmentFacts, ProductId, productIds, products } from "../../../products";
import { keyValues } from "../../../products/keyValue";
import {
    parseGcfgSetting,
    parseWorkbenchSetting,
    settingGrammars,
    settingProblem,
    settingValueProblem,
} from "../../../products/settings";
import { gcfgValues } from "../../gcfg/reading";
import { endpoint } from "../endpoints";

const facts = (change: Partial<EnvironmentFacts> = {}): EnvironmentFacts => ({
    address: endpoint("http://new.example.com:1234"),
    listenPort: 1234,
    database: { host: "new-db.example.com", port: 5432, name: "newname", user: "newrole", verified: true },
    repository: endpoint("http://packages.example.com:4242"),
    binaries: "noble",
    ...change,
});

const file = (path: string, content: string): ConfigFile => ({ path, content, owner: "o", group: "g", mode: "0640" });
const encoded = (one: ConfigFile): ConfigFile => ({
    ...one,
    content: Buffer.from(one.content).toString("base64"),
    encoding: "base64",
});
const textOf = (files: ConfigFile[], path: string) => files.find((one) => one.path === path)?.content ?? "";

/** The last value counts in key=value files. */
function keyValue(files: ConfigFile[], name: string, key: string): string | undefined {
    const lines = textOf(files, `/etc/rstudio/${name}.conf`).split("\n");
    return lines
        .filter((line) => line.startsWith(`${key}=`))
        .pop()
        ?.slice(key.length + 1);
}
const gcfg = (path: string) => (files: ConfigFile[], section: string, key: string, name?: string) =>
    gcfgValues(textOf(files, path), section, key, name).pop();

const main: Record<ProductId, string> = {
    packageManager: "/etc/rstudio-pm/rstudio-pm.gcfg",
    connect: "/etc/rstudio-connect/rstudio-connect.gcfg",
    workbench: "/etc/rstudio/rserver.conf",
};

/** Production's, with something of its own, something that must differ, and URLs of the old operating system. */
const production: Record<ProductId, ConfigFile[]> = {
    packageManager: [
        file(
            main.packageManager,
            "; by hand\n[Server]\nAddress = http://old.example.com\nGitSSHKey = /k\n\n[HTTP]\nListen = :80\n\n[Database]\nProvider = postgres\n\n[Postgres]\nURL = postgres://old@old-db.example.com/old\nPassword = old-cipher\n",
        ),
    ],
    connect: [
        file(
            main.connect,
            '[Server]\nAddress = http://old.example.com\nSenderEmail = a@example.com\n\n[Postgres]\nURL = postgres://old@old-db.example.com/old\nPassword = old-cipher\n\n[RPackageRepository "CRAN"]\nURL = http://old-packages.example.com/cran/__linux__/focal/latest\n\n[RPackageRepository "internal"]\nURL = http://packages.example.com/internal/__linux__/focal/latest\n',
        ),
        file("/etc/pip.conf", "[global]\nindex-url = http://packages.example.com/pypi/__linux__/focal/latest/simple\n"),
    ],
    workbench: [
        file(main.workbench, "# by hand\nwww-port=80\nadmin-enabled=1\n"),
        file(
            "/etc/rstudio/rsession.conf",
            "r-cran-repos=http://old-packages.example.com/cran/latest\nsession-timeout=5\n",
        ),
        file(
            "/etc/rstudio/database.conf",
            "provider=postgresql\nhost=old-db.example.com\nusername=old\npassword=old-cipher\n",
        ),
        file("/etc/rstudio/launcher.conf", "[server]\naddress=localhost\n"),
    ],
};

/** What the program has to say itself, as the files say it in the end. */
const own: Record<ProductId, (files: ConfigFile[]) => Record<string, string | undefined>> = {
    packageManager: (files) => gcfgOwn(files, "packageManager"),
    connect: (files) => ({
        ...gcfgOwn(files, "connect"),
        cran: gcfg(main.connect)(files, "RPackageRepository", "URL", "CRAN"),
    }),
    workbench: (files) => ({
        listen: keyValue(files, "rserver", "www-port"),
        health: keyValue(files, "rserver", "server-health-check-enabled"),
        provider: keyValue(files, "database", "provider"),
        host: keyValue(files, "database", "host"),
        database: keyValue(files, "database", "database"),
        user: keyValue(files, "database", "username"),
        password: keyValue(files, "database", "password"),
        sslmode: keyValue(files, "database", "sslmode"),
    }),
};

function gcfgOwn(files: ConfigFile[], product: ProductId): Record<string, string | undefined> {
    const value = gcfg(main[product]);
    return {
        address: value(files, "Server", "Address"),
        listen: value(files, "HTTP", "Listen"),
        provider: value(files, "Database", "Provider"),
        url: value(files, "Postgres", "URL"),
        password: value(files, "Postgres", "Password"),
    };
}

const gcfgExpected = {
    address: "http://new.example.com:1234",
    listen: ":1234",
    provider: "postgres",
    url: "postgres://newrole@new-db.example.com:5432/newname?sslmode=verify-full",
    password: "@database-password@",
};
const expected: Record<ProductId, Record<string, string>> = {
    packageManager: gcfgExpected,
    connect: { ...gcfgExpected, cran: "http://packages.example.com:4242/cran/__linux__/noble/latest" },
    workbench: {
        ...{ listen: "1234", health: "1", provider: "postgresql", host: "new-db.example.com", database: "newname" },
        ...{ user: "newrole", password: "@database-password@", sslmode: "verify-full" },
    },
};

for (const product of productIds) {
    const configure = (from: ConfigFile[] | undefined, change: Partial<EnvironmentFacts> = {}) =>
        products[product].configure(from, facts(change));

    describe(`the new configuration of ${products[product].title}`, () => {
        it("says what the program has to say, from nothing, from production's text and from what a host sent", () => {
            for (const from of [undefined, [], production[product], production[product].map(encoded)]) {
                assert.deepEqual(own[product](configure(from)), expected[product]);
            }
        });

        it("keeps what is production's own, owners and modes too, and names nothing else of the old side", () => {
            const made = configure(production[product]);
            const whole = made.map(({ content }) => content).join("\n");
            assert.doesNotMatch(whole, /\bold\b|old[.@-]|focal|:80\b|=80$/m);
            for (const kept of production[product].flatMap(({ content }) => content.split("\n"))) {
                const differs = /old|focal|Listen|port=|Provider|provider=/.test(kept);
                if (!differs) assert.ok(whole.includes(kept), `${kept} is gone`);
            }
            for (const { path, owner, group, mode } of production[product]) {
                const found = made.find((one) => one.path === path);
                assert.deepEqual([found?.owner, found?.group, found?.mode], [owner, group, mode], path);
            }
            assert.equal(new Set(made.map(({ path }) => path)).size, made.length, "each file once");
        });

        it("is the same when it is made of itself", () => {
            const once = configure(production[product]);
            assert.deepEqual(
                [...configure(once)].sort((a, b) => a.path.localeCompare(b.path)),
                [...once].sort((a, b) => a.path.localeCompare(b.path)),
            );
        });

        it("leaves the database to production's configuration where the product has none on a server", () => {
            const before = own[product](products[product].configure(production[product], facts()));
            const without = own[product](configure(production[product], { database: undefined }));
            assert.deepEqual(
                Object.keys(before)
                    .filter((key) => before[key] !== without[key])
                    .sort(),
                product === "workbench"
                    ? ["database", "host", "password", "sslmode", "user"]
                    : product === "connect"
                      ? ["password", "provider", "url"]
                      : ["password", "url"],
            );
        });

        it("has every declared setting that is accepted in effect, and nothing of the program's undone by it", () => {
            const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/);
            const likely = fc.constantFrom(
                ...["Server", "HTTP", "HTTPS", "Database", "Postgres", "SQLite", "Python", "Authorization"],
                ...["rserver", "rsession", "database", "launcher", "rserver.conf", "profiles", "repos"],
                ...['RPackageRepository "internal"', 'LDAP "AD"', 'Server "x"', "launcher[server]", "profiles[*]"],
            );
            const keys = fc.constantFrom(
                ...["Address", "address", "Listen", "DataDir", "Provider", "URL", "Password", "Executable"],
                ...["SenderEmail", "RVersion", "PermittedLoginGroup", "server-add-header"],
                ...["www-port", "www-address", "admin-enabled", "server-data-dir", "host", "r-cran-repos"],
            );
            const setting = fc.tuple(fc.oneof(likely, word), fc.oneof(keys, word)).map((parts) => parts.join("."));
            const one = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
            const value = fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));
            let took = 0;
            fc.assert(
                fc.property(setting, value, (path, wanted) => {
                    if (settingGrammars[product].identity(path) === undefined) return;
                    if (settingProblem(product, path) ?? settingValueProblem(product, path, wanted)) return;
                    const said = own[product](configure(production[product]));
                    const made = configure(production[product], { settings: { [path]: wanted } });
                    assert.deepEqual(valuesOf(made, product, path), [wanted].flat());
                    assert.deepEqual(own[product](made), said);
                    took += 1;
                }),
                { numRuns: 600 },
            );
            assert.ok(took > 100, `${took}`);
        });

        it("is not made where an edit would be a guess", () => {
            const place = { path: main[product], owner: "o", group: "g", mode: "0640" };
            const [text, setting] =
                product === "workbench" ? ["[x]\na=1\na=2\n", "unknown[x].a"] : ["[X]\nA = 1\n[x]\na = 2\n", "X.A"];
            const path = product === "workbench" ? "/etc/rstudio/unknown.conf" : place.path;
            const from = [{ ...place, path, content: text }];
            const made = (settings: EnvironmentFacts["settings"]) => configure(from, { settings });
            assert.throws(() => made({ [setting]: "3" }), {
                name: "Refusal",
                message: new RegExp(
                    `^${setting.replace(/[[\]]/g, "\\$&")} stands 2 times in production's ${path}, .*: declare it as a list`,
                ),
            });
            assert.deepEqual(valuesOf(made({ [setting]: ["3"] }), product, setting, path), ["3"]);
            assert.doesNotThrow(() => made({}));
            assert.deepEqual(products[product].unclear(undefined, { [setting]: "3" }), []);
        });
    });
}

function valuesOf(files: ConfigFile[], product: ProductId, setting: string, path?: string): string[] {
    if (product === "workbench") {
        const place = parseWorkbenchSetting(setting);
        return place ? keyValues(textOf(files, path ?? `/etc/rstudio/${place.file}`), place) : [];
    }
    const place = parseGcfgSetting(setting);
    return place ? gcfgValues(textOf(files, path ?? main[product]), place.section, place.key, place.name) : [];
}

describe("what only one product's configuration has", () => {
    it("Connect: the interpreters that are declared, in the place of all of production's; otherwise production's stay", () => {
        const python = ["/opt/python/3.12.11/bin/python", "/opt/python/3.11.9/bin/python"];
        const from = [file(main.connect, "[Python]\nExecutable = /old\nExecutable = /older\n")];
        const made = (change: Partial<EnvironmentFacts>) =>
            gcfgValues(textOf(products.connect.configure(from, facts(change)), main.connect), "Python", "Executable");
        assert.deepEqual(made({ settings: { "Python.Executable": python } }), python);
        assert.deepEqual(made({}), ["/old", "/older"]);
    });

    it("Workbench: no URI of production's database is left, which would beat the parts that name the new one", () => {
        const from = [
            file(
                "/etc/rstudio/database.conf",
                "provider=postgresql\nconnection-uri=postgresql://old@old-db.example.com/old\npassword=old-cipher\n",
            ),
        ];
        const text = textOf(products.workbench.configure(from, facts()), "/etc/rstudio/database.conf");
        assert.doesNotMatch(text, /connection-uri|old-db/);
        assert.match(text, /^host=new-db\.example\.com$/m);
        // Without a database of its own it stays in SQLite, whatever else the file has.
        const sqlite = [file("/etc/rstudio/database.conf", "provider=sqlite\nconnection-uri=x\n")];
        const kept = products.workbench.configure(sqlite, facts({ database: undefined }));
        assert.match(textOf(kept, "/etc/rstudio/database.conf"), /^connection-uri=x$/m);
    });

    it("Connect: pip's index of the new operating system, trusted where it is plain HTTP only", () => {
        const made = (url: string) =>
            textOf(products.connect.configure(undefined, facts({ repository: endpoint(url) })), "/etc/pip.conf");
        assert.equal(
            made("http://p.example.com:4242"),
            "[global]\nindex-url = http://p.example.com:4242/pypi/__linux__/noble/latest/simple\ntrusted-host = p.example.com\n",
        );
        assert.doesNotMatch(made("https://p.example.com"), /trusted-host/);
    });

    it("Connect and Package Manager: a file that can't be read is not edited, and its line is said", () => {
        for (const product of ["connect", "packageManager"] as const) {
            const from = [file(main[product], "[Server]\nAddress = http://x\nwhat is this\n")];
            assert.throws(
                () => products[product].configure(from, facts()),
                /^Refusal: line 3 of production's .*gcfg can't/,
            );
        }
    });

    it("Workbench: listens on every address, also where production's proxy was on its host", () => {
        const before = file("/etc/rstudio/rserver.conf", "www-address=127.0.0.1\nwww-port=8787\nadmin-enabled=1\n");
        const made = products.workbench.configure([before], facts());
        assert.match(textOf(made, "/etc/rstudio/rserver.conf"), /^www-port=1234\nadmin-enabled=1\n/);
        assert.equal(keyValue(made, "rserver", "www-address"), undefined);
    });

    it("Workbench: nothing is written into one of several sections of a name", () => {
        const from = [file("/etc/rstudio/launcher.conf", "[cluster]\nname=a\n[cluster]\nname=b\n")];
        assert.throws(
            () => products.workbench.configure(from, facts({ settings: { "launcher[cluster].name": "c" } })),
            /is of one of 2 sections \[cluster\]/,
        );
    });

    it("Workbench: another file of its folder is carried as it is", () => {
        const made = products.workbench.configure(production.workbench, facts());
        assert.equal(textOf(made, "/etc/rstudio/launcher.conf"), "[server]\naddress=localhost\n");
    });
});
