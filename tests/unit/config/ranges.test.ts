// Ranges of addresses: however a list is spelt, what it opens is known. Compared with a slow and simple reckoning of the same.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
    overlap,
    parseAddress,
    parseRange,
    Range,
    rangesOf,
    rangesWith,
    showAddress,
    tooWide,
    union,
    isWithin,
} from "../../../logic/ranges";
import { productionInReach } from "../../../logic/productionInReach";
import { ConfigError, parseConfig } from "../../../config/parse";
import { environmentConfig, ownPlace } from "../../program/world";
import { handedOver, inExistingNetwork, secretsOf, Values, wholeValues } from "./samples";

const anyAddress = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyRange = fc
    .tuple(anyAddress, fc.integer({ min: 0, max: 32 }))
    .map(
        ([address, prefix]) =>
            `${showAddress(Math.floor(address / 2 ** (32 - prefix)) * 2 ** (32 - prefix))}/${prefix}`,
    );
/** Within 10.0.0.0/26, so that ranges meet often and every address can be asked. */
const nearRange = fc
    .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 26, max: 32 }))
    .map(([address, prefix]) => {
        const size = 2 ** (32 - prefix);
        return `${showAddress(10 * 2 ** 24 + Math.floor(address / size) * size)}/${prefix}`;
    });

function problems(network: Values): string[] {
    const values = wholeValues("staging");
    return problemsOf({ ...values, network: { ...(values.network as Values), ...network } });
}

function problemsOf(values: Values): string[] {
    try {
        parseConfig(handedOver({ ...values, secrets: secretsOf.staging }), ["secrets"], "staging");
        return [];
    } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        return error.problems;
    }
}

describe("ranges", () => {
    it("are read and shown back as they were", () => {
        fc.assert(
            fc.property(anyRange, (text) => {
                const range = parseRange(text) as Range;
                assert.equal(`${showAddress(range.first)}/${range.prefix}`, text);
                assert.equal(range.last - range.first + 1, 2 ** (32 - range.prefix));
            }),
        );
    });

    it("in any other form than the canonical one are refused with it", () => {
        fc.assert(
            fc.property(anyAddress, fc.integer({ min: 0, max: 31 }), (address, prefix) => {
                const text = `${showAddress(address)}/${prefix}`;
                const range = parseRange(text);
                if (typeof range === "string") {
                    const canonical = /the range itself is (\S+)$/.exec(range)?.[1] ?? "";
                    const meant = parseRange(canonical) as Range;
                    assert.ok(address >= meant.first && address <= meant.last && meant.prefix === prefix);
                } else {
                    assert.equal(range.first, address);
                }
            }),
        );
    });

    for (const text of [
        "999.1.1.1/99",
        "10.0.0.0/33",
        "10.0.0.0/00",
        "0.0.0.0/00",
        "10.0.0.0/8 ",
        "10.0.0/8",
        "010.0.0.0/8",
        "10.0.0.0",
        "10.0.0.0/",
        "0x0a.0.0.0/8",
        "::/0",
        "10.0.0.0/8\n",
        "10.0.0.0/8,0.0.0.0/0",
        "",
        "١0.0.0.0/8",
    ]) {
        it(`that are none are refused: ${JSON.stringify(text)}`, () => assert.equal(typeof parseRange(text), "string"));
    }

    it("are united to blocks that have the same addresses, apart from each other", () => {
        fc.assert(
            fc.property(fc.array(nearRange, { maxLength: 8 }), (texts) => {
                const ranges = rangesOf(texts);
                const blocks = union(ranges);
                const has = (list: { first: number; last: number }[], address: number) =>
                    list.some(({ first, last }) => address >= first && address <= last);
                for (let address = 10 * 2 ** 24 - 1; address <= 10 * 2 ** 24 + 64; address++) {
                    assert.equal(has(blocks, address), has(ranges, address));
                }
                blocks.slice(1).forEach(({ first }, index) => assert.ok(first > blocks[index].last + 1));
            }),
        );
    });

    it("meet and lie within each other as their addresses do", () => {
        fc.assert(
            fc.property(nearRange, nearRange, (a, b) => {
                const [one, other] = rangesOf([a, b]);
                const addresses = ({ first, last }: Range) =>
                    Array.from({ length: last - first + 1 }, (_, i) => first + i);
                const shared = addresses(one).filter((address) => addresses(other).includes(address)).length;
                assert.equal(overlap(one, other), shared > 0);
                assert.equal(isWithin(one, other), shared === addresses(one).length);
            }),
        );
    });

    it("tell which of them an address lies in", () => {
        assert.deepEqual(rangesWith(["10.1.0.0/16", "10.0.0.0/8", "10.2.0.0/16"], "10.1.2.3"), [
            "10.1.0.0/16",
            "10.0.0.0/8",
        ]);
        assert.deepEqual(rangesWith(["0.0.0.0/0"], "old.acme.com"), []);
        assert.equal(parseAddress("255.255.255.255"), 2 ** 32 - 1);
    });

    it("can't be open to more than a sixty-fourth of the world, in whatever pieces", () => {
        fc.assert(
            fc.property(fc.array(anyRange, { maxLength: 40 }), (texts) => {
                if (tooWide(texts) === undefined) {
                    const all = union(rangesOf(texts)).reduce((sum, { first, last }) => sum + last - first + 1, 0);
                    assert.ok(all <= 2 ** 26);
                    assert.ok(rangesOf(texts).every(({ prefix }) => prefix >= 8));
                }
            }),
        );
    });

    it("of the world are too wide however they are cut", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 200 }), (length, seed) => {
                const pieces = Array.from({ length: 2 ** length }, (_, index) => ({ index, at: (index * seed) % 257 }))
                    .sort((a, b) => a.at - b.at)
                    .map(({ index }) => `${showAddress(index * 2 ** (32 - length))}/${length}`);
                assert.notEqual(tooWide(pieces), undefined);
            }),
        );
    });
});

