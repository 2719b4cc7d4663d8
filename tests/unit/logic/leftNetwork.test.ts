// Which of what an ended run has left of a network the next one goes on with.
import assert from "node:assert/strict";
import { idsLeft, onlyOne, stackTags, vpcToTake } from "../../../logic/leftNetwork";
import { commonTags } from "../../../logic/names";

const seen = (...vpcs: [id: string, hasSubnets: boolean][]) => vpcs.map(([id, hasSubnets]) => ({ id, hasSubnets }));
const range = "10.20.0.0/16";

describe("a network that an ended run has left", () => {
    it("is this stack's by its own tags, whatever a company's say", () => {
        const tags = commonTags({ project: "acme", tags: { team: "data" } }, "staging");
        assert.deepEqual(stackTags(tags), { Project: "acme", Environment: "staging", ManagedBy: "pulumi" });
    });

    it("has one VPC: the only one, or of several the one with subnets", () => {
        assert.deepEqual(vpcToTake([], range), { vpc: undefined });
        assert.deepEqual(vpcToTake(seen(["vpc-1", false]), range), { vpc: "vpc-1" });
        assert.deepEqual(vpcToTake(seen(["vpc-1", false], ["vpc-2", true]), range), { vpc: "vpc-2" });
    });

    it("is refused where nothing says which VPC the state has, with the commands", () => {
        for (const several of [
            seen(["vpc-1", false], ["vpc-2", false]),
            seen(["vpc-1", true], ["vpc-2", true], ["vpc-3", false]),
        ]) {
            const found = vpcToTake(several, range);
            assert.ok("problem" in found);
            assert.match(found.problem, /10\.20\.0\.0\/16.*pulumi stack --show-ids.*delete-vpc --vpc-id vpc-2/);
        }
    });

    it("is taken over where one fits, and made anew where several do", () => {
        assert.deepEqual([onlyOne([]), onlyOne(["a"]), onlyOne(["a", "b"])], [undefined, "a", undefined]);
    });

    it("is said by its ids", () => {
        assert.deepEqual(idsLeft({ subnets: {} }), []);
        assert.deepEqual(idsLeft({ vpc: "vpc-1", subnets: { [range]: "subnet-1" }, subnetGroup: "group" }), [
            ...["vpc-1", "subnet-1", "group"],
        ]);
    });
});
