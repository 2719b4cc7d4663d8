// What judges make of answers: each row an answer, the verdict and its sentence. Whether AWS answers so is not seen here.
import assert from "node:assert/strict";
import { parseConfig } from "../../../config/parse";
import type { PlainEnvironment, PlainProduction } from "../../../config/schema";
import type { CloudAnswer } from "../../../account/answer";
import type {
    ImageFacts,
    InstanceTypeFacts,
    KeyFacts,
    NetworkFacts,
    ProfileFacts,
    ServerStanding,
    SubnetRoute,
    TriedPermission,
} from "../../../account/facts";
import type { AccountFinding } from "../../../account/finding";
import { judgeCaller, principalOf } from "../../../account/judges/caller";
import { judgeExisting } from "../../../account/judges/existing";
import { judgeHosts } from "../../../account/judges/hosts";
import { judgeImage, judgeInstanceTypes, PlannedHost } from "../../../account/judges/image";
import { judgeKeys } from "../../../account/judges/keys";
import { judgeRecords, judgeZone, namesInZone } from "../../../account/judges/names";
import { judgeNetwork } from "../../../account/judges/network";
import { judgePermissions } from "../../../account/judges/permissions";
import { judgeProfiles } from "../../../account/judges/profiles";
import { judgeQuotas } from "../../../account/judges/quotas";
import { isOfVersion, judgeOrderable, judgeSources } from "../../../account/judges/servers";
import { judgeTimes, timesOf } from "../../../account/judges/times";
import { plannedStorage, usualRules } from "../../../account/planned";
import { storageQuota, vcpuQuota } from "../../../account/quotas";
import { isExisting } from "../../../logic/networkPlace";
import { filledIn, handedOver, secretsOf, StackTemplate, templateValues, Values } from "../config/samples";

const unknown = { unknown: "nobody may ask" };
const known = <T>(value: T): CloudAnswer<T> => ({ known: value });

/** "verdict: sentence → remedy" of each. */
const told = (findings: AccountFinding[]) =>
    findings.map(({ verdict, says, remedy = "" }) => `${verdict}: ${says} → ${remedy}`);

function expectAll(findings: AccountFinding[], ...patterns: RegExp[]): void {
    const lines = told(findings);
    assert.equal(lines.length, patterns.length, lines.join("\n"));
    patterns.forEach((pattern, index) => assert.match(lines[index], pattern));
    for (const { verdict, remedy } of findings) assert.ok(verdict !== "wrong" || remedy, lines.join("\n"));
}

function configOf(stack: StackTemplate, changes: Values = {}) {
    const values = { ...(filledIn(templateValues(stack)) as Values), ...changes, secrets: secretsOf[stack] };
    return parseConfig(handedOver(values), ["secrets"], stack);
}
const staging = configOf("staging") as PlainEnvironment;
const prod = configOf("prod") as PlainProduction;

