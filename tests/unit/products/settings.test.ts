// The grammar of declared settings, and which of them are refused, with a reason that helps.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { productIds } from "../../../products";
import {
    parseGcfgSetting,
    parseWorkbenchSetting,
    settingGrammars,
    settingProblem,
    settingValueProblem,
} from "../../../products/settings";
import { gcfgLists, gcfgSingles, namedSections } from "../../../products/settingKinds";
import { workbenchFiles } from "../../../products/workbenchFiles";

describe("the grammar of declared settings", () => {
    const gcfg: [string, ReturnType<typeof parseGcfgSetting>][] = [
        ["Server.SenderEmail", { section: "Server", key: "SenderEmail" }],
        ['RPackageRepository "CRAN".URL', { section: "RPackageRepository", name: "CRAN", key: "URL" }],
        ['LDAP "a.b \\"c\\" \\\\d".BindDN', { section: "LDAP", name: 'a.b "c" \\d', key: "BindDN" }],
        ...[
            ...["SenderEmail", "SenderEmail: x", "Server.Sender.Email", "Server.", ".Email", "Server.Sender Email"],
            ...["Server.\nX", 'Server "".X', 'Server  "a".X', 'Server "a"X', 'Server "a\nb".X', "[Server].X"],
            ...['"Server".X', "Server.X=1", "Server.X ", "Ümlaut.X", "1.X", "A_B.X", 'Server "a".b.c', ""],
        ].map((setting): [string, undefined] => [setting, undefined]),
    ];
    for (const [setting, expected] of gcfg) {
        it(`reads ${JSON.stringify(setting)} ${expected ? "" : "as none "}(gcfg)`, () => {
            assert.deepEqual(parseGcfgSetting(setting), expected);
            assert.equal(settingGrammars.connect.identity(setting) === undefined, expected === undefined);
        });
    }

    const workbench: [string, ReturnType<typeof parseWorkbenchSetting>][] = [
        ["rserver.admin-enabled", { file: "rserver.conf", key: "admin-enabled" }],
        ["rserver.conf.admin-enabled", { file: "rserver.conf", key: "admin-enabled" }],
        ["launcher[server].port", { file: "launcher.conf", section: "server", key: "port" }],
        ["launcher.local.unprivileged", { file: "launcher.local.conf", key: "unprivileged" }],
        [
            "launcher.local.profiles[@data science].max-cpus",
            { file: "launcher.local.profiles.conf", section: "@data science", key: "max-cpus" },
        ],
        ["profiles[*].max-memory-mb", { file: "profiles", section: "*", key: "max-memory-mb" }],
        ["logging[@rserver].log-level", { file: "logging.conf", section: "@rserver", key: "log-level" }],
        ["env-vars.HTTP_PROXY", { file: "env-vars", key: "HTTP_PROXY" }],
        ["conf.d/more.x", { file: "conf.d/more.conf", key: "x" }],
        ...[
            ...["admin-enabled", "../shadow.x", "/etc/passwd.x", "rserver..x", "rserver.", "a/../b.x", "rserver[].x"],
            ...[
                "rserver[a]b.x",
                "rserver[a=b].x",
                "rserver[ a].x",
                "rserver.x=1",
                "rserver.x y",
                "rserver[a\nb].x",
                "",
            ],
        ].map((setting): [string, undefined] => [setting, undefined]),
    ];
    for (const [setting, expected] of workbench) {
        it(`reads ${JSON.stringify(setting)} ${expected ? "" : "as none "}(Workbench)`, () =>
            assert.deepEqual(parseWorkbenchSetting(setting), expected));
    }

    it("never leads out of /etc/rstudio, nor to another line", () => {
        fc.assert(
            fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z./[\]\n~-]{1,20}$/)), (setting) => {
                const place = parseWorkbenchSetting(setting);
                const words = place && [place.file, place.section ?? "", place.key];
                assert.ok(!words?.some((word) => /\n|\.\.|^\//.test(word)), setting);
            }),
            { numRuns: 3000 },
        );
    });

    it("knows one setting in all its spellings", () => {
        const same = (product: (typeof productIds)[number], a: string, b: string) =>
            settingGrammars[product].identity(a) === settingGrammars[product].identity(b);
        assert.ok(same("connect", "Server.Address", "SERVER.address"));
        assert.ok(!same("connect", 'LDAP "a".X', 'LDAP "A".X'));
        assert.ok(same("workbench", "rserver.x", "rserver.conf.x"));
        assert.ok(!same("workbench", "rserver.x", "rserver.X"));
        assert.ok(!same("workbench", "profiles[a].x", "profiles[b].x"));
    });
});

