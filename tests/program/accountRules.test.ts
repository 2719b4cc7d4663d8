// What `make account` counts before anything is built is what the program builds: rules of security groups, hosts' disks, the servers' names; and
// what it has EC2 judge is what the program asks for.
import assert from "node:assert/strict";
import { missingServers, mostRules, plannedHosts, plannedStorage } from "../../account/planned";
import { buildingRequests, JudgedRequest } from "../../account/questions/ec2Requests";
import { isExisting } from "../../logic/networkPlace";
import { commonTags } from "../../logic/names";
import { build } from "./built";
import { existingNetwork, Installation } from "./installation";
import type { Registration } from "./recorder";
import { shapes } from "./shapes";
import { environmentConfig } from "./world";

const rule = /SecurityGroup(Ingress|Egress)Rule$/;

/** As the schema has it. */
const existingSettings = { storageCidrs: [], dnsCidrs: [], ...existingNetwork };

function mostOf(registrations: Registration[]): number {
    const counts = new Map<string, number>();
    for (const { type, inputs } of registrations.filter((one) => rule.test(one.type))) {
        const key = `${type} ${JSON.stringify(inputs.securityGroupId)}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return Math.max(...counts.values());
}

describe("what make account expects to be built", () => {
    const many = ["10.8.1.0/24", "10.8.2.0/24", "10.8.3.0/24"];
    const networks: Partial<typeof environmentConfig.network>[] = [
        {},
        { userCidrs: many, operatorCidrs: [many[0], "10.8.9.0/24"] },
        { packageCidrs: many, dnsCidrs: many, storageCidrs: many },
    ];
    for (const network of networks) {
        it(`has as many rules as the program makes: ${JSON.stringify(network)}`, async () => {
            const { registrations } = await build(undefined, {}, network);
            const config = { ...environmentConfig, network: { ...environmentConfig.network, ...network } };
            assert.equal(mostRules(config), mostOf(registrations));
        });
    }

    it("has as many rules as the program makes in a network that is there", async () => {
        const installation = await Installation.of(shapes.plain);
        try {
            assert.equal((await installation.up("prod")).refused, undefined);
            const ran = await installation.up("staging", { "posit:network": existingNetwork });
            assert.equal(ran.refused, undefined);
            const { registrations } = (ran as Extract<typeof ran, { refused: undefined }>).recording;
            assert.equal(mostRules({ ...environmentConfig, network: existingSettings }), mostOf(registrations));
        } finally {
            installation.stop();
        }
    });

    it("has the program's disks and the name of its server", async () => {
        const { registrations } = await build();
        const sizes = registrations.flatMap(({ type, inputs }) =>
            type === "aws:ebs/volume:Volume"
                ? [Number(inputs.size)]
                : type === "aws:ec2/instance:Instance"
                  ? [Number((inputs.rootBlockDevice as { volumeSize: number }).volumeSize)]
                  : [],
        );
        assert.equal(
            plannedStorage(environmentConfig, []).reduce((sum, { size }) => sum + size, 0),
            sizes.reduce((sum, size) => sum + size, 0),
        );
        const servers = registrations.filter(({ type }) => type === "aws:rds/instance:Instance");
        assert.deepEqual(
            missingServers(environmentConfig, "staging", [], []).map(({ name }) => name),
            servers.map(({ inputs }) => inputs.identifier),
        );
        const prepare = "2026-11-28a";
        const prepared = await build(undefined, {}, {}, { prepare });
        const missing = missingServers({ ...environmentConfig, prepare }, "staging", [], []);
        assert.deepEqual(
            missing.map(({ name, storage }) => [name, storage]).sort(),
            prepared.registrations
                .filter(({ type }) => type === "aws:rds/instance:Instance")
                .map(({ inputs }) => [inputs.identifier, inputs.allocatedStorage])
                .sort(),
        );
        assert.equal(missing.length, 2);
    });

    it("is judged with the program's tags, metadata options, sizes and encryption", async () => {
        const { network } = environmentConfig;
        if (isExisting(network)) throw new Error("the world has a network of its own");
        const nat = { natSubnetCidr: "10.20.9.0/24" };
        const { registrations } = await build(undefined, {}, nat);
        const config = { ...environmentConfig, network: { ...network, ...nat } };
        const requests = buildingRequests({
            vpcCidr: network.vpcCidr,
            place: { subnetId: "subnet-1", groupId: "sg-1" },
            image: config.operatingSystem.ami,
            rootDevice: "/dev/sda1",
            hosts: plannedHosts(config),
            zone: network.zones[0],
            kmsKeyId: config.kmsKeyId,
            nat: true,
            deletionProtection: config.deletionProtection,
            tags: commonTags(config, "staging"),
        });
        const made = (type: string) => registrations.filter((one) => one.type === type).map(({ inputs }) => inputs);
        const asked = <A extends JudgedRequest["action"]>(action: A) =>
            requests.filter((one): one is Extract<JudgedRequest, { action: A }> => one.action === action);
        assert.deepEqual(
            asked("ec2:RunInstances").map(({ input }) => ({
                type: input.InstanceType,
                tags: tagsOf(input, "instance"),
                volumeTags: tagsOf(input, "volume"),
                metadata: Object.values(input.MetadataOptions ?? {}),
                root: input.BlockDeviceMappings?.map(({ Ebs }) => [Ebs?.VolumeType, Ebs?.VolumeSize, Ebs?.Encrypted]),
                kept: input.DisableApiTermination,
            })),
            made("aws:ec2/instance:Instance").map((inputs) => {
                const root = inputs.rootBlockDevice as Record<string, unknown>;
                const { httpEndpoint, httpTokens, httpPutResponseHopLimit } = inputs.metadataOptions as Values;
                return {
                    type: inputs.instanceType,
                    tags: inputs.tags,
                    volumeTags: inputs.volumeTags,
                    metadata: [httpEndpoint, httpTokens, httpPutResponseHopLimit],
                    root: [[root.volumeType, root.volumeSize, root.encrypted]],
                    kept: inputs.disableApiTermination,
                };
            }),
        );
        assert.deepEqual(
            asked("ec2:CreateVolume").map(({ input }) => [
                input.AvailabilityZone,
                input.Size,
                input.VolumeType,
                input.Encrypted,
                tagsOf(input, "volume"),
            ]),
            made("aws:ebs/volume:Volume").map((inputs) => [
                inputs.availabilityZone,
                inputs.size,
                inputs.type,
                inputs.encrypted,
                inputs.tags,
            ]),
        );
        const [vpc] = asked("ec2:CreateVpc");
        assert.deepEqual(tagsOf(vpc.input, "vpc"), made("aws:ec2/vpc:Vpc")[0].tags);
        const [address] = asked("ec2:AllocateAddress");
        assert.deepEqual(tagsOf(address.input, "elastic-ip"), made("aws:ec2/eip:Eip")[0].tags);
    });
});

type Values = Record<string, unknown>;

function tagsOf({ TagSpecifications = [] }: Pick<JudgedRequest["input"], "TagSpecifications">, type: string): Values {
    const { Tags = [] } = TagSpecifications.find(({ ResourceType }) => ResourceType === type) ?? {};
    return Object.fromEntries(Tags.map(({ Key = "", Value }) => [Key, Value]));
}
