// What counts as an effect where keys are tried: a variable that a host's script reads does, one that it never reads does not.
import assert from "node:assert/strict";
import { renderScript } from "../../remote/script";
import { asRead, difference } from "./keys/footprint";

const mount = (variables: Record<string, string>, key = "a") =>
    asRead(
        renderScript({
            script: "mount",
            product: "connect",
            variables: { MOUNT: "/data", ...variables },
            once: { name: "mount", key: key.repeat(64) },
        }).text,
    );

describe("a footprint", () => {
    it("has what a script reads, whatever stands in it", () => {
        for (const value of ["/other", "it's\nSURPLUS='x'", "", "a (b) $c `d`"]) {
            assert.notEqual(mount({ MOUNT: value }), mount({}), value);
            assert.ok(
                mount({ MOUNT: value })
                    .split("\n")
                    .includes(`MOUNT=${value.split("\n")[0]}`),
                value,
            );
        }
    });

    it("has nothing of what it never reads, and no key that is made of triggers", () => {
        assert.equal(mount({ SURPLUS: "x" }), mount({}));
        assert.equal(mount({ SURPLUS_JSON: '[{"name":"x"}]' }), mount({}));
        assert.equal(mount({}, "b"), mount({}));
    });

    it("looks into a program that another one hands on", () => {
        const window = (variables: Record<string, string>) => {
            const thaw = renderScript({ script: "thaw", product: "connect", variables }).text;
            return asRead(
                renderScript({ script: "window", product: "connect", variables: { THAW_SCRIPT: thaw } }).text,
            );
        };
        assert.notEqual(window({ START_SECONDS: "5" }), window({ START_SECONDS: "6" }));
        assert.equal(window({ SURPLUS: "5" }), window({ SURPLUS: "6" }));
    });

    it("differs by its lines, not by the moment of the run", () => {
        assert.deepEqual(difference(["at 2026-11-28T10:00:00.000Z", "a"], ["a", "at 2027-11-28T10:00:00.123Z"]), []);
        assert.deepEqual(difference(["until 2026-11-28T10:00:00Z"], ["until 2026-11-29T10:00:00Z"]).length, 2);
        assert.deepEqual(difference(["a", "b"], ["a"]), ["b"]);
    });
});
