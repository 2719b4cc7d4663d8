// An environment's network: where it may be placed, what its gate refuses, and what of production its hosts try to reach.
// Does not prove what AWS answers; what it takes and refuses is as the sources in logic/*.ts say.
import assert from "node:assert/strict";
import type { NetworkConfig, OwnNetwork } from "../../../config/network";
import type { EnvironmentOutputs } from "../../../contract/environment";
import type { ProductionOutputs } from "../../../contract/production";
import { checkUntold, placesToTry, productionPlaces, untoldWarning } from "../../../logic/isolation";
import { checkNetwork } from "../../../logic/networkGates";
import { existingPlace, FoundNetwork, NetworkPlace } from "../../../logic/networkPlace";
import { doubtfulPostgresRoute } from "../../../logic/postgresRoute";
import { productionInReach } from "../../../logic/productionInReach";
import { answeringOf } from "../../../logic/publicEndpoints";
import { dangerousChanges, placedBy } from "../../../logic/servingEnvironment";
import { perProduct } from "../../../products";
import { environmentConfig, inventory, manifest, ownPlace } from "../../program/world";

const own = ownPlace(environmentConfig.network);
const existing = { existing: { vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"] } };
const subnet = { vpcId: "vpc-1", zone: "us-east-1a", publicAddresses: false };
const found: FoundNetwork = {
    vpc: { cidrs: ["10.30.0.0/16", "10.31.0.0/16"], dnsSupport: true },
    subnets: [
        { id: "subnet-1", found: subnet },
        { id: "subnet-2", found: { ...subnet, zone: "us-east-1b" } },
    ],
};
const { operatorCidrs, userCidrs, packageCidrs, storageCidrs, dnsCidrs } = environmentConfig.network;
const existingNetwork = { ...existing, operatorCidrs, userCidrs, packageCidrs, storageCidrs, dnsCidrs };
const there = existingPlace(existingNetwork, found) as Exclude<NetworkPlace, { kind: "own" }>;

describe("a network that is there already", () => {
    it("is taken with its ranges and its subnets' zones, hosts in the first", () => {
        assert.deepEqual(there, {
            kind: "existing",
            vpcId: "vpc-1",
            vpcCidrs: ["10.30.0.0/16", "10.31.0.0/16"],
            subnets: [
                { id: "subnet-1", zone: "us-east-1a", publicAddresses: false },
                { id: "subnet-2", zone: "us-east-1b", publicAddresses: false },
            ],
        });
        assert.deepEqual(placedBy({}, there), { zone: "us-east-1a", subnetId: "subnet-1", vpcId: "vpc-1" });
    });

    const [first, second] = found.subnets;
    for (const [what, change, expected] of [
        ["an unknown VPC", { vpc: undefined }, [/vpcId: this account and region have no VPC vpc-1$/]],
        ["an unknown subnet", { subnets: [first, { id: "subnet-2" }] }, [/no subnet subnet-2$/]],
        [
            "another VPC's subnet",
            { subnets: [first, { ...second, found: { ...second.found!, vpcId: "vpc-2" } }] },
            [/subnet-2 belongs to vpc-2, not to vpc-1$/],
        ],
        ["one zone", { subnets: [first, { ...second, found: subnet }] }, [/all lie in us-east-1a, .*two zones/]],
        ["no resolver", { vpc: { ...found.vpc!, dnsSupport: false } }, [/enableDnsSupport is off/]],
        [
            "several of it",
            { vpc: undefined, subnets: [{ id: "subnet-1" }, { id: "subnet-2" }] },
            [/no VPC/, /no subnet subnet-1/, /no subnet subnet-2/],
        ],
    ] as [string, Partial<FoundNetwork>, RegExp[]][]) {
        it(`is refused with ${what}`, () => {
            const said = existingPlace(existingNetwork, { ...found, ...change });
            assert.ok(Array.isArray(said));
            assert.equal(said.length, expected.length, said.join("\n"));
            said.forEach((line, index) => assert.match(line, expected[index]));
        });
    }

    it("may have production in its range, as long as no rule leads there", () => {
        const places = [{ what: "production's Connect", address: "10.31.0.9" }];
        const reach = (change: object) => productionInReach({ ...existingNetwork, ...change }, there, places);
        assert.deepEqual(reach({}), []);
        assert.match(reach({ packageCidrs: ["10.31.0.0/24"] }).join(), /packageCidrs: 10\.31\.0\.0\/24 has production/);
        // The VPC's own route leads to a neighbour, whatever else the rule is for.
        assert.match(reach({ packageCidrs: ["0.0.0.0/0"] }).join(), /packageCidrs: 0\.0\.0\.0\/0 has production/);
    });
});

const stands = {
    phase: "install",
    receipts: {},
    hosts: {},
    placed: placedBy({}, own),
} as unknown as EnvironmentOutputs;

function gate(
    network: NetworkConfig,
    place: NetworkPlace,
    more: { own?: EnvironmentOutputs; production?: Partial<ProductionOutputs>; config?: object } = {},
) {
    const config = { ...environmentConfig, network, ...more.config };
    return checkNetwork({ config, place, own: more.own, production: more.production as ProductionOutputs });
}
const ownGate = (change: Partial<OwnNetwork>, more: Parameters<typeof gate>[2] = {}) => {
    const network = { ...own.network, ...change };
    return gate(network, { kind: "own", network }, more);
};

describe("the gate of an environment's network", () => {
    it("has nothing to say of one that can be built", () => {
        assert.deepEqual(ownGate({}), []);
        assert.deepEqual(gate(existingNetwork, there), []);
    });

    it("refuses one that nobody could reach, until it stands", () => {
        const [said, ...more] = ownGate({ transitGatewayId: undefined });
        assert.deepEqual(more, []);
        assert.deepEqual([said.gate, said.firm], ["network", undefined]);
        assert.match(
            said.condition,
            /transitGatewayId: no route .* lead to 10\.0\.0\.0\/24 \(SSH .*\), 10\.1\.0\.0\/24 \(Users\): nobody/,
        );
        assert.deepEqual(ownGate({ transitGatewayId: undefined }, { own: stands }), []);
    });

    it("says of each that a person may accept it, in the same words", () => {
        const efs = "fs-0a1b2c3d4e5f67890.efs.us-east-1.amazonaws.com:/homes";
        const ranges = Array.from({ length: 57 }, (_, index) => `10.9.${index}.0/24`);
        const said = ownGate(
            { transitGatewayId: undefined, userCidrs: ranges },
            { production: { captures: {}, sharedHomes: { source: efs, type: "nfs4", options: "", mount: "/home" } } },
        );
        assert.deepEqual(
            new Set(said.map(({ condition }) => condition.split(/[: ]/)[1])),
            new Set(["network.transitGatewayId", "network", "sharedHomes.source"]),
        );
        for (const { condition } of said) {
            assert.match(condition, /\. Or accept it with posit:overrides: \[\{gate: network, reason: …\}\]$/);
        }
    });

    it("takes subnets that give public addresses, since hosts refuse theirs", () => {
        const [first, second] = there.subnets;
        assert.deepEqual(
            gate(existingNetwork, { ...there, subnets: [{ ...first, publicAddresses: true }, second] }),
            [],
        );
    });

    it("counts rules each way, and routes, as AWS does", () => {
        const ranges = (count: number) => Array.from({ length: count }, (_, index) => `10.9.${index}.0/24`);
        // Each of two ports; with the other hosts' and the databases' own.
        assert.deepEqual(ownGate({ packageCidrs: ranges(28) }), []);
        const said = ownGate({ packageCidrs: ranges(29) });
        assert.equal(said.length, 3);
        assert.match(said[0].condition, /Package Manager's host would have 61 rules outbound, and AWS takes 60/);
        const [users, ...others] = ownGate({ userCidrs: ranges(57) });
        assert.match(users.condition, /host would have 61 rules inbound/);
        assert.match(others[others.length - 1].condition, /route table would have 58 routes, and AWS takes 50/);
        assert.deepEqual(ownGate({ userCidrs: ranges(57) }, { own: stands }), []);
    });

    for (const [what, network, place] of [
        ["into a network that is there", existingNetwork, there],
        [
            "into another VPC of its own",
            { ...own.network, vpcCidr: "10.40.0.0/16" },
            { kind: "own", network: { ...own.network, vpcCidr: "10.40.0.0/16" } },
        ],
    ] as [string, NetworkConfig, NetworkPlace][]) {
        it(`moves no environment that stands ${what}, whatever is overridden`, () => {
            const [said, ...more] = gate(network, place, { own: stands });
            assert.deepEqual(more, []);
            assert.equal(said.firm, true);
            assert.match(
                said.condition,
                /stands in its own VPC \(posit:network\.vpcCidr 10\.20\.0\.0\/16\), and would be/,
            );
        });
    }

    it("moves none from one existing network to another, nor back to its own", () => {
        const placed = placedBy({}, there);
        const other = { ...there, vpcId: "vpc-2" };
        assert.match(
            gate(existingNetwork, other, { own: { ...stands, placed } })[0].condition,
            /stands in vpc-1 .* moved to vpc-2 /,
        );
        assert.match(
            ownGate({}, { own: { ...stands, placed } })[0].condition,
            /stands in vpc-1 .* moved to its own VPC/,
        );
        // What an older version published says nothing of it.
        assert.deepEqual(gate(existingNetwork, there, { own: { ...stands, placed: undefined } }), []);
    });

    it("is beside the gate of one that serves, which names each setting", () => {
        const served = { ...stands, phase: "migrate" } as EnvironmentOutputs;
        const said = dangerousChanges({ ...environmentConfig, phase: "migrate" }, served, there);
        assert.deepEqual(
            said.map((line) => line.split(" ")[0]),
            [
                ...["posit:network.subnetCidrs[0]", "posit:network.vpcCidr"],
                ...["posit:network.existing.subnetIds[0]", "posit:network.existing.vpcId"],
            ],
        );
    });

    it("refuses EFS by its own name where another VPC mounts it", () => {
        const homes = (source: string) => ({
            production: { captures: {}, sharedHomes: { source, type: "nfs4", options: "", mount: "/home" } },
        });
        const efs = homes("fs-0a1b2c3d4e5f67890.efs.us-east-1.amazonaws.com:/homes");
        assert.match(ownGate({}, efs)[0].condition, /describe-mount-targets --file-system-id fs-0a1b2c3d4e5f67890/);
        const inZone = homes("us-east-1a.fs-0a1b2c3d4e5f67890.efs.us-east-1.amazonaws.com:/");
        assert.equal(ownGate({}, inZone).length, 1);
        for (const source of ["10.7.1.4:/homes", "files.acme.com:/fs-1", "fs-1.efs.acme.com:/"]) {
            assert.deepEqual(ownGate({}, homes(source)), [], source);
        }
        // It may be the very VPC of the mount targets.
        assert.deepEqual(gate(existingNetwork, there, efs), []);
        assert.deepEqual(ownGate({}, { ...efs, own: stands }), []);
        const restore = { config: { phase: "migrate" as const, restore: "a" }, own: stands };
        const capture = { ...manifest("a"), sharedHomes: homes("10.7.1.4:/homes").production.sharedHomes };
        assert.equal(ownGate({}, { ...efs, ...restore }).length, 1);
        assert.deepEqual(ownGate({}, { production: { ...efs.production, captures: { a: capture } }, ...restore }), []);
    });
});

describe("what of production new hosts try to reach", () => {
    const addresses = perProduct((product) => [product === "connect" ? "10.31.0.9" : "10.31.0.8"]);
    const servers = [
        { server: "acme-db", address: "acme-db.rds.example.com", port: 5433 },
        { server: "10.31.0.30", address: "10.31.0.30", port: 5432 },
        { server: "silent-db", port: 5432 },
    ];
    const tried = (change: Partial<Parameters<typeof placesToTry>[0]> = {}) =>
        placesToTry({
            place: there,
            production: { addresses },
            own: [],
            answering: answeringOf(environmentConfig, undefined),
            overrides: [],
            ...change,
        });

    it("is every address, at its product's port and at those that rules are likely to open", () => {
        assert.deepEqual(
            tried().filter(({ what }) => what.endsWith("Connect")),
            [3939, 80, 443, 22, 53, 2049, 5432].map((port) => ({
                what: "production's Connect",
                address: "10.31.0.9",
                port,
            })),
        );
    });

    it("is every database server where it answers", () => {
        assert.deepEqual(tried({ production: { databaseServers: servers } }), [
            { what: "production's database server acme-db", address: "acme-db.rds.example.com", port: 5433 },
            { what: "production's database server 10.31.0.30", address: "10.31.0.30", port: 5432 },
        ]);
    });

    it("is nothing in a network of its own, where it is overridden, or where production has said nothing", () => {
        assert.deepEqual(tried({ place: own }), []);
        assert.deepEqual(tried({ overrides: [{ gate: "isolation" }] }), []);
        assert.deepEqual(tried({ production: undefined }), []);
        assert.deepEqual(tried({ production: {} }), []);
    });

    it("is never the environment itself, nor its databases", () => {
        assert.deepEqual([...new Set(tried({ own: ["10.31.0.9"] }).map(({ address }) => address))], ["10.31.0.8"]);
        const served = { production: { databaseServers: servers }, own: ["acme-db.rds.example.com"] };
        assert.deepEqual(
            tried(served).map(({ address }) => address),
            ["10.31.0.30"],
        );
    });

    it("is held against ranges too, servers as well as hosts", () => {
        const places = productionPlaces({ addresses: {}, databaseServers: servers } as Partial<ProductionOutputs>);
        assert.deepEqual(productionInReach({ ...existingNetwork, packageCidrs: ["10.31.0.0/24"] }, there, places), [
            "posit:network.packageCidrs: 10.31.0.0/24 has production's database server 10.31.0.30 (10.31.0.30) in it; name only what the environment needs",
        ]);
    });

    describe("where production does not say where it is", () => {
        const asked = (change: Partial<Parameters<typeof checkUntold>[0]> = {}) => {
            const question = { config: environmentConfig, place: there as NetworkPlace, production: {}, ...change };
            return { refused: checkUntold(question), warned: untoldWarning(question) };
        };
        const whole = { addresses, databaseServers: servers.slice(0, 2) };

        it("is refused in a network that is there, with what was not said, unless that is overridden", () => {
            const { refused, warned } = asked();
            assert.deepEqual(
                refused.map(({ gate: name, firm }) => [name, firm]),
                [["isolation", undefined]],
            );
            assert.match(
                refused[0].condition,
                /where production's hosts and production's database servers can be reached, .*`pulumi up` of the production stack .* first.*gate: isolation/,
            );
            assert.equal(warned, undefined);
            const silent = asked({ production: { addresses, databaseServers: servers } });
            assert.match(silent.refused[0].condition, /where production's database server silent-db can be reached/);
            assert.deepEqual(asked({ production: whole }), { refused: [], warned: undefined });
        });

        it("is warned of in a network of its own, which no route leads out of", () => {
            const { refused, warned } = asked({ place: own });
            assert.deepEqual(refused, []);
            assert.match(
                warned ?? "",
                /not published where production's hosts and .*: run `pulumi up` of the production/,
            );
            assert.equal(asked({ place: own, production: whole }).warned, undefined);
        });

        it("is warned of where there is no production yet: the try comes with the first restore", () => {
            const { refused, warned } = asked({ production: undefined });
            assert.deepEqual(refused, []);
            assert.match(warned ?? "", /has published nothing.* before a capture is restored/);
            assert.equal(asked({ production: undefined, place: own }).warned, undefined);
        });

        it("holds nobody up who stands, until another content comes", () => {
            const standing = { phase: "install" as const };
            assert.deepEqual(asked({ own: standing }), { refused: [], warned: undefined });
            assert.deepEqual(asked({ own: standing, place: own }), { refused: [], warned: undefined });
            const config = { ...environmentConfig, phase: "migrate" as const, restore: "a" };
            assert.equal(asked({ own: standing, config }).refused.length, 1);
            assert.equal(asked({ own: { phase: "migrate", restored: "a" }, config }).refused.length, 0);
            assert.equal(asked({ own: { phase: "migrate", restored: "b" }, config }).refused.length, 1);
        });
    });
});

describe("the way to a fresh server's Postgres", () => {
    const bastion = { address: "bastion.acme.com", user: "jump", hostKey: "ssh-ed25519 AAAA" };
    const config = { ...environmentConfig, ssh: { ...environmentConfig.ssh, bastion } };
    const production = {
        inventory: perProduct(inventory),
        captures: {
            a: manifest("a"),
            loaded: {
                ...manifest("loaded"),
                volumeDatabases: [
                    {
                        ...{ product: "connect", role: "main", method: "dump", name: "c", user: "c" },
                        ...{ path: "/data/x.dump", engineVersion: "15" },
                    },
                ],
            },
        },
    } as unknown as ProductionOutputs;
    const doubt = (change: Partial<Parameters<typeof doubtfulPostgresRoute>[0]> = {}) =>
        doubtfulPostgresRoute({ config, production, addresses: ["127.0.0.1", "192.168.7.4"], ...change });

    it("is doubted where a bastion leads to the hosts and this machine has none of the operators' addresses", () => {
        assert.match(doubt() ?? "", /on its port 5432 and not through posit:ssh\.bastion.*10\.0\.0\.0\/24/);
        assert.equal(doubt({ addresses: ["10.0.0.7"] }), undefined);
        assert.equal(doubt({ config: environmentConfig }), undefined);
    });

    it("is asked about only where a fresh server is made", () => {
        const migrate = (restore: string) => ({ ...config, phase: "migrate" as const, restore });
        assert.equal(doubt({ config: migrate("a") }), undefined);
        assert.notEqual(doubt({ config: migrate("loaded") }), undefined);
        assert.equal(doubt({ own: stands }), undefined);
        assert.notEqual(doubt({ config: migrate("loaded"), own: stands }), undefined);
        const migrated = { ...stands, phase: "migrate", restored: "loaded" } as EnvironmentOutputs;
        assert.equal(doubt({ config: migrate("loaded"), own: migrated }), undefined);
        const sqlite = perProduct((product) => ({
            ...inventory(product),
            databases: [{ role: "main" as const, provider: "sqlite" }],
        }));
        assert.equal(doubt({ production: { ...production, inventory: sqlite } }), undefined);
    });
});
