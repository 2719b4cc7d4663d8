// The renderer of configuration files. Does not prove that a product accepts the result: its own config test does.
import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { editGcfg, forBinaries, gcfgProblem } from "../../../logic/gcfg";
import { gcfgValue, gcfgValues } from "../../gcfg/reading";

const text = `; by hand
[Server]
Address = https://old.example.com ; note
DataDir = /var/lib/x

; programs
[Python]
Executable = /a
Executable = /b

[RPackageRepository "CRAN"]
URL = https://p/cran/__linux__/bookworm/latest
`;

describe("editing gcfg", () => {
    it("changes a key where it stands and keeps comments and order", () => {
        const edited = editGcfg(text, [{ section: "Server", key: "Address", value: "https://new.example.com" }]);
        assert.equal(edited, text.replace("https://old.example.com ; note", "https://new.example.com"));
    });

    it("adds a missing key to the end of its section, above the next section's comment", () => {
        const edited = editGcfg(text, [{ section: "server", key: "EmailProvider", value: "none" }]);
        assert.ok(edited.includes("DataDir = /var/lib/x\nEmailProvider = none\n\n; programs\n[Python]"), edited);
    });

    it("appends a missing section, with its name", () => {
        const edited = editGcfg(text, [{ section: "RPackageRepository", name: "RSPM", key: "URL", value: "u" }]);
        assert.ok(edited.endsWith('\n[RPackageRepository "RSPM"]\nURL = u\n'));
    });

    it("replaces a list as a whole, and takes keys away", () => {
        const listed = editGcfg(text, [{ section: "Python", key: "Executable", value: ["/c"] }]);
        assert.deepEqual(gcfgValues(listed, "Python", "Executable"), ["/c"]);
        const gone = editGcfg(text, [{ section: "Python", key: "Executable", value: undefined }]);
        assert.deepEqual(gcfgValues(gone, "Python", "Executable"), []);
    });

    it("leaves one value where there were several, in whichever sections: the one that counted is where it stands", () => {
        const repeated =
            "[Postgres]\nURL = postgres://old/1\nX = 1\n[Server]\nA = 1\n[postgres]\n; really\nurl = postgres://old/2 ; x\nY = 2\n";
        assert.equal(gcfgValue(repeated, { section: "Postgres", key: "URL" }), "postgres://old/2");
        assert.equal(
            editGcfg(repeated, [{ section: "Postgres", key: "URL", value: "postgres://new/1" }]),
            "[Postgres]\nX = 1\n[Server]\nA = 1\n[postgres]\n; really\nURL = postgres://new/1\nY = 2\n",
        );
        assert.equal(
            editGcfg(repeated, [{ section: "POSTGRES", key: "Z", value: "3" }]),
            `${repeated}Z = 3\n`,
            "a new key goes to the last section of that name",
        );
    });

    it("puts nothing into a value that goes on in the next line, and keeps Windows' line ends", () => {
        const open = "[A]\r\nk = 1 \\\r\n  2\r\n[B]\r\nx = 1\\\n";
        assert.deepEqual(gcfgValues(open, "A", "k"), ["1   2"]);
        const edited = editGcfg(open, [{ section: "B", key: "y", value: "2" }]);
        assert.deepEqual([gcfgValues(edited, "B", "x"), gcfgValues(edited, "B", "y")], [["1"], ["2"]]);
        assert.ok(editGcfg(open, [{ section: "A", key: "K", value: "9" }]).startsWith("[A]\r\nK = 9\r\n[B]\r\n"));
    });

    it("does not touch what can't be read, and says the line", () => {
        assert.deepEqual(gcfgProblem('[A]\n; x\nk = "open\n'), {
            line: 3,
            says: 'a quote is not closed, or a "\\" stands before what it can\'t stand before',
        });
        assert.throws(
            () => editGcfg("k = 1\n", [{ section: "A", key: "k", value: "1" }]),
            /line 1 can't be read: a setting stands before the first section/,
        );
        assert.throws(() => editGcfg("", [{ section: "A", key: "k", value: "a\rb" }]), /can't hold a carriage return/);
    });

    it("takes its time by the length of a text only, whatever is wrong with it", () => {
        for (const unit of ["a", "a b", "a  \t", '\\"', '""', '"a" ', "\\\n", "[", "a="]) {
            for (const [before, after] of [
                ['[A]\nk = "', ""],
                ["[A]\nk = ", "\\"],
                ['[A "', ""],
                ["[A]\n", "!"],
            ]) {
                const began = Date.now();
                gcfgProblem(before + unit.repeat(50_000) + after);
                assert.ok(Date.now() - began < 5000, `${before}${unit}…`);
            }
        }
    });

    it("reads back any value it wrote, and is stable", () => {
        fc.assert(
            fc.property(fc.stringMatching(/^[ -~]{0,30}$/), (value) => {
                const once = editGcfg(text, [{ section: "Postgres", key: "Password", value }]);
                assert.deepEqual(gcfgValues(once, "Postgres", "Password"), [value]);
                assert.equal(editGcfg(once, [{ section: "Postgres", key: "Password", value }]), once);
            }),
        );
    });
});

describe("binary package URLs", () => {
    it("name the new operating system", () => {
        assert.equal(
            forBinaries("x/__linux__/bookworm/latest y/__linux__/focal/1", "trixie"),
            "x/__linux__/trixie/latest y/__linux__/trixie/1",
        );
        assert.equal(forBinaries("x/__linux__/manylinux_2_28/latest", "noble"), "x/__linux__/noble/latest");
    });
});
