// The listing and its comparison, on graphs of a few resources: each option is seen, an order is seen however it is written, and what a
// difference would do to a stack that stands is said.
import assert from "node:assert/strict";
import type { Registration } from "../program/recorder";
import { differences, listing } from "./listing";

const urn = (types: string, name: string) => `urn:pulumi:staging::posit::${types}::${name}`;
const parent = "posit:index:Host";

function resource(name: string, change: Partial<Registration> = {}): Registration {
    const type = change.type ?? "aws:ec2/instance:Instance";
    return {
        ...{ urn: urn(type === parent ? type : `${parent}$${type}`, name), type, name },
        parent: type === parent ? "" : urn(parent, "connect"),
        ...{ dependencies: [], inputs: {}, protect: false, retainOnDelete: false, deleteBeforeReplace: false },
        ...{
            deletedWith: "",
            ignoreChanges: [],
            replaceOnChanges: [],
            additionalSecretOutputs: [],
            aliases: [],
            id: "",
            outputs: {},
        },
        ...{ provider: "", timeouts: { create: "", update: "", delete: "" }, importId: "" },
        hooks: { beforeCreate: [], afterCreate: [], onError: [] },
        ...change,
    };
}

const host = resource("connect", { type: parent });
const of = (...registrations: Registration[]) => listing({ registrations: [host, ...registrations], outputs: {} });
const a = resource("a");
const b = resource("b", { dependencies: [a.urn] });

describe("a listing of resources", () => {
    it("has each below its parent, in one order whatever order they came in, and without the stack itself", () => {
        const stack = resource("posit-staging", { type: "pulumi:pulumi:Stack" });
        const text = of(b, stack, a);
        assert.equal(text, of(a, b));
        assert.equal(
            text,
            "posit:index:Host connect\n  aws:ec2/instance:Instance a\n  aws:ec2/instance:Instance b\n    > after a\n",
        );
    });

    it("has an order once: what follows from another one named is left out, and what no longer follows is seen", () => {
        const direct = resource("c", { dependencies: [a.urn, b.urn] });
        const reduced = resource("c", { dependencies: [b.urn] });
        assert.equal(of(a, b, direct), of(a, b, reduced));
        const loose = resource("b");
        assert.notEqual(of(a, loose, reduced), of(a, b, reduced));
        assert.match(of(a, loose, direct), /c\n {4}> after a, b\n/);
    });

    it("tells two of one name apart where something comes after them", () => {
        const other = resource("a", { type: "aws:ebs/volume:Volume" });
        assert.match(of(a, other, resource("c", { dependencies: [other.urn] })), /> after a \(Volume\)/);
    });

    it("shows every option, and tells when one changes", () => {
        const options: Partial<Registration>[] = [
            { protect: true },
            { retainOnDelete: true },
            { deleteBeforeReplace: true },
            { deletedWith: host.urn },
            { ignoreChanges: ["ami"] },
            { replaceOnChanges: ["ami"] },
            { additionalSecretOutputs: ["stdout"] },
            { aliases: ["old"] },
            { provider: `${urn("pulumi:providers:postgresql", "p")}::id` },
            { timeouts: { create: "48h", update: "", delete: "" } },
            { importId: "i-1" },
            { hooks: { beforeCreate: ["close"], afterCreate: [], onError: [] } },
            { hooks: { beforeCreate: [], afterCreate: ["close"], onError: [] } },
            { hooks: { beforeCreate: [], afterCreate: [], onError: ["close"] } },
        ];
        const all = options.map((option) => of(resource("a", option)));
        assert.equal(new Set([...all, of(a)]).size, options.length + 1);
        for (const text of all) {
            assert.match(
                differences(of(a), text).join("\n"),
                /^~ posit:index:Host\$aws:.*::a: options were: none; are: /,
            );
        }
        // The fields of a registration that are none of an option's.
        const shown = new Set(options.flatMap((option) => Object.keys(option)));
        const rest = Object.keys(a).filter((field) => !shown.has(field));
        assert.deepEqual(rest.sort(), ["dependencies", "id", "inputs", "name", "outputs", "parent", "type", "urn"]);
    });

    it("says that a renamed one is deleted, and made anew, and its children with it where a type changed", () => {
        const renamed = differences(of(a), of(resource("z")));
        assert.match(renamed[0], /^- posit:index:Host\$aws:ec2\/instance:Instance::a: .*DELETED/);
        assert.match(renamed[1], /^\+ .*::z: is new.*give it an alias$/);
        const kept = of(resource("a", { retainOnDelete: true }));
        assert.match(differences(kept, of())[0], /::a: .* let go in every stack that has it, as it is retained$/);
        const text = of(a, b);
        const moved = differences(text, text.replace("posit:index:Host", "posit:index:Server"));
        assert.equal(moved.filter((line) => line.startsWith("- ")).length, 3);
        assert.deepEqual(differences(text, text), []);
    });

    it("says what comes after what no longer", () => {
        assert.deepEqual(differences(of(a, b), of(a, resource("b"))), [
            "~ posit:index:Host$aws:ec2/instance:Instance::b: came after: a; comes after: none",
        ]);
    });
});
