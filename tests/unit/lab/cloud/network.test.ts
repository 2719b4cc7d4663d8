// Addresses and the rules made of security groups, without a network.
import * as assert from "node:assert/strict";
import fc from "fast-check";
import type { SecurityGroupRule } from "../../../../lab/cloud/api";
import {
    contains,
    firstAddress,
    freeAddress,
    overlaps,
    toAddress,
    toNumber,
} from "../../../../lab/cloud/network/addresses";
import { namespaceName } from "../../../../lab/cloud/network/fabric";
import { renderFirewall } from "../../../../lab/cloud/network/firewall";
import type { NetworkMember } from "../../../../lab/cloud/service";

describe("addresses", () => {
    it("turn into numbers and back", () => {
        fc.assert(
            fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => toNumber(toAddress(value)) === value),
        );
    });

    it("know which ranges overlap", () => {
        assert.equal(overlaps("10.20.0.0/16", "10.20.5.0/24"), true);
        assert.equal(overlaps("10.20.0.0/16", "10.21.0.0/16"), false);
        assert.equal(contains("10.20.0.0/16", "10.20.5.0/24"), true);
        assert.equal(contains("10.20.5.0/24", "10.20.0.0/16"), false);
    });

    it("are handed out from .10 upward, each once, until none is left", () => {
        assert.equal(firstAddress("10.20.1.0/24"), "10.20.1.1");
        const taken = new Set<string>();
        for (let address = freeAddress("10.20.1.0/28", taken); address; address = freeAddress("10.20.1.0/28", taken)) {
            assert.equal(taken.has(address), false);
            taken.add(address);
        }
        assert.deepEqual(
            [...taken],
            [10, 11, 12, 13, 14].map((last) => `10.20.1.${last}`),
        );
    });
});

describe("namespace names", () => {
    it("leave room for an interface's name and differ between similar ids", () => {
        const names = ["i-0123456789abcdef0", "i-0123456789abcdef1", "staging-db", "my-staging-db"].map(namespaceName);
        assert.equal(new Set(names).size, names.length);
        names.forEach((name) => assert.ok(name.length <= 15, name));
    });
});

describe("security groups", () => {
    const member = (id: string, address: string, ...securityGroupIds: string[]): NetworkMember => ({
        id,
        namespace: `ns-${id}`,
        subnetId: "subnet-1",
        address,
        securityGroupIds,
    });
    const rule = (fields: Partial<SecurityGroupRule>): SecurityGroupRule => ({
        ruleId: "sgr-1",
        groupId: "sg-db",
        direction: "ingress",
        protocol: "tcp",
        fromPort: 5432,
        toPort: 5432,
        tags: {},
        ...fields,
    });
    const database = member("db", "10.20.1.20", "sg-db");
    const hosts = [member("a", "10.20.1.10", "sg-hosts"), member("b", "10.20.1.11", "sg-hosts", "sg-other")];
    const accepts = (text: string): string[] => text.split("\n").filter((line) => /^ip (saddr|daddr)/.test(line));

    it("let nothing in or out but the resolver without a rule", () => {
        const text = renderFirewall(database, [database], []);
        assert.equal(text.match(/policy drop/g)?.length, 2);
        assert.deepEqual(accepts(text), ["ip daddr 10.2.0.53 meta l4proto { tcp, udp } th dport 53 accept"]);
    });

    it("mean a named group's members by its addresses", () => {
        const text = renderFirewall(database, [database, ...hosts], [rule({ referencedGroupId: "sg-hosts" })]);
        assert.ok(accepts(text).includes("ip saddr { 10.20.1.10, 10.20.1.11 } tcp dport 5432 accept"), text);
    });

    it("apply the rules of a member's own groups only", () => {
        const text = renderFirewall(hosts[0], hosts, [rule({ cidr: "0.0.0.0/0" })]);
        assert.equal(text.includes("5432"), false);
    });

    it("unite the rules of several groups, and know ranges and protocols", () => {
        const rules = [
            rule({ groupId: "sg-hosts", cidr: "10.0.0.0/24", fromPort: 22, toPort: 22 }),
            rule({ groupId: "sg-other", cidr: "10.1.0.0/24", fromPort: 8000, toPort: 8100 }),
            rule({ groupId: "sg-other", direction: "egress", protocol: "-1", cidr: "0.0.0.0/0" }),
        ];
        const text = renderFirewall(hosts[1], hosts, rules);
        assert.ok(text.includes("ip saddr { 10.0.0.0/24 } tcp dport 22 accept"), text);
        assert.ok(text.includes("ip saddr { 10.1.0.0/24 } tcp dport 8000-8100 accept"), text);
        assert.ok(text.includes("ip daddr { 0.0.0.0/0 } accept"), text);
    });

    it("make no rule of a named group that has no member", () => {
        const text = renderFirewall(database, [database], [rule({ referencedGroupId: "sg-empty" })]);
        assert.equal(text.includes("5432"), false);
    });
});