describe("declared settings", () => {
    const rows: [(typeof productIds)[number], string, RegExp | undefined][] = [
        ["connect", "Server.SenderEmail", undefined],
        ["connect", "Server.Address", /posit:names/],
        ["connect", "server.ADDRESS", /posit:names/],
        ["connect", "HTTP.Listen", /can't be moved by a setting/],
        ["connect", "HTTPS.Listen", /can't be moved by a setting/],
        ["connect", "HTTPS.Certificate", /posit:front/],
        ["connect", "Postgres.InstrumentationURL", /posit:database/],
        ["connect", 'Postgres "x".URL', /posit:database/],
        ["connect", "SQLite.Dir", /posit:database/],
        ["connect", "Python.Executable", undefined],
        ["connect", "Python.Enabled", undefined],
        ["connect", 'Python "x".Enabled', /has no names: `Python\.KEY`/],
        ["connect", 'RPackageRepository "CRAN".URL', undefined],
        ["connect", "rpackagerepository.URL", /always has a name: `RPackageRepository "CRAN"\.KEY`/],
        ["connect", "LDAP.BindDN", /always has a name/],
        ["connect", 'LDAP "AD".BindDN', undefined],
        ["packageManager", "Python.Executable", undefined],
        ["packageManager", "Server.DataDir", /restored to/],
        ["packageManager", "S3Storage.Bucket", undefined],
        ["packageManager", 'S3Storage "packages".Bucket', undefined],
        ["packageManager", "Nobody.Knows", undefined],
        ["packageManager", 'Nobody "x".Knows', undefined],
        ["workbench", "rserver.admin-enabled", undefined],
        ["workbench", "rsession.session-timeout-minutes", undefined],
        ["workbench", "rserver.www-port", /can't be moved/],
        ["workbench", "rserver.conf.www-port", /can't be moved/],
        ["workbench", "rserver.ssl-enabled", /posit:front/],
        ["workbench", "rserver.www-root-path", /posit:front/],
        ["packageManager", "HttpRedirect.Listen", /can't be moved/],
        ["connect", "HTTPS.Permanent", undefined],
        ["workbench", "rserver[x].admin-enabled", /rserver\.conf, which has no sections: `rserver\.admin-enabled`/],
        ["workbench", "database.host", /posit:database/],
        ["workbench", "audit-database.conf.host", /posit:database/],
        ["workbench", "launcher.address", /in sections: `launcher\[SECTION\]\.address`/],
        ["workbench", "launcher[server].address", undefined],
        ["workbench", "profiles[*].max-cpus", undefined],
        ["workbench", "launcher.kubernetes.namespace", undefined],
        ["workbench", "vscode.enabled", undefined],
        ["workbench", "of-later-days.x", undefined],
        ["workbench", "secure-cookie-key.x", /is a key or a certificate/],
        ["workbench", "launcher.pem.x", /is a key or a certificate/],
        ["workbench", "vscode-user-settings.json.x", /is no file of key=value lines/],
        ["workbench", "r-versions.Path", /blocks of `Name: value` lines/],
    ];
    for (const [product, setting, expected] of rows) {
        it(`${setting} of ${product} is ${expected ? "refused with what says it instead" : "taken"}`, () => {
            assert.ok(settingGrammars[product].identity(setting), "is a setting");
            const found = settingProblem(product, setting);
            if (expected) assert.match(found ?? "", expected);
            else assert.equal(found, undefined);
        });
    }

    it("of words that every object has are settings like others", () => {
        for (const word of ["constructor", "toString", "hasOwnProperty"]) {
            for (const product of productIds) assert.equal(settingProblem(product, `${word}.x`), undefined, word);
        }
    });

    const values: [(typeof productIds)[number], string, string | string[], RegExp | undefined][] = [
        ["connect", "Server.SenderEmail", "a # b ; c", undefined],
        ["connect", "Server.SenderEmail", ["a"], undefined],
        ["connect", "Server.SenderEmail", ["a", "b"], /has one value/],
        ["connect", "R.Executable", ["a", "b"], undefined],
        ["connect", 'LDAP "AD".PermittedLoginGroup', ["a", "b"], undefined],
        ["connect", "Nobody.Knows", ["a", "b"], undefined],
        ["workbench", "rserver.www-allow-origin", ["a", "b"], undefined],
        ["workbench", "rserver.admin-enabled", ["0", "1"], /has one value/],
        ["workbench", "rserver.www-allow-origin", ["a", "b#c"], /takes a value for a comment/],
        ["workbench", "rserver.admin-group", "a#b", /takes a value for a comment/],
        ["workbench", "rserver.admin-group", " a", /blank at an end/],
        ["workbench", "repos.CRAN", "https://p/#x", undefined],
        ["workbench", "vscode.args", '"x"', /begins with a quote/],
        ["workbench", "rserver.server-add-header", '"x"', undefined],
    ];
    for (const [product, setting, value, expected] of values) {
        it(`${setting} of ${product} ${expected ? "does not take" : "takes"} ${JSON.stringify(value)}`, () => {
            const found = settingValueProblem(product, setting, value);
            if (expected) assert.match(found ?? "", expected);
            else assert.equal(found, undefined);
        });
    }
});

describe("what is known of settings", () => {
    it("has a source each, is a setting, and is of one kind", () => {
        for (const product of ["packageManager", "connect"] as const) {
            const known = [...gcfgLists[product], ...gcfgSingles[product]];
            const settings = known.flatMap((one) => one.settings);
            assert.equal(new Set(settings.map((one) => one.toLowerCase())).size, settings.length);
            for (const one of settings) assert.ok(parseGcfgSetting(one), one);
            for (const { source } of [...known, ...namedSections[product]])
                assert.match(source, /^https:|^[\w-]+\/[\w-]+:/);
        }
        for (const { name, source } of workbenchFiles) assert.match(source, /^https:|^[\w-]+\/[\w-]+:/, name);
    });
});
