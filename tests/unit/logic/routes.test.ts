// The routes of a network of its own: whatever ranges a configuration names, a route leads to each that a rule opens, and EC2 takes every one.
// Proves the plan. Does not prove that a transit gateway's other side leads back.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { OwnNetwork } from "../../../config/network";
import { answeringOf } from "../../../logic/publicEndpoints";
import { isPrivate, isWithin, Range, rangesOf, showAddress } from "../../../logic/ranges";
import { plannedRoutes, unrouted } from "../../../logic/routes";
import { plannedRules } from "../../../logic/securityRules";
import { environmentConfig, ownPlace } from "../../program/world";

const base: OwnNetwork = {
    ...ownPlace(environmentConfig.network).network,
    operatorCidrs: ["10.8.0.0/24"],
    userCidrs: ["10.9.0.0/16"],
};
const transit = "tgw-0a1b2c3d4e5f67890";

const rulesOf = (network: OwnNetwork, names = environmentConfig.names, front?: string) =>
    plannedRules({ ...network, sshPort: 22, answering: answeringOf({ names, front }, undefined) });
const routesOf = (change: Partial<OwnNetwork>) =>
    plannedRoutes({ ...base, ...change }).map(({ destination, via }) => `${destination} ${via}`);

/** Near the VPC's range and the private ones' ends, so that they meet often. */
const anyRange = fc
    .tuple(
        fc.constantFrom(
            10 * 2 ** 24 + 20 * 2 ** 16,
            10 * 2 ** 24,
            9 * 2 ** 24,
            172 * 2 ** 24 + 16 * 2 ** 16,
            8 * 2 ** 24,
        ),
        fc.integer({ min: 0, max: 2 ** 18 }),
        fc.integer({ min: 8, max: 32 }),
    )
    .map(([start, offset, prefix]) => {
        const size = 2 ** (32 - prefix);
        return `${showAddress(Math.floor((start + offset) / size) * size)}/${prefix}`;
    });
const anyList = fc.uniqueArray(anyRange, { maxLength: 5 });
const anyNetwork = fc.record({
    operatorCidrs: anyList,
    userCidrs: anyList,
    packageCidrs: anyList,
    storageCidrs: anyList,
    dnsCidrs: anyList,
    natSubnetCidr: fc.option(fc.constant("10.20.0.0/24"), { nil: undefined }),
});

describe("the routes of an own network", () => {
    it("lead to every range that a rule names, each once, and none into the VPC", () => {
        fc.assert(
            fc.property(anyNetwork, (change) => {
                const network = { ...base, ...change, transitGatewayId: transit };
                const routes = plannedRoutes(network);
                const destinations = routes.map(({ destination }) => destination);
                const inward = routes.filter(({ via }) => via === "transit").map(({ destination }) => destination);
                const led = rangesOf([network.vpcCidr, ...inward]);
                for (const { cidr, description, direction } of rulesOf(network)) {
                    const [range] = cidr === undefined ? [] : rangesOf([cidr]);
                    const byNat = direction === "egress" && destinations.includes("0.0.0.0/0");
                    assert.ok(
                        !range || led.some((block) => isWithin(range, block)) || (byNat && !isPrivate(range)),
                        `${cidr} (${description}) is not led to by ${destinations.join()}`,
                    );
                }
                assert.deepEqual(unrouted(network, rulesOf(network)), []);
                assert.equal(new Set(destinations).size, destinations.length);
                const [vpc] = rangesOf([network.vpcCidr]);
                assert.ok(rangesOf(destinations).every((destination) => !isWithin(destination, vpc)));
            }),
        );
    });

    it("lead to private package ranges by the transit gateway, with NAT too, and to no other by both", () => {
        fc.assert(
            fc.property(anyNetwork, (change) => {
                const network = { ...base, ...change, transitGatewayId: transit };
                const [vpc] = rangesOf([network.vpcCidr]);
                const others = [change.operatorCidrs, change.userCidrs, change.storageCidrs, change.dnsCidrs].flat();
                const byTransit = plannedRoutes(network).filter(({ via }) => via === "transit");
                for (const cidr of change.packageCidrs.filter((one) => !others.includes(one))) {
                    const [range] = rangesOf([cidr]) as [Range];
                    assert.equal(
                        byTransit.some(({ destination }) => destination === cidr),
                        !isWithin(range, vpc) && (change.natSubnetCidr === undefined || isPrivate(range)),
                    );
                }
            }),
        );
    });

    it("are the template's: none to the VPC's own resolver, one to the mirrors", () => {
        const template = { dnsCidrs: ["10.20.0.2/32"], packageCidrs: ["10.7.0.10/32"], transitGatewayId: transit };
        assert.deepEqual(routesOf(template), ["10.8.0.0/24 transit", "10.9.0.0/16 transit", "10.7.0.10/32 transit"]);
        assert.deepEqual(routesOf({ ...template, natSubnetCidr: "10.20.0.0/24" }), [
            "10.8.0.0/24 transit",
            "10.9.0.0/16 transit",
            "10.7.0.10/32 transit",
            "0.0.0.0/0 nat",
        ]);
    });

    it("are one for a range in several lists, and one for a range within another", () => {
        const change = { userCidrs: ["10.8.0.0/24", "10.8.0.0/16"], storageCidrs: ["10.8.0.0/24"] };
        assert.deepEqual(routesOf({ ...change, transitGatewayId: transit }), [
            "10.8.0.0/24 transit",
            "10.8.0.0/16 transit",
        ]);
    });

    it("without a transit gateway lead nobody in, and to no private mirror", () => {
        const network = {
            ...base,
            transitGatewayId: undefined,
            natSubnetCidr: "10.20.0.0/24",
            packageCidrs: ["0.0.0.0/0", "10.7.0.10/32"],
            dnsCidrs: ["10.20.0.2/32"],
        };
        // By NAT only answers come in.
        assert.deepEqual(unrouted(network, rulesOf(network)), [
            { cidr: "10.8.0.0/24", purposes: ["SSH from operators", "Users", "Roles and databases from operators"] },
            { cidr: "10.9.0.0/16", purposes: ["Users"] },
            { cidr: "10.7.0.10/32", purposes: ["Package repositories"] },
        ]);
    });
});

describe("the rules of an environment's security groups", () => {
    it("have a name each within their group", () => {
        fc.assert(
            fc.property(anyNetwork, (change) => {
                const names = rulesOf({ ...base, ...change }).map(({ group, name }) => `${group} ${name}`);
                assert.equal(new Set(names).size, names.length);
            }),
        );
    });

    it("open each path once, since EC2 refuses a rule that is there", () => {
        const names = { ...environmentConfig.names, connect: "https://connect.acme.com" };
        const front = "10.9.0.20";
        fc.assert(
            fc.property(anyNetwork, fc.boolean(), (change, packagesToo) => {
                const packageCidrs = [...change.packageCidrs, ...(packagesToo ? [`${front}/32`] : [])];
                const opened = rulesOf({ ...base, ...change, packageCidrs }, names, front).map(
                    ({ group, direction, protocol, port, cidr, peer }) =>
                        [group, direction, protocol, port, cidr ?? peer].join(" "),
                );
                assert.equal(new Set(opened).size, opened.length);
                for (const product of ["packageManager", "workbench", "connect"]) {
                    assert.ok(opened.includes(`${product} egress tcp 443 ${front}/32`));
                }
            }),
        );
    });
});
