// What an environment published of its receipts is read as far as it is decided by, and kept whole; a receipt without a body is one that has not passed.
import assert from "node:assert/strict";
import { readEnvironment } from "../../../contract/environment";
import { perProduct } from "../../../products";

const host = { instanceId: "i", address: "a", hostKey: "k", user: "u", dataVolumes: [] };
const read = (receipt: object) =>
    readEnvironment(
        {
            contract: "posit-environment/1",
            phase: "install",
            hosts: perProduct(() => host),
            databases: perProduct(() => []),
            receipts: { install: { digest: "sha256:i", ...receipt } },
            names: perProduct((product) => product),
        },
        "stack x",
    )!.receipts.install!;

describe("a receipt that was published", () => {
    it("keeps what nobody decides by", () => {
        const body = { passed: true, verdicts: { "connect: health": "passed" }, versions: { connect: "2025.1.0" } };
        assert.deepEqual(read({ body }).body, body);
    });

    it("may have lost its body, or its verdict", () => {
        for (const lost of [{}, { body: null }, { body: {} }]) {
            assert.ok(!read(lost).body?.passed);
        }
    });

    it("is refused by name where its body is none", () => {
        for (const body of ["passed", 1, [], { passed: "yes" }, { passed: true, verdicts: ["x"] }]) {
            assert.throws(() => read({ body }), /receipts\.install\.body/, JSON.stringify(body));
        }
    });
});
