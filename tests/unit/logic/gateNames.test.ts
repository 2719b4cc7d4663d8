// An override names a gate; the schema takes only names from one list, so every gate must stand on it.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { gateNames } from "../../../logic/gateNames";

const root = path.join(__dirname, "../../..");

describe("gates", () => {
    it("are all on the list of names that an override may say", () => {
        const files = ["logic", "stacks"].flatMap((folder) =>
            fs
                .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
                .filter((file) => file.endsWith(".ts"))
                .map((file) => path.join(root, folder, file)),
        );
        const used = files.flatMap((file) =>
            [...fs.readFileSync(file, "utf8").matchAll(/\bgate: "([^"]+)"/g)].map(([, gate]) => gate),
        );
        assert.ok(used.length > 5);
        const unknown = [...new Set(used)].filter((gate) => !(gateNames as readonly string[]).includes(gate));
        assert.deepEqual(unknown, []);
    });
});
