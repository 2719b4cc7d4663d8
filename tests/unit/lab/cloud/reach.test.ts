// Who reaches whom by the route tables, read from the router's own rules, and what AWS refuses of a route. Does not prove that nftables reads them
// so (make lab-test).
import assert from "node:assert/strict";
import type { Route } from "../../../../lab/cloud/api";
import { contains } from "../../../../lab/cloud/network/addresses";
import { companyGateway, reachRules, vpcPeering } from "../../../../lab/cloud/network/reach";
import { emptyNetwork, type NetworkRecords } from "../../../../lab/cloud/network/records";
import { routeHandlers } from "../../../../lab/cloud/network/routes";
import type { CloudContext, Handlers } from "../../../../lab/cloud/service";
import { completed } from "../../../../lab/cloud/thingKinds";
import { CloudError, type Thing } from "../../../../lab/cloud/api";
import { addresses } from "../../../../lab/paths";

const vpcAttachment = "aws:ec2transitgateway/vpcAttachment:VpcAttachment";
const host = "10.20.1.10";

/** Two VPCs; the first with a private subnet and one that may become public. */
class Network {
    readonly records: NetworkRecords = emptyNetwork();
    readonly things: Record<string, Thing> = {};
    readonly handlers: Required<Pick<Handlers, "CreateRoute" | "CreateRouteTable" | "AssociateRouteTable">> & Handlers;
    private count = 0;

    constructor() {
        const context = {
            things: this.things,
            newId: (kind: string) => `${kind}-${(this.count += 1)}`,
            applyRoutes: async () => undefined,
        } as unknown as CloudContext;
        this.handlers = routeHandlers(context, this.records) as Network["handlers"];
        for (const [vpcId, cidrBlock] of [
            ["vpc-1", "10.20.0.0/16"],
            ["vpc-2", "10.10.0.0/16"],
        ]) {
            const born = { defaultSecurityGroupId: "sg", mainRouteTableId: `rtb-main-${vpcId}` };
            const dns = { enableDnsHostnames: true, enableDnsSupport: true };
            this.records.vpcs[vpcId] = { vpcId, cidrBlock, ...dns, tags: {}, ...born };
        }
        this.subnet("private", "vpc-1", "10.20.1.0/24");
        this.subnet("public", "vpc-1", "10.20.0.0/28");
        this.subnet("other", "vpc-2", "10.10.1.0/24");
    }

    private subnet(subnetId: string, vpcId: string, cidrBlock: string): void {
        this.records.subnets[subnetId] = { subnetId, vpcId, cidrBlock, availabilityZone: "us-east-1a", tags: {} };
    }

    thing(type: string, properties: Record<string, unknown>): string {
        const id = `thing-${Object.keys(this.things).length}`;
        this.things[id] = completed(type, id, properties, { subnets: {} });
        return id;
    }

    attach(vpcId: string): void {
        this.thing(vpcAttachment, { vpcId, transitGatewayId: companyGateway });
    }

    async table(subnetId: string, ...routes: Omit<Route, "routeTableId">[]): Promise<string> {
        const { vpcId } = this.records.subnets[subnetId];
        const { routeTableId } = await this.handlers.CreateRouteTable({ vpcId, tags: {} });
        for (const route of routes) await this.handlers.CreateRoute({ routeTableId, ...route });
        await this.handlers.AssociateRouteTable({ routeTableId, subnetId });
        return routeTableId;
    }

    /** A NAT gateway in the second subnet, whose table leads to an internet gateway, or nowhere. */
    async nat(isPublic: boolean): Promise<string> {
        const gatewayId = this.thing("aws:ec2/internetGateway:InternetGateway", { vpcId: "vpc-1" });
        await this.table("public", ...(isPublic ? [{ destinationCidrBlock: "0.0.0.0/0", gatewayId }] : []));
        return this.thing("aws:ec2/natGateway:NatGateway", { subnetId: "public" });
    }