describe("judges of an account", () => {
    it("know whose credentials they are", () => {
        const caller = { account: "1", arn: "arn:aws:iam::1:user/a" };
        const settings = { allowed: ["1"], forbidden: [], assumesRole: false };
        expectAll(judgeCaller(caller, settings), /^ok: 1,/, /^ok: arn/);
        expectAll(judgeCaller(caller, { ...settings, allowed: ["2"] }), /^wrong: .*has 2/, /^ok/);
        expectAll(judgeCaller(caller, { ...settings, forbidden: ["1"] }), /^wrong: .*forbidden/, /^ok/);
        expectAll(
            judgeCaller(caller, { ...settings, allowed: [] }),
            /^open: .*set aws:allowedAccountIds: \["1"\]/,
            /^ok/,
        );
        const root = { account: "1", arn: "arn:aws:iam::1:root" };
        expectAll(
            judgeCaller(root, { ...settings, assumesRole: true }),
            /^ok/,
            /^open: .*root user/,
            /^open: aws:assumeRoles/,
        );
    });

    it("know whose policies can be simulated", () => {
        assert.deepEqual(principalOf("arn:aws:iam::1:user/path/ada"), { user: "arn:aws:iam::1:user/path/ada" });
        assert.deepEqual(principalOf("arn:aws-cn:sts::1:assumed-role/deploy/session"), { role: "deploy" });
        assert.equal(principalOf("arn:aws:sts::1:federated-user/ada"), undefined);
        assert.equal(principalOf("arn:aws:iam::1:root"), undefined);
    });

    it("tell a permission that lacks from one that can't be told", () => {
        const on = "vol-1";
        expectAll(
            judgePermissions(
                [
                    { action: "a:B", on, verdict: "allowed" },
                    { action: "a:C", on, verdict: "denied", says: "UnauthorizedOperation: no" },
                    { action: "a:D", on, verdict: "denied", says: "OptInRequired: accept terms" },
                    { action: "a:E", on, verdict: "unclear", says: "a condition" },
                ],
                unknown,
            ),
            /^ok: a:B/,
            /^wrong: a:C on vol-1 is not allowed .* → have a:C allowed/,
            /^wrong: a:D .*subscribed.* → accept its terms/,
            /^open: a:E on vol-1: a condition/,
            /^open: nobody may ask → only what EC2 lets be tried/,
        );
    });

    it("hold what is needed against quotas", () => {
        const judged = (value: number, count: number, need: number, more = false) =>
            judgeQuotas([{ quota: "vpcs", value: known(value), used: known({ count, more }), needed: known(need) }]);
        expectAll(judged(5, 4, 1), /^ok: 4 of 5 VPCs are used, and 1 more/);
        expectAll(judged(5, 5, 1), /^wrong: 5 of 5.* --desired-value 6/);
        expectAll(judged(5, 7, 0), /^ok: .*no more are needed/);
        expectAll(judged(100, 50, 1, true), /^open: more than 50/);
        const used = known({ count: 1, more: false });
        expectAll(judgeQuotas([{ quota: "vpcs", value: unknown, used, needed: known(1) }]), /^open: nobody may ask/);
    });

    const host: PlannedHost = {
        product: "connect",
        title: "Posit Connect",
        key: "posit:connect",
        instanceType: "m6i.large",
        rootVolumeSize: 30,
        volumeSizes: [50],
    };
    const image: ImageFacts = {
        id: "ami-1",
        state: "available",
        architecture: "x86_64",
        rootDeviceType: "ebs",
        virtualization: "hvm",
        platform: "Linux/UNIX",
        ena: true,
        rootSize: 8,
        productCodes: [],
    };
    const now = new Date("2026-11-29T12:00:00Z");

    it("look at the image", () => {
        const judged = (more: Partial<ImageFacts>) => judgeImage("ami-1", known({ ...image, ...more }), [host], now);
        expectAll(judged({}), /^ok: is available/);
        expectAll(judgeImage("ami-1", known(undefined), [host], now), /^wrong: is not there/);
        expectAll(judgeImage("ami-1", unknown, [host], now), /^open: nobody/);
        expectAll(judged({ state: "pending" }), /^wrong: is in state pending/);
        expectAll(judged({ rootDeviceType: "instance-store" }), /^wrong: .*instance-store/);
        expectAll(judged({ platform: "Windows" }), /^wrong: is Windows/);
        expectAll(
            judged({ rootSize: 40 }),
            /^ok/,
            /^wrong: .*40 GiB.*says 30 → set posit:connect\.rootVolumeSize to 40/,
        );
        const productCodes = [{ code: "x1", type: "marketplace" }];
        expectAll(judged({ productCodes }), /^ok/, /^open: is sold in the Marketplace \(product code x1\)/);
        expectAll(judged({ deprecated: "2026-01-01T00:00:00Z" }), /^ok/, /^open: is deprecated since 2026-01-01/);
        expectAll(judged({ deprecated: "2028-01-01T00:00:00Z" }), /^ok/);
    });

    it("look at the types", () => {
        const type: InstanceTypeFacts = {
            type: "m6i.large",
            vcpus: 2,
            architectures: ["x86_64"],
            hypervisor: "nitro",
            zones: ["a"],
        };
        const judged = (more: Partial<InstanceTypeFacts>, of: Partial<ImageFacts> = {}) =>
            judgeInstanceTypes(known([{ ...type, ...more }]), known({ ...image, ...of }), [host], "a");
        expectAll(judged({}), /^ok: m6i\.large is offered in a: 2 vCPUs/);
        expectAll(judged({ type: "other" }), /^wrong: there is no m6i\.large/);
        expectAll(judged({ zones: ["b"] }), /^wrong: .*not offered in a, but in b/);
        expectAll(judged({ architectures: ["arm64"] }), /^wrong: .*arm64, and the image is x86_64/);
        expectAll(judged({}, { ena: false }), /^wrong: .*ENA/);
        expectAll(judged({}, { ena: undefined }), /^ok/);
    });

    it("look at what RDS offers", () => {
        assert.ok(isOfVersion("15.8", "15") && isOfVersion("15.8", "15.8") && !isOfVersion("15.80", "15.8"));
        const option = { engineVersion: "15.8", storageType: "gp3", zones: ["a"], encryption: true };
        const planned = { engineVersion: "15", instanceClass: "db.x", zones: ["a", "b"] };
        expectAll([judgeOrderable(planned, known([option]))], /^ok: .*can be ordered in a →/);
        expectAll([judgeOrderable(planned, known([]))], /^wrong: .*no class db\.x/);
        expectAll(
            [judgeOrderable({ ...planned, engineVersion: "16" }, known([option]))],
            /^wrong: .*this class has 15\.8/,
        );
        const restored = { ...planned, engineVersion: "15.2", restoredFrom: "db" };
        expectAll([judgeOrderable(restored, known([option]))], /^open: .*any longer/);
        expectAll([judgeOrderable({ ...planned, zones: ["c"] }, known([option]))], /^wrong: .*none of c/);
        expectAll([judgeOrderable(planned, known([{ ...option, encryption: false }]))], /^wrong: .*encrypted/);
    });

    const server: ServerStanding = {
        server: "acme-db",
        engine: "postgres",
        engineVersion: "15.8",
        instanceClass: "db.x",
        status: "available",
        storage: 20,
        storageType: "gp3",
        encrypted: true,
        backupRetentionPeriod: 7,
        multiAz: false,
    };

    it("look at production's servers", () => {
        const judged = (more: Partial<ServerStanding>, option: "auto" | "pointInTime" = "auto") =>
            judgeSources(["acme-db"], known([{ ...server, ...more }]), option);
        expectAll(judged({}), /^ok: PostgreSQL 15\.8/);
        expectAll(judgeSources(["other"], known([server]), "auto"), /^wrong: is not there/);
        expectAll(judged({ backupRetentionPeriod: 0 }), /^open: .*captured by a snapshot/);
        expectAll(judged({ backupRetentionPeriod: 0 }, "pointInTime"), /^wrong: .*keeps no backups/);
        const plain = (option: "auto" | "dump", accepting: string[] = []) =>
            judgeSources(["acme-db"], known([{ ...server, encrypted: false }]), option, accepting);
        // What the gate says, and can be done within a window.
        expectAll(
            plain("auto"),
            /^wrong: is not encrypted.* → set database: dump .*declare that server `external`.*gate: encryption/,
        );
        expectAll(plain("dump"), /^ok: .*not encrypted: it is dumped/);
        expectAll(plain("auto", ["staging"]), /^open: is not encrypted.*staging accepts a plain server/);
        expectAll(judged({ engine: "aurora-postgresql" }), /^wrong: .*aurora-postgresql/);
        expectAll(judged({ status: "modifying" }), /^wrong: is in state modifying/);
    });

    it("look at keys", () => {
        const arn = "arn:aws:kms:us-east-1:1:key/x";
        const key: KeyFacts = {
            arn,
            account: "1",
            enabled: true,
            state: "Enabled",
            usage: "ENCRYPT_DECRYPT",
            spec: "SYMMETRIC_DEFAULT",
        };
        const use = { action: "kms:CreateGrant", on: arn, verdict: "allowed" as const };
        const judged = (
            more: Partial<KeyFacts>,
            region = "us-east-1",
            uses: CloudAnswer<TriedPermission[]> = known([use]),
        ) =>
            judgeKeys(
                [
                    {
                        ...{ arn, of: ["posit:kmsKeyId"], things: ["volume"], forNew: true },
                        answer: known({ ...key, ...more }),
                    },
                ],
                { region, account: "1" },
                uses,
            );
        expectAll(judged({}, "us-east-1", unknown), /^open: .*whether this caller may use it was not told: nobody/);
        expectAll(judged({}, "us-east-1", known([])), /^open: .*not told by its policies/);
        expectAll(judged({}, "us-east-1", known([{ ...use, verdict: "unclear" }])), /^open/);
        expectAll(judged({}), /^ok/);
        expectAll(
            judged({ enabled: false, state: "PendingDeletion" }),
            /^wrong: .*PendingDeletion.*cancel its deletion/,
        );
        expectAll(judged({ spec: "RSA_2048" }), /^wrong: .*symmetric/);
        expectAll(judged({ account: "2" }), /^open: .*of account 2/);
        expectAll(judged({}, "eu-west-1"), /^wrong: .*is a key of us-east-1/);
    });

    it("look at the network", () => {
        const { network } = staging;
        if (isExisting(network)) throw new Error("the template has a network of its own");
        const facts: NetworkFacts = { vpcs: [], addresses: 0, natGateways: 0, ownAddresses: 0, ownNatGateways: 0 };
        const gateway = {
            id: "tgw-1",
            state: "available",
            owner: "1",
            acceptsShared: false,
            associatesByDefault: true,
            propagatesByDefault: true,
        };
        const route = (cidr: string, state = "active") => ({
            cidr,
            state,
            resources: ["vpc-9"],
        });
        const table = (routes: ReturnType<typeof route>[], id = "tgw-rtb-1", more = false) => ({ id, routes, more });
        const judged = (
            more: Partial<NetworkFacts>,
            routes = [route("0.0.0.0/0")],
            transit: Partial<typeof gateway & { associationTable: string }> = {},
            zones = network.zones,
            tables = [table(routes)],
        ) =>
            judgeNetwork(
                network,
                {
                    zones: known(zones),
                    network: known({ ...facts, ...more }),
                    transit: { facts: known({ ...gateway, ...transit }), tables: known(tables) },
                },
                "1",
            );
        expectAll(judged({}), /^ok/, /^ok/, /^ok/, /^ok: lead to every range/);
        expectAll(
            judged({}, undefined, {}, ["eu-west-1a"]),
            /^wrong: us-east-1a, us-east-1b can't/,
            /^ok/,
            /^ok/,
            /^ok/,
        );
        const other = { id: "vpc-1", cidrs: ["10.20.128.0/17"], own: false };
        expectAll(judged({ vpcs: [other] }), /^ok/, /^open: overlaps vpc-1/, /^ok/, /^ok/);
        expectAll(judged({ vpcs: [{ ...other, own: true }] }), /^ok/, /^ok/, /^ok/, /^ok/);
        const led = [route("0.0.0.0/0"), route("10.20.1.0/24")];
        expectAll(judged({}, led), /^ok/, /^ok/, /^ok/, /^wrong: .*10\.20\.1\.0\/24 to vpc-9/, /^ok/);
        const ownVpc = { id: "vpc-9", cidrs: ["10.20.0.0/16"], own: true };
        expectAll(judged({ vpcs: [ownVpc] }, led), /^ok/, /^ok/, /^ok/, /^ok/);
        const nowhere = [route("10.8.0.0/16", "blackhole"), route("10.9.0.0/16")];
        expectAll(
            judged({}, nowhere),
            /^ok/,
            /^ok/,
            /^ok/,
            /^wrong: .*10\.8\.0\.0\/24 of posit:network\.operatorCidrs/,
            /^wrong: .*10\.7\.0\.10\/32 of posit:network\.packageCidrs/,
        );
        // The narrower route wins, wherever the wide one leads.
        const dead = [route("0.0.0.0/0"), route("10.8.0.0/24", "blackhole")];
        expectAll(judged({}, dead), /^ok/, /^ok/, /^ok/, /^wrong: .*10\.8\.0\.0\/24/);
        const two = [table([route("0.0.0.0/0")], "tgw-rtb-1"), table([route("10.20.1.0/24")], "tgw-rtb-2")];
        const ofTwo = (transit: { associationTable?: string }) =>
            judged({}, [], transit, undefined, two).filter(({ about }) => !/^(zones|transit gateway tgw)/.test(about));
        expectAll(
            ofTwo({}),
            /^ok: overlaps/,
            /^open: .*tgw-rtb-2.*10\.20\.1\.0\/24.*is not told/,
            ...Array.from({ length: 3 }, () => /^open: tgw-rtb-1 leads to .*which one .* is not known/),
        );
        expectAll(ofTwo({ associationTable: "tgw-rtb-1" }), /^ok/, /^open: .*tgw-rtb-2/, /^ok: lead to every/);
        expectAll(
            ofTwo({ associationTable: "tgw-rtb-2" }),
            /^ok/,
            /^wrong: .*tgw-rtb-2.*10\.20\.1\.0\/24/,
            ...Array.from({ length: 3 }, () => /^wrong: route table tgw-rtb-2 does not lead to/),
        );
        expectAll(ofTwo({ associationTable: "tgw-rtb-3" }), /^ok/, /^open/, /^open: route table tgw-rtb-3/);
        expectAll(
            judged({}, [], {}, undefined, [table([route("10.9.0.0/16")], "tgw-rtb-1", true)]),
            /^ok/,
            /^ok/,
            /^ok/,
            /^open: no route to 10\.8\.0\.0\/24 .*not all routes were/,
            /^open: no route to 10\.7\.0\.10\/32/,
            /^open: .*has more than the 1 routes/,
        );
        expectAll(
            judged({}, [], { owner: "2" }),
            /^ok/,
            /^ok/,
            /^open: .*account 2.*must accept/,
            /^open: none are seen/,
        );
        expectAll(judged({}, undefined, { state: "deleting" }), /^ok/, /^ok/, /^wrong: is in state deleting/, /^ok/);
    });

    it("look at a network that others made", () => {
        const [a, b] = ["subnet-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67891"];
        const vpcId = "vpc-0a1b2c3d4e5f67890";
        const given = configOf("staging", {
            network: {
                existing: { vpcId, subnetIds: [a, b] },
                ...{ operatorCidrs: ["10.8.0.0/24"], userCidrs: ["10.9.0.0/16"], packageCidrs: ["0.0.0.0/0"] },
            },
        }) as PlainEnvironment;
        const { network } = given;
        if (!isExisting(network)) throw new Error("the network is there");
        const inside = (cidr: string, active = true) => ({ cidr, active, kind: "inside" as const });
        const right = [inside("10.0.0.0/8"), { cidr: "0.0.0.0/0", active: true, kind: "nat" as const }];
        const judged = (routes: SubnetRoute[], { free = 50, isPublic = false, accepted = false } = {}) => {
            const found = (zone: string) => ({ vpcId, zone, publicAddresses: isPublic });
            const facts = {
                found: {
                    vpc: { cidrs: ["10.30.0.0/16"], dnsSupport: true },
                    subnets: [
                        { id: a, found: found("a") },
                        { id: b, found: found("b") },
                    ],
                },
                subnets: [
                    { id: a, free, ownHosts: 0 },
                    { id: b, free: 50, ownHosts: 0 },
                ],
            };
            const asked = { network, rules: usualRules(given), accepted, routes: known({ [a]: routes, [b]: right }) };
            return judgeExisting(facts, asked).findings;
        };
        const fine = [/^ok: is there/, /^ok: has 50/, /^ok/];
        expectAll(judged(right), ...fine, /^ok: lead to every range/);
        expectAll(judged(right, { free: 2 }), fine[0], /^wrong: has 2 free .* need 3/, /^ok/, /^ok/);
        expectAll(judged(right, { free: 3 }), fine[0], /^open: has 3 free/, /^ok/, /^ok/);
        expectAll(judged([inside("10.0.0.0/8")]), ...fine, /^wrong: .*0\.0\.0\.0\/0 \(Package repositories\)/);
        expectAll(judged([...right, inside("10.9.0.0/16", false)]), ...fine, /^wrong: .*10\.9\.0\.0\/16 \(Users\)/);
        // NAT leads nobody in, and the world knows no private address.
        const world = { cidr: "0.0.0.0/0", active: true, kind: "internet" as const };
        expectAll(judged([right[1]]), ...fine, /^wrong: .*10\.8\.0\.0/, /^wrong: .*10\.9\.0\.0/);
        expectAll(judged([right[0], world]), ...fine, /^wrong: .*0\.0\.0\.0\/0/);
        const byList = { active: true, kind: "inside" as const };
        expectAll(judged([right[0], byList]), ...fine, /^open: .*lists of prefixes/);
        expectAll(judged([right[0]], { accepted: true }), ...fine, /^open: .*accepted by posit:overrides/);
        const bare = /^ok: is there.*hosts get no public address in subnet/;
        expectAll(judged(right, { isPublic: true }), bare, ...fine.slice(1), /^ok/);
    });

    it("know which quota counts a machine or a volume", () => {
        const standard = ["m6i.large", "im4gn.large"];
        assert.deepEqual(standard.map(vcpuQuota), ["vcpusStandard", "vcpusStandard"]);
        const g = ["g4dn.xlarge", "gr6.4xlarge", "vt1.3xlarge"];
        assert.deepEqual(g.map(vcpuQuota), ["vcpusG", "vcpusG", "vcpusG"]);
        const others = ["p5.48xlarge", "inf2.xlarge", "x2iedn.xlarge", "u-6tb1.metal", "trn1.2xlarge"];
        assert.deepEqual(others.map(vcpuQuota), ["vcpusP", "vcpusInf", "vcpusX", "vcpusMemory", "vcpusTrn"]);
        assert.equal(vcpuQuota("mac2.metal"), undefined);
        assert.deepEqual(["gp3", "io2", "st1", "new"].map(storageQuota), ["gp3", "io2", "st1", undefined]);
        const of = { ...{ id: "vol-1", state: "in-use", size: 100, zone: "a", encrypted: true }, attachedTo: [] };
        const restored = plannedStorage({ ...staging, phase: "migrate" }, [
            { ...of, type: "io2", iops: 4000 },
            { ...of, type: "gp2" },
            { ...of, type: "st1" },
        ]);
        assert.deepEqual(
            restored.map(({ type }) => type),
            ["io2", "gp3", "st1"],
        );
    });

    it("look at instance profiles", () => {
        const judged = (profile: CloudAnswer<ProfileFacts | undefined>) =>
            judgeProfiles([{ ...host, instanceProfile: "p" }, host], { p: profile });
        expectAll(judged(known({ name: "p", roles: ["arn:r"] })), /^ok: p is there, with arn:r/);
        expectAll(judged(known({ name: "p", roles: [] })), /^wrong: p has no role/);
        expectAll(judged(known(undefined)), /^wrong: p is not there.*posit:connect\.instanceProfile/);
        expectAll(judged(unknown), /^open: nobody/);
    });

    it("look at the zone and the names", () => {
        const names = namesInZone(prod)!;
        const zone = { id: "Z", name: "acme.com", isPrivate: false };
        expectAll(judgeZone(names, known(zone)), /^ok: is acme\.com/);
        expectAll(
            judgeZone(names, known({ ...zone, name: "cme.com" })),
            /^wrong/,
            /^wrong/,
            /^wrong: .*does not lie in it/,
        );
        const right = { type: "A", values: ["10.1.0.12"], ttl: 300 };
        const judged = (records: (typeof right & { special?: string })[], led = false) =>
            judgeRecords(names, known({ "connect.acme.com": records }), prod, led).slice(-1);
        expectAll(judged([right]), /^ok: A 10\.1\.0\.12, TTL 300/);
        expectAll(judged([]), /^ok: has no record yet/);
        expectAll(judged([{ ...right, ttl: 60 }]), /^wrong: .*TTL 60.*→ Set publicAddress/);
        expectAll(judged([{ ...right, ttl: 60 }], true), /^open: .*led the names before/);
        expectAll(
            judged([{ ...right, type: "CNAME", values: ["x.acme.com"] }], true),
            /^wrong: .*type CNAME \(x\.acme\.com\)/,
        );
        expectAll(judged([{ ...right, special: "an alias (A) of lb" }]), /^wrong: .*an alias \(A\) of lb.*→ Replace/);
    });

    const listed = prod.current as Exclude<PlainProduction["current"], { stack: string }>;
    const { instanceId, dataVolumes } = listed.connect;
    const id = dataVolumes[0].volumeId;
    const volume = {
        id,
        state: "in-use",
        type: "gp3",
        size: 100,
        zone: "a",
        encrypted: true,
        attachedTo: [{ instanceId, device: "/dev/sdf" }],
    };

    it("look at hosts and volumes", () => {
        const instance = {
            id: instanceId,
            state: "running",
            type: "m6i.large",
            zone: "a",
            privateAddress: listed.connect.address,
            productCodes: [],
        };
        const judged = (
            of: Partial<typeof instance> = {},
            on: Partial<typeof volume> = {},
            pending = 0,
            hypervisor = "nitro",
        ) =>
            judgeHosts(listed, {
                instances: known([{ ...instance, ...of }]),
                types: known([{ type: "m6i.large", vcpus: 2, architectures: [], hypervisor, zones: [] }]),
                volumes: known([{ ...volume, ...on }]),
                codes: { [id]: unknown },
                snapshots: known(
                    Array.from({ length: pending }, (_one, index) => ({
                        id: `snap-${index}`,
                        volumeId: id,
                        state: "pending",
                        started: "",
                    })),
                ),
            }).filter(({ about }) => about.includes("Connect") && !about.includes("Workbench"));
        expectAll(judged(), /^ok: is running/, /^ok: 100 GiB gp3, encrypted/, /^open: nobody/);
        expectAll(judged({ state: "stopped" }), /^wrong: is stopped/, /^ok/, /^open/);
        expectAll(judged({}, {}, 0, "xen"), /^wrong: .*\(Xen\)/, /^ok/, /^open/);
        expectAll(judged({ privateAddress: "10.3.0.1" }), /^open: has the addresses 10\.3\.0\.1/, /^ok/, /^open/);
        expectAll(judged({}, { attachedTo: [] }), /^ok/, /^wrong: is attached to no host/, /^open/);
        expectAll(judged({}, {}, 5), /^ok/, /^open/, /^wrong: has 5 pending snapshots/);
        expectAll(judged({}, { type: "st1" }), /^ok/, /^ok/, /^open/, /^open: is of type st1/);
        expectAll(judged({}, { type: "st1" }, 1), /^ok/, /^open/, /^wrong: .*no more than 1/);
    });

    it("propose how long users are told to wait", () => {
        const production = { ...prod, captures: [] };
        const answers = { volumes: known([volume]), snapshots: unknown, servers: known([server]) };
        const times = timesOf({ production, servers: ["acme-db"], answers })!;
        const capture = (more: Values) =>
            (configOf("prod", { captures: [{ token: "2026-11-28a", reopen: false, ...more }] }) as PlainProduction)
                .captures;
        expectAll(judgeTimes(times, capture({ backMinutes: 90 })), /^ok: maxClosedSeconds/, /^ok: backMinutes 90/);
        expectAll(
            judgeTimes(times, capture({ backMinutes: 10 })),
            /^ok/,
            /^wrong: .*after 10 minutes.*set backMinutes to \d+/,
        );
        expectAll(
            judgeTimes(times, capture({ backMinutes: 90, maxClosedSeconds: 20 })),
            /^wrong: may be closed.*set maxClosedSeconds to \d+/,
            /^ok/,
        );
        assert.deepEqual(judgeTimes(times, []), []);
        assert.match(times.notes.join("\n"), new RegExp(`${id}: no snapshot yet`));
        assert.ok(!times.notes.some((note) => note.includes("posit:prepare")), "nothing is loaded");
        assert.equal(timesOf({ production, servers: [], answers: { ...answers, volumes: unknown } }), undefined);
    });

    it("count no server for dumps where one stands before, and say so either way", () => {
        const { captures } = configOf("prod", {
            captures: [{ token: "2026-11-28a", reopen: false, database: "dump" }],
        }) as PlainProduction;
        const answers = { volumes: known([volume]), snapshots: unknown, servers: known([server]) };
        const asked = { production: { ...prod, captures }, servers: ["acme-db"], answers, dumpGib: 1 };
        const [without, stands] = [timesOf(asked)!, timesOf({ ...asked, prepared: true })!];
        assert.ok(without.cutover.p50 - stands.cutover.p50 > 200, `${without.cutover.p50} ${stands.cutover.p50}`);
        assert.match(without.notes.join("\n"), /is made in it, unless posit:prepare in the environment's stack/);
        assert.match(stands.notes.join("\n"), /the server for its dumps stands before \(posit:prepare\)/);
    });
});
