// States are kept as exports, in the order of the commits. Does not prove that the engine's file is as it is here: the rehearsal writes the real one.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { keepState } from "../../../../lab/rehearse/states";

describe("states of a rehearsal", () => {
    it("are kept after each commit, in the format of an export", () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "states-"));
        const [from, to] = [path.join(folder, "backend"), path.join(folder, "states")];
        const stacks = path.join(from, ".pulumi/stacks/posit");
        try {
            fs.mkdirSync(stacks, { recursive: true });
            const latest = { resources: [{ urn: "urn:pulumi:prod::posit::a:b/c:C::d", type: "a:b/c:C" }] };
            fs.writeFileSync(
                path.join(stacks, "prod.json"),
                JSON.stringify({ version: 3, checkpoint: { stack: "prod", latest } }),
            );
            fs.writeFileSync(path.join(stacks, "staging.json"), JSON.stringify({ version: 3, checkpoint: {} }));
            keepState("inventory", "prod", from, to);
            keepState("install", "staging", from, to);
            assert.deepEqual(fs.readdirSync(to), ["01-inventory-prod.json", "02-install-staging.json"]);
            const read = (name: string) => JSON.parse(fs.readFileSync(path.join(to, name), "utf8")) as unknown;
            assert.deepEqual(read("01-inventory-prod.json"), { version: 3, deployment: latest });
            assert.deepEqual(read("02-install-staging.json"), { version: 3, deployment: {} });
        } finally {
            fs.rmSync(folder, { recursive: true });
        }
    });
});
