// An `up` of an environment that was killed while its network was made, and the next one, through index.ts: what is looked up, what is imported, what is
// refused. That the engine takes it over, and leaves alone what it has, is the real engine's part (lab/faults, row `install-struck`).
import assert from "node:assert/strict";
import { natGatewayReady } from "../../components/natGatewayReady";
import { Installation } from "./installation";
import type { Recording } from "./recorder";
import { shapes } from "./shapes";

/** What is in the state by the id that it is imported by, and can be there only once. */
const taken = [
    "aws:ec2/vpc:Vpc",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/eip:Eip",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
    "aws:rds/subnetGroup:SubnetGroup",
];
const network = { "posit:network": { ...ownNetwork(), natSubnetCidr: "10.20.0.0/24" } };

function ownNetwork(): object {
    return {
        vpcCidr: "10.20.0.0/16",
        zones: ["us-east-1a", "us-east-1b"],
        subnetCidrs: ["10.20.1.0/24", "10.20.2.0/24"],
        operatorCidrs: ["10.8.0.0/24"],
        userCidrs: ["10.9.0.0/16"],
        packageCidrs: ["10.7.0.10/32"],
        transitGatewayId: "tgw-0a1b2c3d4e5f67890",
    };
}

describe("a network that a killed `up` has left", function () {
    this.timeout(120_000);
    let installation: Installation;
    let first: Recording;

    before(async () => {
        installation = await Installation.of(shapes.plain);
        await installation.up("prod");
        first = await ran();
    });
    after(() => installation.stop());

    /** As after a kill: the cloud has what was made, and the stack has published nothing. */
    async function ran({ preview = false } = {}): Promise<Recording> {
        const { published } = installation;
        const up = await installation.up("staging", network, { preview });
        installation.published = published;
        if (up.refused !== undefined) throw new Error(up.refused);
        return up.recording;
    }

    const imported = ({ registrations }: Recording) =>
        registrations.filter(
            ({ importId, type }) => importId !== "" && importId !== undefined && type !== "aws:rds/instance:Instance",
        );

    it("is imported by its ids, by a preview and by the next `up`; the first one imports nothing", async () => {
        assert.deepEqual(imported(first), []);
        for (const preview of [true, false]) {
            const again = imported(await ran({ preview }));
            assert.deepEqual([...new Set(again.map(({ type }) => type))].sort(), [...taken].sort());
            assert.equal(again.length, taken.length + 2, "three subnets, and one of each other");
            for (const { importId, name } of again) {
                assert.equal(importId, first.registrations.find((one) => one.name === name)?.id);
            }
        }
    });

    it("is imported as far as it is there", async () => {
        const { cloud } = installation;
        const before = cloud.network;
        cloud.network = before.filter(({ type, id }) => type === taken[0] || /subnet-1/.test(id));
        const names = imported(await ran({ preview: true })).map(({ name }) => name);
        cloud.network = before;
        assert.deepEqual(names.sort(), ["network-subnet-1", "network-vpc"]);
    });

    it("is left alone where it lacks a tag of this stack", async () => {
        const { cloud } = installation;
        const before = cloud.network;
        cloud.network = before.map((part) => ({ ...part, tags: { ...part.tags, Environment: "other" } }));
        const again = imported(await ran({ preview: true }));
        cloud.network = before;
        assert.deepEqual(again, []);
    });

    it("is refused before anything is registered where nothing says which VPC it is", async () => {
        const { cloud } = installation;
        const before = cloud.network;
        const vpc = before.find(({ type }) => type === taken[0])!;
        cloud.network = [vpc, { ...vpc, id: "vpc-other" }];
        const up = await installation.up("staging", network);
        cloud.network = before;
        assert.ok(up.refused !== undefined && up.plainly && up.registered === 0, up.refused);
        assert.match(up.refused, /left 2 VPCs .*pulumi stack --show-ids.*delete-vpc --vpc-id vpc-other/);
    });

    it("goes on with the VPC that has subnets, of several", async () => {
        const { cloud } = installation;
        const vpc = cloud.network.find(({ type }) => type === taken[0])!;
        cloud.network.unshift({ ...vpc, id: "vpc-another" });
        const again = imported(await ran({ preview: true }));
        cloud.network.shift();
        assert.equal(again.find(({ type }) => type === taken[0])?.importId, vpc.id);
    });

    it("is not looked for once the stack has published", async () => {
        const { published, cloud } = installation;
        await installation.up("staging", network);
        cloud.asked = [];
        const again = await installation.up("staging", network);
        installation.published = published;
        assert.ok(again.refused === undefined);
        assert.deepEqual([imported(again.recording), cloud.asked], [[], []]);
    });
});

describe("waiting for a NAT gateway", () => {
    const says = (...states: (string | Error)[]) => {
        const left = [...states];
        let asked = 0;
        return (state: string) => {
            const now = left.length > 1 && asked++ % 2 === 1 ? left.shift()! : left[0];
            return now instanceof Error ? Promise.reject(now) : Promise.resolve(now === state);
        };
    };

    it("goes on while it is made, and over a question that went wrong", async () => {
        const is = says("pending", new Error("connection reset"), "available");
        assert.equal(await natGatewayReady("nat-1", { pause: 1, is }), "nat-1");
    });

    it("ends where it came to nothing, and where nobody may ask any longer", async () => {
        await assert.rejects(natGatewayReady("nat-1", { pause: 1, is: says("failed") }), /delete-nat-gateway/);
        const denied = new Error("UnauthorizedOperation: ec2:DescribeNatGateways");
        await assert.rejects(natGatewayReady("nat-1", { pause: 1, is: says(denied) }), /UnauthorizedOperation/);
    });
});
