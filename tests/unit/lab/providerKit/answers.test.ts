// What the kit of the lab's providers makes of old and new values, as Terraform's providers do. Does not prove what one provider answers.
import assert from "node:assert/strict";
import { inputsOf, outputsOf, strangers } from "../../../../lab/providerKit/answers";
import { difference } from "../../../../lab/providerKit/diff";
import { grpcError, InitFailed } from "../../../../lab/providerKit/errors";
import { toStruct } from "../../../../lab/providerKit/values";

const type = {
    inputs: ["size", "encrypted", "root", "groups", "tags", "password", "class"],
    forceNew: ["encrypted", "root.key"],
    optionalComputed: ["size", "root", "groups"],
    computed: ["arn"],
    kept: ["password"],
    sets: ["groups"],
};
const plain = { forceNew: ["name"], computed: [] };
const paths = (olds: object, news: object) =>
    difference(type, { ...olds }, { ...news }).map(({ path, kind, replace }) => `${kind} ${path}${replace ? "!" : ""}`);

describe("a difference of what the cloud says", () => {
    it("is none where the program leaves to the cloud what it fills in, or names the zero of nothing", () => {
        assert.deepEqual(paths({ size: 20, root: { iops: 3000 }, groups: ["a"], arn: "x" }, {}), []);
        assert.deepEqual(paths({}, { encrypted: false, class: "", tags: {} }), []);
        assert.deepEqual(paths({ encrypted: false, class: "" }, {}), []);
        assert.deepEqual(paths({ groups: ["a", "b"] }, { groups: ["b", "a"] }), []);
    });

    it("is what the program names and the cloud has otherwise, also within a block", () => {
        assert.deepEqual(paths({ root: { iops: 3000, size: 8 } }, { root: { size: 9 } }), ["update root.size"]);
        assert.deepEqual(paths({ tags: { a: "1", b: "2" } }, { tags: { a: "1" } }), ["delete tags.b"]);
        assert.deepEqual(paths({ class: "large" }, {}), ["delete class"]);
    });

    it("replaces where the property does, or the part of one", () => {
        assert.deepEqual(paths({ encrypted: true }, { encrypted: false }), ["update encrypted!"]);
        assert.deepEqual(paths({ root: { key: "a", size: 8 } }, { root: { key: "b", size: 9 } }), [
            "update root.key!",
            "update root.size",
        ]);
        const replacing = { ...type, replacing: () => ["class"] };
        assert.equal(difference(replacing, { class: "a" }, { class: "b" })[0].replace, true);
    });

    it("is looked for among all values of a type that is its own cloud", () => {
        assert.deepEqual(difference(plain, { name: "a", other: false }, { name: "b" }), [
            { path: "name", kind: "update", replace: true },
            { path: "other", kind: "delete", replace: false },
        ]);
    });
});

describe("an answer", () => {
    it("has nothing of what was given but what no API answers", () => {
        assert.deepEqual(outputsOf(type, { size: 5, password: "p" }, { size: 8 }), { password: "p", size: 8 });
        assert.deepEqual(outputsOf(plain, { name: "a" }, { id: 1 }), { name: "a", id: 1 });
    });

    it("of a refresh has the program's names with the cloud's values, and of an import all names", () => {
        const answered = {
            size: 8,
            root: { iops: 3000, size: 9 },
            groups: ["b", "a"],
            arn: "x",
            tags: { a: "1", c: "3" },
        };
        const given = {
            size: 5,
            root: { size: 8 },
            groups: ["a", "b"],
            tags: { a: "1" },
            password: "p",
            encrypted: false,
        };
        assert.deepEqual(inputsOf(type, given, answered), {
            ...{ size: 8, root: { size: 9 }, groups: ["a", "b"], tags: { a: "1", c: "3" } },
            ...{ password: "p", encrypted: false },
        });
        const imported = inputsOf(type, undefined, answered);
        assert.deepEqual({ ...imported, arn: "x" }, answered);
        assert.ok(!("arn" in imported));
    });

    it("to a property that the type does not have is a refusal", () => {
        assert.deepEqual(strangers(type, { size: 1, colour: "red", __defaults: [] }), ["colour"]);
        assert.deepEqual(strangers(plain, { colour: "red" }), []);
    });

    it("of what was begun and not finished has what the engine takes into its state", () => {
        const error = grpcError(new InitFailed("snap-1", toStruct({ a: 1 }), toStruct({ b: 2 }), "it ended in error"));
        const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
        assert.match(details.toString(), /pulumirpc\.ErrorResourceInitFailed[\s\S]*snap-1[\s\S]*it ended in error/);
        assert.deepEqual(grpcError(new Error("plain")).metadata?.get("grpc-status-details-bin"), []);
    });
});
