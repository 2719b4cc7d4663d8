// Declared settings: which are refused, and that the reason is one that helps.
import assert from "node:assert/strict";
import { productIds } from "../../../products";
import { settingProblem, workbenchSettingFiles } from "../../../products/settings";

describe("declared settings", () => {
    const rows: [(typeof productIds)[number], string, RegExp | undefined][] = [
        ["connect", "Server.SenderEmail", undefined],
        ["connect", "Server.Address", /posit:names/],
        ["connect", "server.ADDRESS", /posit:names/],
        ["connect", "HTTP.Listen", /can't be moved by a setting/],
        ["connect", "HTTPS.Listen", /can't be moved by a setting/],
        ["connect", "HTTPS.Certificate", undefined],
        ["connect", "Postgres.InstrumentationURL", /posit:database/],
        ["connect", "SQLite.Dir", /posit:database/],
        ["connect", "Python.Executable", /posit:runtimes\.python/],
        ["connect", "Python.Enabled", undefined],
        ["packageManager", "Python.Executable", undefined],
        ["packageManager", "Server.DataDir", /restored to/],
        ["workbench", "rserver.admin-enabled", undefined],
        ["workbench", "rsession.session-timeout-minutes", undefined],
        ["workbench", "rserver.www-port", /can't be moved/],
        ["workbench", "database.host", /posit:database/],
        [
            "workbench",
            "launcher.address",
            /of a file that no setting is written to; there are rserver\.conf \(rserver\.KEY\) and/,
        ],
        ["workbench", "Server.Address", /of a file that no setting is written to/],
    ];
    for (const [product, setting, expected] of rows) {
        it(`${setting} of ${product} is ${expected ? "refused with what says it instead" : "taken"}`, () => {
            const found = settingProblem(product, setting);
            if (expected) assert.match(found ?? "", expected);
            else assert.equal(found, undefined);
        });
    }

    it("of words that every object has are settings like others", () => {
        for (const word of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
            for (const product of ["connect", "packageManager"] as const) {
                assert.equal(settingProblem(product, `${word}.x`), undefined, word);
            }
            assert.equal(typeof settingProblem("workbench", `${word}.x`), "string", word);
        }
    });

    it("of Workbench are written to the files that it says", () => {
        for (const file of workbenchSettingFiles)
            assert.equal(settingProblem("workbench", `${file}.any-key`), undefined);
    });
});
