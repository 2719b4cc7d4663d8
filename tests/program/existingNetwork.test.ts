// An environment in a network that is there: what is made in it, what its hosts try before any product is installed, and that none is moved there.
// Does not prove what AWS lets through.
import assert from "node:assert/strict";
import { byProduct, products } from "../../products";
import { existingNetwork, Installation } from "./installation";
import { networkThere } from "./playedCloud";
import type { Recording } from "./recorder";
import { shapes } from "./shapes";
import type { Changes } from "./templates";

const there: Changes = { "posit:network": existingNetwork };

describe("an environment in a network that is there", function () {
    this.timeout(120_000);
    let installation: Installation;
    before(async () => {
        installation = await Installation.of(shapes.plain, {});
        await recorded("prod", {});
    });
    after(() => installation.stop());

    async function recorded(stack: "staging" | "prod", changes: Changes): Promise<Recording> {
        const ran = await installation.up(stack, changes);
        assert.equal(ran.refused, undefined, ran.refused);
        return (ran as Extract<typeof ran, { refused: undefined }>).recording;
    }
    const isolating = ({ registrations }: Recording) => registrations.filter(({ name }) => /-isolation$/.test(name));

    it("makes only security groups in it, and stands in its subnets", async () => {
        const { registrations } = await recorded("staging", there);
        const types = new Set(registrations.map(({ type }) => type.split("/").pop()));
        for (const type of ["Vpc", "Subnet", "RouteTable", "Route", "VpcAttachment", "NatGateway"]) {
            assert.ok(![...types].some((made) => made === `${type[0].toLowerCase()}${type.slice(1)}:${type}`), type);
        }
        const groups = registrations.filter(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup");
        assert.deepEqual(
            groups.map(({ inputs }) => inputs.vpcId),
            Array(4).fill(networkThere.vpcId),
        );
        const instances = registrations.filter(({ type }) => type === "aws:ec2/instance:Instance");
        assert.deepEqual(
            instances.map(({ inputs }) => inputs.subnetId),
            Array(3).fill(networkThere.subnetIds[0]),
        );
        const [subnets] = registrations.filter(({ type }) => type === "aws:rds/subnetGroup:SubnetGroup");
        assert.deepEqual(subnets.inputs.subnetIds, networkThere.subnetIds);
        const volumes = registrations.filter(({ type }) => type === "aws:ebs/volume:Volume");
        assert.ok(volumes.length > 0 && volumes.every(({ inputs }) => inputs.availabilityZone === "us-east-1a"));
        const { placed } = installation.published.staging.contract;
        const { vpcId, subnetIds } = networkThere;
        assert.deepEqual(placed, { zone: "us-east-1a", subnetId: subnetIds[0], vpcId });
    });

    it("has hosts refuse a public address where their subnet gives one, and nowhere else", async () => {
        const told = async () =>
            (await recorded("staging", there)).registrations
                .filter(({ type }) => type === "aws:ec2/instance:Instance")
                .map(({ inputs }) => inputs.associatePublicIpAddress);
        assert.deepEqual(await told(), [undefined, undefined, undefined]);
        installation.cloud.publicSubnets = true;
        assert.deepEqual(await told(), [false, false, false]);
        installation.cloud.publicSubnets = false;
    });

    it("has every host try production's addresses before any product is installed", async () => {
        const recording = await recorded("staging", there);
        const tried = isolating(recording);
        assert.deepEqual(
            tried.map(({ name }) => name).sort(),
            byProduct(products)
                .map(([, { slug }]) => `${slug}-isolation`)
                .sort(),
        );
        const { addresses } = installation.published.prod.contract as { addresses: Record<string, string[]> };
        for (const { inputs } of tried) {
            for (const address of Object.values(addresses).flat()) {
                assert.ok(String(inputs.stdin).includes(address), address);
            }
            assert.ok(String(inputs.stdin).includes("acme-db.rds.example.com"), "its database server");
            // Once for each content: what an environment that serves may reach by now is no longer asked.
            assert.equal((inputs.triggers as string[])[1], "blank");
        }
        for (const [, { slug }] of byProduct(products)) {
            const waits = recording.registrations.find(({ name }) => name === `${slug}-product-install`)!;
            assert.equal(waits.dependencies.filter((urn) => urn.endsWith("-isolation")).length, 3, slug);
        }
    });

    it("is refused while production has not said where it is, and goes on once it stands", async () => {
        const { prod, ...others } = installation.published;
        const { databaseServers, ...contract } = prod.contract;
        assert.ok(databaseServers);
        installation.published = { ...others, prod: { ...prod, contract } };
        await recorded("staging", there);
        installation.published = { prod: { ...prod, contract } };
        const ran = await installation.up("staging", there);
        assert.match(ran.refused ?? "", /\[isolation\] .*not published where production's database servers can be/);
        installation.published = { ...others, prod };
    });

    it("tries nothing where a person accepts that, nor in a network of its own", async () => {
        const overrides = [{ gate: "isolation", reason: "agreed with the network's owners" }];
        assert.deepEqual(isolating(await recorded("staging", { ...there, "posit:overrides": overrides })), []);
        installation.published = { prod: installation.published.prod } as typeof installation.published;
        assert.deepEqual(isolating(await recorded("staging", {})), []);
    });

    it("is not moved there from a network of its own", async () => {
        const ran = await installation.up("staging", there);
        assert.match(
            ran.refused ?? "",
            /\[network\] posit:network: this environment stands in its own VPC .* moved to vpc-/,
        );
    });

    it("is refused with what is wrong with the network, before anything is registered", async () => {
        const existing = { vpcId: "vpc-0a1b2c3d4e5f67899", subnetIds: networkThere.subnetIds };
        const ran = await installation.up("staging", { "posit:network": { ...existingNetwork, existing } });
        assert.match(
            ran.refused ?? "",
            /can't be built in that network:\n {2}- .*subnet-0a1b2c3d belongs to vpc-0a1b2c3d4e5f67891/,
        );
    });
});
