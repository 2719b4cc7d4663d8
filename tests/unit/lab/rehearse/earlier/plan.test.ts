// What of a preview, and of two states, an installation that an earlier program has made would not survive.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { forbidden, lostInState, plannedChanges, type PreviewStep } from "../../../../../lab/rehearse/earlier/plan";

const urn = (type: string, name: string) => `urn:pulumi:prod::posit::posit:index:Captures$${type}::${name}`;
const volume = urn("aws:ebs/volume:Volume", "connect-data");
const command = urn("command:remote:Command", "connect-configure");
const provider = (name: string) => `urn:pulumi:prod::posit::pulumi:providers:aws::${name}`;

function found(...steps: (Pick<PreviewStep, "op" | "urn"> & Partial<PreviewStep>)[]): string[] {
    return forbidden(plannedChanges(steps));
}

const replaced = (of: string, ...replaceReasons: string[]): PreviewStep[] =>
    ["create-replacement", "replace", "delete-replaced"].map((op) => ({ op, urn: of, replaceReasons }));

describe("a preview of what an earlier program has made", () => {
    it("finds nothing in what stays, is read, comes or is updated", () => {
        const steps = ["same", "read", "refresh", "create", "update", "import"].map((op) => ({ op, urn: volume }));
        for (const step of steps) assert.deepEqual(found(step), []);
    });

    it("lists updates by property, as deep as the engine says", () => {
        const changes = plannedChanges([
            { op: "same", urn: provider("default_7_48_0") },
            { op: "update", urn: volume, diffReasons: ["tags"], detailedDiff: { "tags.Project": { kind: "update" } } },
            { op: "update", urn: command, diffReasons: ["stdin", "create"], detailedDiff: null },
        ]);
        assert.deepEqual(changes, [
            { urn: volume, what: "update", properties: ["tags.Project"] },
            { urn: command, what: "update", properties: ["create", "stdin"] },
        ]);
    });

    it("refuses a deletion, of a command too, and what it does not know", () => {
        assert.deepEqual(found({ op: "delete", urn: volume }), [`${volume} would be deleted`]);
        assert.equal(found({ op: "delete", urn: command }).length, 1);
        assert.equal(found({ op: "discard", urn: volume }).length, 1);
        assert.equal(found({ op: "a-new-word", urn: volume }).length, 1);
    });

    it("refuses a replacement, with its reason, but of commands whose triggers changed", () => {
        assert.deepEqual(found(...replaced(volume, "size")), [`${volume} would be replaced because of size`]);
        assert.equal(found(...replaced(volume, "triggers")).length, 1);
        assert.deepEqual(found(...replaced(command, "triggers")), []);
        assert.deepEqual(found(...replaced(command, "triggers[0]", "triggers[1]")), []);
        assert.equal(found(...replaced(command, "triggers", "connection")).length, 1);
        assert.equal(found(...replaced(command)).length, 1);
        assert.equal(found({ op: "remove-pending-replace", urn: volume }).length, 1);
    });

    it("lists a replacement once", () => {
        assert.deepEqual(plannedChanges(replaced(command, "triggers")), [
            { urn: command, what: "replace", properties: ["triggers"] },
        ]);
    });

    it("refuses a name that an alias has changed, though nothing else changes", () => {
        const former = urn("aws:ebs/volume:Volume", "connect-volume");
        assert.deepEqual(found({ op: "same", urn: volume, oldState: { urn: former } }), [`${volume} was ${former}`]);
        assert.deepEqual(found({ op: "same", urn: volume, oldState: { urn: volume } }), []);
    });

    it("lets the engine's own providers go with their package, and no other", () => {
        assert.deepEqual(found({ op: "delete", urn: provider("default_7_48_0") }), []);
        assert.equal(found({ op: "delete", urn: provider("region") }).length, 1);
        assert.equal(found({ op: "delete", urn: urn("aws:ebs/volume:Volume", "default_1") }).length, 1);
    });

    it("refuses any operation that is none of the six harmless ones, on anything that holds something", () => {
        const harmless = ["same", "read", "refresh", "create", "update", "import"];
        fc.assert(
            fc.property(fc.string({ minLength: 1 }), (op) => {
                fc.pre(!harmless.includes(op));
                assert.equal(found({ op, urn: volume }).length, 1);
            }),
        );
    });
});

describe("two states", () => {
    const state = (...resources: object[]) => JSON.stringify({ deployment: { resources } });
    const before = state({ urn: volume, id: "vol-1" }, { urn: command, id: "cmd-1" }, { urn: provider("default_1") });

    it("hold the same things, others besides, and commands that ran again", () => {
        const after = state({ urn: volume, id: "vol-1" }, { urn: command, id: "cmd-2" }, { urn: `${volume}-2` });
        assert.deepEqual(lostInState(before, after), []);
    });

    it("tell what is gone, what only waits for its deletion, and what is another under the same name", () => {
        assert.deepEqual(lostInState(before, state({ urn: command })), [`${volume} is gone`]);
        assert.deepEqual(lostInState(before, state({ urn: command }, { urn: volume, id: "vol-1", delete: true })), [
            `${volume} is gone`,
        ]);
        const other = state({ urn: volume, id: "vol-2" }, { urn: command, id: "cmd-1" });
        assert.deepEqual(lostInState(before, other), [`${volume} was vol-1 and is vol-2`]);
        assert.deepEqual(lostInState(before, state({ urn: volume, id: "vol-1" })), [`${command} is gone`]);
    });
});
