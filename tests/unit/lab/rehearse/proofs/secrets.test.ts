// The search for secrets must find them in every dress that state and logs put them in, and must not cry wolf.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { findLeaks } from "../../../../../lab/rehearse/proofs/secrets";

const secret = fc.stringMatching(/^[A-Za-z0-9+/=_-]{16,40}$/);

describe("secrets", () => {
    it("finds a secret as it is, in JSON, and in base64 wherever it begins", () => {
        fc.assert(
            fc.property(secret, fc.string({ maxLength: 9 }), (value, before) => {
                const dresses = [
                    `${before}${value}`,
                    JSON.stringify({ nested: JSON.stringify({ value }) }),
                    Buffer.from(`${before}${value} and more`).toString("base64"),
                ];
                for (const text of dresses) {
                    assert.deepEqual(findLeaks({ it: value }, { log: text }), [{ secret: "it", where: "log" }]);
                }
            }),
        );
    });

    it("finds a key of several lines by its longest line", () => {
        const key = "-----BEGIN KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE\n-----END KEY-----\n";
        assert.equal(findLeaks({ key }, { state: JSON.stringify({ key }) }).length, 1);
    });

    it("finds nothing where there is nothing", () => {
        fc.assert(
            fc.property(secret, secret, (one, other) => {
                fc.pre(!one.includes(other) && !other.includes(one));
                assert.deepEqual(findLeaks({ one }, { log: `says ${other}` }), []);
            }),
        );
    });
});
