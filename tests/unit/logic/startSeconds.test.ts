// How long something waits for a product that was started: one number, from the configuration to every script. Does not prove that it is
// long enough for anybody's product.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { defaultStartSeconds, startSecondsOf } from "../../../logic/startSeconds";

const captures = [
    { token: "a", startSeconds: 600 },
    { token: "b", startSeconds: 60 },
];

describe("patience with a product that was started", () => {
    it("is what its capture grants, or the longest that any does, or the usual", () => {
        assert.equal(startSecondsOf(captures, "b"), 60);
        assert.equal(startSecondsOf(captures, "c"), 600);
        assert.equal(startSecondsOf(captures), 600);
        assert.equal(startSecondsOf([], "a"), defaultStartSeconds);
        assert.equal(defaultStartSeconds, 300);
    });

    it("has no number of its own in a script, and no usual one there that nobody sees", () => {
        const hosts = path.join(__dirname, "../../../hosts");
        const lines = fs
            .readdirSync(hosts, { recursive: true, encoding: "utf8" })
            .filter((file) => file.endsWith(".sh"))
            .flatMap((file) =>
                fs
                    .readFileSync(path.join(hosts, file), "utf8")
                    .split("\n")
                    .map((line) => `${file}: ${line.trim()}`),
            );
        assert.ok(lines.length > 1000);
        const hidden =
            /SECONDS:?-|(wait_for|start_product) "?[0-9]+"? *(product_|$)|start_product [0-9]|flock -w [0-9]{2,} 8/;
        assert.deepEqual(
            lines.filter((line) => hidden.test(line)),
            [],
        );
    });
});
