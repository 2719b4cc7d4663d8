// Stack files: what is written is YAML that says the same, and the engine's own lines survive.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { changedKeys, readStackFile, writeStackFile } from "../../../../lab/rehearse/stackFile";

describe("stack files", () => {
    it("quotes what the engine's YAML would read as something else", () => {
        const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "stack-")), "Pulumi.test.yaml");
        const texts = { "posit:a": "yes", "posit:b": "2024-01-01", "posit:c": "", "posit:d": "x: y", "posit:e": "12" };
        writeStackFile({ path: file, salt: "v1:abc=", secure: {} }, { ...texts, "posit:f": 12 });
        const lines = fs.readFileSync(file, "utf8");
        for (const [key, text] of Object.entries(texts)) {
            assert.ok(lines.includes(`  ${key}: ${JSON.stringify(text)}\n`), key);
        }
        assert.ok(lines.includes("  posit:f: 12\n"));
    });

    it("keeps the salt and the cipher texts through a commit", () => {
        const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "stack-")), "Pulumi.test.yaml");
        fs.writeFileSync(file, "encryptionsalt: v1:abc=\nconfig:\n  posit:secrets:\n    secure: v1:def\n");
        writeStackFile(readStackFile(file), { "posit:role": "environment" });
        const again = readStackFile(file);
        assert.equal(again.salt, "v1:abc=");
        assert.deepEqual(again.secure, { "posit:secrets": "v1:def" });
        assert.match(fs.readFileSync(file, "utf8"), /^ {2}posit:role: "environment"$/m);
    });

    it("tells what a commit changes", () => {
        assert.deepEqual(changedKeys({ a: 1, b: 2 }, { a: 1, b: 3, c: "x" }), ["b: 3", 'c: "x"']);
        assert.deepEqual(changedKeys({ a: 1 }, {}), ["- a"]);
    });
});
