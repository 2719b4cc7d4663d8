// What the program asks of the parts of a network that may have been left, and what it makes of an answer. The provider is played: shapes and words are
// those of its data sources (named in cloud/leftNetwork.ts).
import assert from "node:assert/strict";
import {
    attachmentOf,
    gatewayOf,
    isOwnSubnetGroup,
    natGatewaysOf,
    NetworkQuestions,
    networkQuestions,
    subnetsOf,
    vpcsOf,
} from "../../../cloud/leftNetwork";

const tags = { Project: "acme", Environment: "staging", ManagedBy: "pulumi" };
const asked: unknown[] = [];
const played = (answers: Partial<Record<keyof NetworkQuestions, object | Error>>): NetworkQuestions =>
    Object.fromEntries(
        Object.keys(networkQuestions).map((name) => [
            name,
            async (args: unknown) => {
                asked.push(args);
                const found = answers[name as keyof NetworkQuestions];
                if (found instanceof Error) throw found;
                return found ?? {};
            },
        ]),
    ) as unknown as NetworkQuestions;

describe("what is left of a network, as the cloud has it", () => {
    beforeEach(() => asked.splice(0));

    it("is asked for by tags and place, and a list that is not there is an empty one", async () => {
        assert.deepEqual(await vpcsOf(tags, "10.20.0.0/16", played({ vpcs: { ids: ["vpc-2", "vpc-1"] } })), [
            ...["vpc-1", "vpc-2"],
        ]);
        assert.deepEqual(await subnetsOf(tags, "vpc-1", "10.20.1.0/24", played({})), []);
        assert.deepEqual(await natGatewaysOf(tags, "vpc-1", "subnet-1", played({ natGateways: { ids: [] } })), []);
        assert.deepEqual(asked, [
            { tags, filters: [{ name: "cidr", values: ["10.20.0.0/16"] }] },
            {
                tags,
                filters: [
                    { name: "vpc-id", values: ["vpc-1"] },
                    { name: "cidr-block", values: ["10.20.1.0/24"] },
                ],
            },
            {
                tags,
                vpcId: "vpc-1",
                filters: [
                    { name: "subnet-id", values: ["subnet-1"] },
                    { name: "state", values: ["pending", "available"] },
                ],
            },
        ]);
    });

    it("is not there by the provider's words, and by the service's", async () => {
        const gateway = new Error("no matching EC2 Internet Gateway found");
        assert.equal(await gatewayOf(tags, "vpc-1", played({ gateway })), undefined);
        for (const words of ["no matching RDS DB Subnet Group found", "api error DBSubnetGroupNotFoundFault: none"]) {
            assert.equal(await isOwnSubnetGroup(tags, "group", played({ subnetGroup: new Error(words) })), false);
        }
    });

    it("is not taken for gone where it may not be asked", async () => {
        const denied = new Error("UnauthorizedOperation: not authorized to perform: ec2:DescribeInternetGateways");
        await assert.rejects(gatewayOf(tags, "vpc-1", played({ gateway: denied })), /UnauthorizedOperation/);
        await assert.rejects(vpcsOf(tags, "10.20.0.0/16", played({ vpcs: denied })), /UnauthorizedOperation/);
    });

    it("is this stack's by tags that are asked for singly, where no filter knows them", async () => {
        const attachment = (found: object) =>
            attachmentOf(
                tags,
                "vpc-1",
                "tgw-1",
                played({ attachments: { ids: ["a-1"] }, attachment: { tags: found } }),
            );
        assert.equal(await attachment({ ...tags, team: "data" }), "a-1");
        assert.equal(await attachment({ ...tags, Environment: "prod" }), undefined);
        const group = (found: object[]) =>
            isOwnSubnetGroup(
                tags,
                "group",
                played({ subnetGroup: { name: "group" }, resource: { properties: JSON.stringify({ Tags: found }) } }),
            );
        const own = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        assert.deepEqual([await group(own), await group(own.slice(1))], [true, false]);
    });
});
