// The renderer of configuration files. Does not prove that a product accepts the result: its own config test does.
import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { editGcfg, editKeyValue, forBinaries, gcfgValues } from "../../../logic/gcfg";

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

describe("editing key=value files", () => {
    it("sets, adds and removes", () => {
        assert.equal(editKeyValue("# c\na=1\nb=2\n", { a: "9", b: undefined, c: "3" }), "# c\na=9\nc=3\n");
        assert.equal(editKeyValue("", { a: "1" }), "a=1\n");
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
