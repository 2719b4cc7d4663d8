// What every host script has in front of it. Does not prove what the scripts do with it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";

const common = path.join(__dirname, "../../../hosts/lib/common.sh");

describe("a host script", () => {
    const run = (program: string) =>
        spawnSync("bash", ["-c", `set -euo pipefail\nsource ${common}\nSCRIPT=start HOSTNAME=vm\n${program}`], {
            encoding: "utf8",
        });

    it("that ends without a sentence of its own names the command and its status, and not what it was given", () => {
        const { status, stderr } = run("main() { (exit 7); }\nsecret=hunter2\nmain $secret");
        assert.equal(status, 1);
        assert.match(stderr, /^start on vm: "\(" failed with status 7 \(line \d+ of the rendered script\)\.$/m);
        assert.doesNotMatch(stderr, /hunter2/);
    });

    it("that has said why it ends says nothing more", () => {
        assert.equal(run('fail "The disk is full."').stderr, "The disk is full.\n");
    });
});
