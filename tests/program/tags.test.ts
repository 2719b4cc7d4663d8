// The company's own tags are on everything that can have any. Which types can is read from the provider's own types, so that a new resource is seen.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { Capture } from "../../components/capture/capture";
import { commonTags } from "../../logic/names";
import { build, find } from "./built";
import { captureArgs } from "./capture/captureArgs";
import { record, type Recording, type Registration } from "./recorder";
import { answer, lookup } from "./world";

const tags = { CostCenter: "4711", Owner: "data platform" };

/** "aws:ec2/instance:Instance" → whether its arguments have `tags`. */
function takesTags(type: string): boolean {
    const [, file, name] = /^aws:(.+):(\w+)$/.exec(type)!;
    const types = fs.readFileSync(path.join(path.dirname(require.resolve("@pulumi/aws")), `${file}.d.ts`), "utf8");
    const [, args] = types.split(`export interface ${name}Args {`);
    assert.ok(args !== undefined, `${type} has no arguments in the provider's types`);
    return /^ {4}tags\?:/m.test(args.split(/^}/m)[0]);
}

const without = ({ inputs }: Registration) =>
    Object.entries(tags).some(([key, value]) => (inputs.tags as Record<string, string> | undefined)?.[key] !== value);

function untagged({ registrations }: Recording): string[] {
    const ofAws = registrations.filter(({ type }) => type.startsWith("aws:"));
    assert.ok(ofAws.length > 0);
    return ofAws.filter((one) => takesTags(one.type) && without(one)).map(({ name }) => name);
}

describe("a company's own tags", () => {
    it("are on everything of an environment that can have any, in both phases", async () => {
        const network = { natSubnetCidr: "10.20.0.0/24", transitGatewayId: "tgw-0a1b2c3d4e5f67890" };
        assert.deepEqual(untagged(await build(undefined, {}, network, { tags })), []);
        assert.deepEqual(untagged(await build("2026-11-21a", {}, network, { tags })), []);
    });

    it("are on root volumes from their first moment, and nobody reads there what other volumes have", async () => {
        const { inputs, ignoreChanges } = find(await build(undefined, {}, {}, { tags }), "connect-instance");
        assert.deepEqual(inputs.volumeTags, {
            ...{ ...tags, Project: "acme", Environment: "staging", ManagedBy: "pulumi" },
            Name: "connect",
        });
        assert.ok(ignoreChanges.includes("volumeTags"));
    });

    it("are on captured snapshots and warm-ups, and never in the place of those by which they are found", async () => {
        const args = captureArgs({ tags: commonTags({ project: "acme", tags: { ...tags, Project: "x" } }, "prod") });
        const program = async () => void new Capture("capture-t1", args);
        const taken = await record(program, { stack: "prod", answer, lookup });
        assert.deepEqual(untagged(taken), []);
        const snapshot = taken.registrations.find(({ type }) => type === "aws:ebs/snapshot:Snapshot")!;
        assert.equal((snapshot.inputs.tags as Record<string, string>).Project, "acme");
    });
});