describe("an environment's network", () => {
    const world = [
        ["0.0.0.0/0"],
        ["0.0.0.0/1", "128.0.0.0/1"],
        ["0.0.0.0/1"],
        ["8.0.0.0/7"],
        ["10.0.0.0/8", "11.0.0.0/8"],
        ["11.0.0.0/8", "10.128.0.0/9", "10.0.0.0/9"],
        ["1.0.0.0/8", "3.0.0.0/8", "5.0.0.0/8", "7.0.0.0/8", "9.0.0.0/8"],
    ];
    for (const ranges of world) {
        for (const key of ["operatorCidrs", "userCidrs"]) {
            it(`is not opened by ${key} ${ranges.join(", ")}`, () =>
                assert.match(
                    problems({ [key]: ranges }).join("\n"),
                    new RegExp(`^posit:network\\.${key}: would open the environment to the world`, "m"),
                ));
        }
        for (const key of ["dnsCidrs", "storageCidrs"]) {
            it(`calls no ${key} ${ranges.join(", ")}`, () =>
                assert.match(
                    problems({ [key]: ranges }).join("\n"),
                    new RegExp(`^posit:network\\.${key}: must name the`, "m"),
                ));
        }
    }

    it("is not opened by both lists of people together", () => {
        assert.match(
            problems({ operatorCidrs: ["10.0.0.0/8"], userCidrs: ["11.0.0.0/8"] }).join("\n"),
            /^posit:network\.userCidrs: together with operatorCidrs would open/m,
        );
    });

    it("may be used by whole private networks", () => {
        const network = { userCidrs: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] };
        assert.deepEqual(problems(network), []);
    });

    it("calls packages on the internet only by a NAT gateway", () => {
        assert.deepEqual(problems({ packageCidrs: ["0.0.0.0/0"] }), []);
        assert.match(
            problems({ packageCidrs: ["0.0.0.0/0"], natSubnetCidr: undefined }).join(),
            /^posit:network\.packageCidrs: is for repositories on the internet/,
        );
        assert.match(
            problems({ packageCidrs: ["0.0.0.0/1", "128.0.0.0/1"], natSubnetCidr: undefined }).join(),
            /^posit:network\.packageCidrs: is for repositories/,
        );
    });

    const rows: [string, Values, RegExp][] = [
        [
            "a subnet outside",
            { subnetCidrs: ["10.20.1.0/24", "10.21.2.0/24"] },
            /subnetCidrs\[1\]: 10\.21\.2\.0\/24 does not lie within vpcCidr/,
        ],
        [
            "subnets that overlap",
            { subnetCidrs: ["10.20.1.0/24", "10.20.1.128/25"] },
            /subnetCidrs\[1\]: 10\.20\.1\.128\/25 overlaps 10\.20\.1\.0\/24/,
        ],
        [
            "one subnet twice",
            { subnetCidrs: ["10.20.1.0/24", "10.20.1.0/24"] },
            /subnetCidrs\[1\]: 10\.20\.1\.0\/24 overlaps/,
        ],
        ["a NAT subnet over another", { natSubnetCidr: "10.20.2.0/25" }, /natSubnetCidr: 10\.20\.2\.0\/25 overlaps/],
        ["a NAT subnet outside", { natSubnetCidr: "10.30.2.0/25" }, /natSubnetCidr: .* does not lie within/],
        [
            "a VPC that AWS does not make",
            { vpcCidr: "10.0.0.0/8" },
            /vpcCidr: 10\.0\.0\.0\/8 must have a length from \/16 to \/28/,
        ],
        [
            "a subnet of one address",
            { subnetCidrs: ["10.20.1.0/32", "10.20.2.0/24"] },
            /subnetCidrs\[0\]: .* must have a length/,
        ],
        ["people who live in it", { userCidrs: ["10.20.9.0/24"] }, /userCidrs: 10\.20\.9\.0\/24 lies within vpcCidr/],
        [
            "one range twice",
            { userCidrs: ["10.9.0.0/16", "10.9.0.0/16"] },
            /userCidrs\[1\]: 10\.9\.0\.0\/16 stands there twice/,
        ],
        [
            "a host's address for a range",
            { userCidrs: ["10.9.1.7/16"] },
            /userCidrs\[0\]: is an address within a range; the range itself is 10\.9\.0\.0\/16/,
        ],
        ["nobody who may apply it", { operatorCidrs: [] }, /operatorCidrs: must name where/],
        [
            "fewer subnets than zones",
            { zones: ["us-east-1a", "us-east-1b", "us-east-1c"] },
            /subnetCidrs: must have one range for each/,
        ],
    ];
    for (const [what, network, expected] of rows) {
        it(`is refused with ${what}`, () => assert.match(problems(network).join("\n"), expected));
    }

    it("is either its own or one that is there", () => {
        const existing = { vpcId: "vpc-0a1b2c3d4e5f67891", subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"] };
        const said = problems({ existing });
        assert.deepEqual(
            said.map((line) => line.split(": ")[0]),
            ["posit:network.existing"],
        );
        assert.match(said[0], /existing: stands in the place of vpcCidr, .* leave out either/);
        const alone = { vpcCidr: undefined, zones: undefined, subnetCidrs: undefined };
        const rest = problems({ existing, ...alone, transitGatewayId: undefined, natSubnetCidr: undefined });
        assert.deepEqual(rest, []);
    });

    it("that is there may have its own way to the internet, and operators in its range, and no subnet twice", () => {
        const there = (network: Values) =>
            problemsOf(inExistingNetwork({ ...wholeValues("staging"), network: { ...whole.network, ...network } }));
        const whole = wholeValues("staging") as { network: Values };
        assert.deepEqual(there({ packageCidrs: ["0.0.0.0/0"], operatorCidrs: ["10.20.9.0/24"] }), []);
        assert.match(there({ userCidrs: ["0.0.0.0/0"] }).join(), /userCidrs: would open the environment to the world/);
        const { network, ...others } = inExistingNetwork(whole);
        const subnetIds = Array(2).fill("subnet-0a1b2c3d4e5f67891");
        const { vpcId } = (network as { existing: Values }).existing;
        const doubled = { ...others, network: { ...(network as Values), existing: { vpcId, subnetIds } } };
        assert.match(
            problemsOf(doubled).join(),
            /existing\.subnetIds\[1\]: subnet-0a1b2c3d4e5f67891 stands there twice/,
        );
    });

    it("may be part of the people's wider network", () =>
        assert.deepEqual(problems({ userCidrs: ["10.0.0.0/8"] }), []));

    it("names what of production it could call, or has for its own", () => {
        const { network } = ownPlace(environmentConfig.network);
        const places = [
            { what: "production's Connect", address: "10.1.0.10" },
            { what: "production's Workbench", address: "connect.acme.com" },
        ];
        const reach = (change: object) => {
            const changed = { ...network, userCidrs: ["10.9.0.0/16"], ...change };
            return productionInReach(changed, { kind: "own", network: changed }, places);
        };
        assert.deepEqual(reach({ packageCidrs: ["10.7.0.10/32", "10.1.0.0/16"], dnsCidrs: ["10.1.0.10/32"] }), [
            "posit:network.packageCidrs: 10.1.0.0/16 has production's Connect (10.1.0.10) in it; name only what the environment needs",
            "posit:network.dnsCidrs: 10.1.0.10/32 has production's Connect (10.1.0.10) in it; name only what the environment needs",
        ]);
        assert.match(reach({ vpcCidr: "10.1.0.0/16" }).join(), /vpcCidr: 10\.1\.0\.0\/16, .*has production's Connect/);
        // By NAT nobody comes to a private address, unless a route leads there.
        const internet = { packageCidrs: ["0.0.0.0/0"], natSubnetCidr: "10.20.0.0/24" };
        assert.deepEqual(reach(internet), []);
        assert.match(reach({ ...internet, userCidrs: ["10.0.0.0/8"] }).join(), /packageCidrs: 0\.0\.0\.0\/0 has/);
    });
});