    reaches(from: string, to: string): boolean {
        for (const rule of reachRules(this.records, this.things)) {
            const [, saddr, daddr, rest] = /^ip saddr (\{[^}]*\}|\S+) ip daddr (\{[^}]*\}|\S+) (.*)$/.exec(rule) ?? [];
            assert.ok(rest, `not understood: ${rule}`);
            const among = (text: string, address: string) =>
                text
                    .replace(/[{}\s]/g, "")
                    .split(",")
                    .some((range) => contains(range.includes("/") ? range : `${range}/32`, `${address}/32`));
            if (rest.includes("dport 53")) continue;
            if (among(saddr, from) && among(daddr, to)) return rest === "accept";
        }
        return false;
    }
}

const everywhere = { destinationCidrBlock: "0.0.0.0/0" };
const toOperators = { destinationCidrBlock: "10.0.0.0/24", transitGatewayId: companyGateway };

describe("who reaches whom", () => {
    it("is everybody within a VPC, and nobody else, where no route leads out", async () => {
        const network = new Network();
        await network.table("private");
        assert.ok(network.reaches(host, "10.20.0.5"));
        for (const outsider of [addresses.operator, addresses.users, addresses.repository, "10.10.1.10"]) {
            assert.ok(!network.reaches(host, outsider), outsider);
            assert.ok(!network.reaches(outsider, host), outsider);
        }
    });

    it("is asked of the subnet's own table: the main one leads nowhere", async () => {
        const network = new Network();
        network.attach("vpc-1");
        const { routeTableId } = await network.handlers.CreateRouteTable({ vpcId: "vpc-1", tags: {} });
        await network.handlers.CreateRoute({ routeTableId, ...toOperators });
        assert.ok(!network.reaches(addresses.operator, host));
        await network.handlers.AssociateRouteTable({ routeTableId, subnetId: "private" });
        assert.ok(network.reaches(addresses.operator, host) && network.reaches(host, addresses.operator));
        assert.ok(!network.reaches(addresses.users, host));
    });

    it("never leads from one VPC to another by the company's transit gateway", async () => {
        const network = new Network();
        for (const [subnet, vpc] of [
            ["private", "vpc-1"],
            ["other", "vpc-2"],
        ]) {
            network.attach(vpc);
            await network.table(subnet, { ...everywhere, transitGatewayId: companyGateway });
        }
        assert.ok(network.reaches(host, addresses.repository) && network.reaches(addresses.users, host));
        assert.ok(!network.reaches(host, "10.10.1.10") && !network.reaches("10.10.1.10", host));
    });

    it("goes to the internet, and not back, by a NAT gateway whose own subnet leads there", async () => {
        const [good, bad] = [new Network(), new Network()];
        await good.table("private", { ...everywhere, natGatewayId: await good.nat(true) });
        await bad.table("private", { ...everywhere, natGatewayId: await bad.nat(false) });
        assert.ok(good.reaches(host, addresses.repository));
        assert.ok(!good.reaches(addresses.repository, host));
        assert.ok(!good.reaches(host, addresses.operator));
        assert.ok(!bad.reaches(host, addresses.repository));
    });

    it("is decided by the most specific route", async () => {
        const network = new Network();
        network.attach("vpc-1");
        const natGatewayId = await network.nat(true);
        await network.table("private", { ...everywhere, natGatewayId }, toOperators);
        assert.ok(network.reaches(addresses.operator, host) && network.reaches(host, addresses.repository));
        const blind = new Network();
        blind.attach("vpc-1");
        const nat = await blind.nat(true);
        await blind.table(
            "private",
            { ...everywhere, transitGatewayId: companyGateway },
            { destinationCidrBlock: "10.0.0.0/24", natGatewayId: nat },
        );
        assert.ok(!blind.reaches(addresses.operator, host), "a NAT gateway leads nobody in");
        assert.ok(blind.reaches(addresses.users, host));
    });

    it("goes to another VPC, and back, by a peering connection that tables of both sides lead to", async () => {
        const peered = async (there: boolean): Promise<Network> => {
            const network = new Network();
            network.attach("vpc-2");
            const vpcPeeringConnectionId = network.thing(vpcPeering, { vpcId: "vpc-1", peerVpcId: "vpc-2" });
            await network.table("private", { destinationCidrBlock: "10.10.0.0/16", vpcPeeringConnectionId });
            // Production's way out is a default route, which is no way back.
            const out = { ...everywhere, transitGatewayId: companyGateway };
            const back = { destinationCidrBlock: "10.20.0.0/16", vpcPeeringConnectionId };
            await network.table("other", ...(there ? [out, back] : [out]));
            return network;
        };
        const both = await peered(true);
        assert.ok(both.reaches(host, "10.10.1.10") && both.reaches("10.10.1.10", host));
        assert.ok(!both.reaches("10.20.0.5", "10.10.1.10"), "a subnet whose table has no such route");
        assert.ok(both.reaches("10.10.1.10", addresses.users), "what it reached before");
        const one = await peered(false);
        assert.ok(!one.reaches(host, "10.10.1.10") && !one.reaches("10.10.1.10", host));
        for (const [id, { type }] of Object.entries(both.things)) if (type === vpcPeering) delete both.things[id];
        assert.ok(!both.reaches(host, "10.10.1.10"), "a connection that is gone");
    });

    it("is everybody, but no other VPC, where a program of before there were routes is tried", async () => {
        const network = new Network();
        await network.handlers.OpenRoutes?.({ open: true });
        assert.ok(network.reaches(addresses.operator, host) && network.reaches(host, addresses.repository));
        assert.ok(!network.reaches(host, "10.10.1.10"));
    });
});

