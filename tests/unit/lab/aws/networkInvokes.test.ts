// The lab's look-ups of a network that is there, by the program's own words (cloud/existingNetwork.ts, cloud/leftNetwork.ts), against a cloud that has
// one. The cloud is played at its socket; the real one is lab/cloud (make lab-test).
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as http from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { existingNetwork } from "../../../../cloud/existingNetwork";
import * as left from "../../../../cloud/leftNetwork";
import { invokes } from "../../../../lab/aws/invokes";
import { networkInvokes } from "../../../../lab/aws/networkInvokes";

const there: Record<string, object> = {
    "vpc-1": {
        ...{ vpcId: "vpc-1", cidrBlock: "10.30.0.0/16", tags: {}, defaultSecurityGroupId: "sg-1" },
        ...{ enableDnsSupport: true, enableDnsHostnames: true, mainRouteTableId: "rtb-1" },
    },
    "subnet-1": {
        ...{ subnetId: "subnet-1", vpcId: "vpc-1", tags: {} },
        ...{ cidrBlock: "10.30.1.0/24", availabilityZone: "us-east-1a" },
    },
};

const tags = { Project: "acme", Environment: "staging", ManagedBy: "pulumi" };
const thing = (id: string, properties: object) => ({ id, properties: { ...properties, tags } });
/** What a run has left, by type; a VPC of others has the same range. */
const things: Record<string, object[]> = {
    "aws:ec2/internetGateway:InternetGateway": [thing("igw-1", { vpcId: "vpc-1" })],
    "aws:ec2/eip:Eip": [thing("eipalloc-1", {})],
    "aws:ec2/natGateway:NatGateway": [thing("nat-1", { subnetId: "subnet-1" })],
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": [
        thing("tgw-attach-1", { vpcId: "vpc-1", transitGatewayId: "tgw-1" }),
    ],
    "aws:rds/subnetGroup:SubnetGroup": [thing("acme-subnets", { name: "acme-subnets" })],
};
const listed: Record<string, (request: { type?: string }) => object> = {
    DescribeVpcs: () => ({
        vpcs: [
            { ...there["vpc-1"], tags },
            { ...there["vpc-1"], vpcId: "vpc-2" },
        ],
    }),
    DescribeSubnets: () => ({ subnets: [{ ...there["subnet-1"], tags }] }),
    DescribeThings: ({ type }) => ({ things: things[String(type)] ?? [] }),
};

describe("the lab's look-ups of a network", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lab-cloud-"));
    const socket = path.join(folder, "socket");
    const earlier = process.env.POSIT_LAB_CLOUD;
    const server = http.createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
            const { action, request: asked } = JSON.parse(Buffer.concat(chunks).toString()) as {
                action: string;
                request: object;
            };
            const [id] = Object.values(asked) as string[];
            const found = listed[action]?.(asked) ?? there[id];
            response.statusCode = found ? 200 : 400;
            response.end(JSON.stringify(found ?? { code: "InvalidSubnetID.NotFound", message: `no ${id}` }));
        });
    });
    before((done) => {
        process.env.POSIT_LAB_CLOUD = socket;
        server.listen(socket, done);
    });
    after(() => {
        server.close();
        fs.rmSync(folder, { recursive: true });
        if (earlier === undefined) delete process.env.POSIT_LAB_CLOUD;
        else process.env.POSIT_LAB_CLOUD = earlier;
    });

    it("answer what the program asks, and the provider's words for what is not there", async () => {
        const ask = (name: string) => async (args?: { id?: string }) =>
            networkInvokes[`aws:ec2/${name}:${name}`]({ id: args?.id }, {});
        const found = await existingNetwork({ vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"] }, {
            getVpc: ask("getVpc"),
            getSubnet: ask("getSubnet"),
        } as unknown as Parameters<typeof existingNetwork>[1]);
        assert.deepEqual(found, {
            vpc: { cidrs: ["10.30.0.0/16"], dnsSupport: true },
            subnets: [
                { id: "subnet-1", found: { vpcId: "vpc-1", zone: "us-east-1a", publicAddresses: false } },
                { id: "subnet-2", found: undefined },
            ],
        });
    });

    const ask = Object.fromEntries(
        [
            ...["vpcs:ec2/getVpcs", "subnets:ec2/getSubnets", "gateway:ec2/getInternetGateway"],
            ...["addresses:ec2/getEips", "natGateways:ec2/getNatGateways", "subnetGroup:rds/getSubnetGroup"],
            ...["attachments:ec2transitgateway/getVpcAttachments", "attachment:ec2transitgateway/getVpcAttachment"],
            ...["resource:cloudcontrol/getResource"],
        ].map((pair) => {
            const [name, token] = pair.split(":");
            return [
                name,
                (args: object) => invokes[`aws:${token}:${token.split("/")[1]}`](args as Record<string, never>, {}),
            ];
        }),
    ) as unknown as left.NetworkQuestions;

    it("find what a run has left, by tags and place", async () => {
        assert.deepEqual(await left.vpcsOf(tags, "10.30.0.0/16", ask), ["vpc-1"]);
        assert.deepEqual(await left.subnetsOf(tags, "vpc-1", "10.30.1.0/24", ask), ["subnet-1"]);
        assert.equal(await left.gatewayOf(tags, "vpc-1", ask), "igw-1");
        assert.deepEqual(await left.addressesOf(tags, ask), ["eipalloc-1"]);
        assert.deepEqual(await left.natGatewaysOf(tags, "vpc-1", "subnet-1", ask), ["nat-1"]);
        assert.equal(await left.attachmentOf(tags, "vpc-1", "tgw-1", ask), "tgw-attach-1");
        assert.equal(await left.isOwnSubnetGroup(tags, "acme-subnets", ask), true);
        assert.deepEqual(
            [await left.natGatewayIs("pending", "nat-1", ask), await left.natGatewayIs("available", "nat-1", ask)],
            [false, true],
        );
    });

    it("find nothing where nothing fits, and refuse a filter that EC2 does not know", async () => {
        const others = { ...tags, Environment: "other" };
        assert.deepEqual(await left.vpcsOf(others, "10.30.0.0/16", ask), []);
        assert.deepEqual(await left.subnetsOf(tags, "vpc-2", undefined, ask), []);
        assert.equal(await left.gatewayOf(tags, "vpc-2", ask), undefined);
        assert.equal(await left.attachmentOf(others, "vpc-1", "tgw-1", ask), undefined);
        assert.deepEqual(
            [await left.isOwnSubnetGroup(others, "acme-subnets", ask), await left.isOwnSubnetGroup(tags, "no", ask)],
            [false, false],
        );
        await assert.rejects(
            async () => ask.vpcs({ filters: [{ name: "cidr-range", values: [] }] }),
            /filter 'cidr-range' is invalid/,
        );
    });
});
