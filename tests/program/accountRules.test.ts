// What `make account` counts before anything is built is what the program builds: rules of security groups, hosts' disks, the servers' names.
import assert from "node:assert/strict";
import { missingServers, mostRules, plannedGib } from "../../account/planned";
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
            plannedGib(environmentConfig, []),
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
});
