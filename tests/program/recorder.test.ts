// The recorder leans on internals of @pulumi/pulumi: this proves that it still sees every option that other tests ask it for.
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { reachable, record, Recording, Registration } from "./recorder";

class Room extends pulumi.ComponentResource {
    constructor(name: string) {
        super("posit:index:Room", name);
        const hook = (word: string) => new pulumi.ResourceHook(`${name}-${word}`, () => undefined);
        const first = new aws.ebs.Volume("first", { availabilityZone: "a" }, { parent: this, protect: true });
        const second = new aws.ebs.Volume(
            "second",
            { availabilityZone: first.availabilityZone, tags: { password: pulumi.secret("s") } },
            {
                parent: this,
                retainOnDelete: true,
                deleteBeforeReplace: true,
                deletedWith: first,
                ignoreChanges: ["size"],
                replaceOnChanges: ["type"],
                additionalSecretOutputs: ["arn"],
                aliases: [{ name: "once" }],
                customTimeouts: { create: "48h" },
                import: "vol-1",
                hooks: {
                    beforeCreate: [hook("before")],
                    afterCreate: [hook("after")],
                    onError: [new pulumi.ErrorHook(`${name}-error`, async () => false)],
                },
            },
        );
        const provider = new aws.Provider("own", {}, { parent: this });
        new aws.ebs.Volume("third", { availabilityZone: "a" }, { parent: this, dependsOn: [second], provider });
        this.registerOutputs({});
    }
}

describe("the recorder", () => {
    let recording: Recording;
    const of = (name: string) => recording.registrations.find((one) => one.name === name) as Registration;
    before(async () => {
        recording = await record(
            async () => {
                new Room("room");
                return { answer: 42 };
            },
            { answer: ({ name, inputs }) => ({ id: name, state: inputs }), lookup: () => assert.fail() },
        );
    });

    it("sees names, types, parents and what a program answers", () => {
        assert.deepEqual(recording.outputs, { answer: 42 });
        assert.equal(of("first").type, "aws:ebs/volume:Volume");
        assert.equal(of("first").parent, of("room").urn);
        assert.equal(of("first").urn, "urn:pulumi:staging::posit::posit:index:Room$aws:ebs/volume:Volume::first");
    });

    it("sees every option, and none where none was given", () => {
        assert.equal(of("first").protect, true);
        const second = of("second");
        assert.equal(second.protect, false);
        assert.equal(second.retainOnDelete, true);
        assert.equal(second.deleteBeforeReplace, true);
        assert.equal(second.deletedWith, of("first").urn);
        assert.deepEqual(second.ignoreChanges, ["size"]);
        assert.deepEqual(second.replaceOnChanges, ["type"]);
        assert.deepEqual(second.additionalSecretOutputs, ["arn"]);
        assert.match(second.aliases.join(), /"name":"once"/);
        assert.deepEqual(second.timeouts, { create: "48h", update: "", delete: "" });
        assert.equal(second.importId, "vol-1");
        assert.deepEqual(second.hooks, {
            beforeCreate: ["room-before"],
            afterCreate: ["room-after"],
            onError: ["room-error"],
        });
        assert.match(of("third").provider, /::own::own$/);
        const { retainOnDelete, deleteBeforeReplace, deletedWith, aliases, importId, timeouts, provider } = of("first");
        assert.deepEqual([retainOnDelete, deleteBeforeReplace, deletedWith, aliases], [false, false, "", []]);
        assert.deepEqual([importId, timeouts, provider], ["", { create: "", update: "", delete: "" }, ""]);
    });

    it("sees what is waited for, said or used, directly or not", () => {
        assert.deepEqual(of("second").dependencies, [of("first").urn]);
        assert.deepEqual([...reachable(recording, of("third"))].sort(), [of("first").urn, of("second").urn].sort());
    });

    it("sees that a value is a secret", () => {
        assert.equal(typeof (of("second").inputs.tags as Record<string, unknown>).password, "object");
        assert.equal(of("first").inputs.availabilityZone, "a");
    });

    it("hands on what a program is refused with", async () => {
        const refusing = record(() => Promise.reject(new Error("no")), {
            answer: () => ({ state: {} }),
            lookup: () => ({}),
        });
        await assert.rejects(refusing, /^Error: no$/);
    });
});
