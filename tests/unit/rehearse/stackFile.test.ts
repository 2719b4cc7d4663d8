// Stack files: what is written is YAML that says the same, and the engine's own lines survive.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { changedKeys, readStackFile, toYaml, writeStackFile } from "../../../lab/rehearse/stackFile";

describe("stack files", () => {
    it("quotes what YAML would read as something else", () => {
        const yaml = toYaml({ a: "yes", b: "2024-01-01", c: "plain", d: "", e: true, f: "x: y", g: "12" });
        assert.equal(yaml, '\na: "yes"\nb: "2024-01-01"\nc: plain\nd: ""\ne: true\nf: "x: y"\ng: "12"');
    });

    it("writes lists with one entry a line, indented", () => {
        assert.equal(toYaml({ captures: [{ token: "a" }], none: [] }), '\ncaptures:\n  - {"token":"a"}\nnone: []');
    });

    it("keeps the salt and the cipher texts through a commit", () => {
        const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "stack-")), "Pulumi.test.yaml");
        fs.writeFileSync(file, "encryptionsalt: v1:abc=\nconfig:\n  posit:secrets:\n    secure: v1:def\n");
        writeStackFile(readStackFile(file), { "posit:role": "environment" });
        const again = readStackFile(file);
        assert.equal(again.salt, "v1:abc=");
        assert.deepEqual(again.secure, { "posit:secrets": "v1:def" });
        assert.match(fs.readFileSync(file, "utf8"), /^ {2}posit:role: environment$/m);
    });

    it("tells what a commit changes", () => {
        assert.deepEqual(changedKeys({ a: 1, b: 2 }, { a: 1, b: 3, c: "x" }), ["b: 3", 'c: "x"']);
        assert.deepEqual(changedKeys({ a: 1 }, {}), ["- a"]);
    });
});