describe("a route", () => {
    const refusal = async (work: Promise<unknown>): Promise<string> =>
        work.then(
            () => "taken",
            (error: CloudError) => `${error.code}: ${error.message}`,
        );

    it("is refused in AWS's words", async () => {
        const network = new Network();
        const { CreateRoute } = network.handlers;
        network.attach("vpc-1");
        const routeTableId = await network.table("private", toOperators);
        const gateway = network.thing("aws:ec2/internetGateway:InternetGateway", { vpcId: "vpc-2" });
        const tried = (route: Partial<Route>) => refusal(CreateRoute({ routeTableId, ...everywhere, ...route }));
        const inside = { destinationCidrBlock: "10.20.0.2/32", transitGatewayId: companyGateway };
        assert.match(
            await tried(inside),
            /InvalidParameterValue: The destination CIDR block 10\.20\.0\.2\/32 is equal to or more specific than one of this VPC's CIDR blocks\. This route can target only an interface or an instance\./,
        );
        assert.match(await tried({ ...inside, destinationCidrBlock: "10.20.0.0/16" }), /equal to or more specific/);
        assert.match(await tried(toOperators), /RouteAlreadyExists/);
        assert.match(await tried({ natGatewayId: "nat-1" }), /InvalidNatGatewayID\.NotFound/);
        assert.match(await tried({ gatewayId: gateway }), /belong to different networks/);
        assert.match(await tried({ transitGatewayId: "tgw-1" }), /InvalidTransitGatewayID\.NotFound/);
        const elsewhere = network.thing(vpcPeering, { vpcId: "vpc-2", peerVpcId: "vpc-3" });
        for (const vpcPeeringConnectionId of ["pcx-1", elsewhere])
            assert.match(await tried({ vpcPeeringConnectionId }), /InvalidVpcPeeringConnectionID\.NotFound/);
        assert.match(await tried({}), /InvalidParameterCombination/);
        assert.equal(await tried({ transitGatewayId: companyGateway }), "taken");
    });

    it("leads by a transit gateway only from a VPC that is attached to it", async () => {
        const network = new Network();
        const { routeTableId } = await network.handlers.CreateRouteTable({ vpcId: "vpc-1", tags: {} });
        const route = { routeTableId, ...toOperators };
        assert.match(await refusal(network.handlers.CreateRoute(route)), /InvalidTransitGatewayID\.NotFound/);
    });
});
