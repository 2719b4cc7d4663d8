// The port by which hosts are reached is the one that is opened for it, and the one that another stack is told.
import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { perProduct, productIds } from "../../products";
import { EnvironmentOutputs, readEnvironment } from "../../contract/environment";
import { seal } from "../../logic/secret";
import { publishedHosts } from "../../stacks/sides";
import { build, commands } from "./built";
import { environmentConfig } from "./world";

/** As another stack reads it. */
const plainly = <T>(value: Record<string, unknown>): Promise<T> =>
    new Promise((resolve) => pulumi.output(value).apply((plain) => resolve(plain as T)));

describe("an environment whose image has SSH on another port", () => {
    it("opens that one to operators, and no 22", async () => {
        const built = await build(undefined, {}, {}, { ssh: { ...environmentConfig.ssh, port: 2222 } });
        const rules = built.registrations.filter(({ inputs }) => inputs.description === "SSH from operators");
        assert.equal(rules.length, productIds.length * environmentConfig.network.operatorCidrs.length);
        assert.deepEqual([...new Set(rules.flatMap(({ inputs }) => [inputs.fromPort, inputs.toPort]))], [2222]);
        assert.ok(built.registrations.every(({ inputs }) => inputs.fromPort !== 22));
        for (const { inputs, name } of commands(built)) {
            assert.equal((inputs.connection as { value: { port: number } }).value.port, 2222, name);
        }
    });

    it("publishes it, so that a production whose own hosts are reached by 22 dials it, also through the file of the bad day", async () => {
        const built = await build(undefined, {}, {}, { ssh: { ...environmentConfig.ssh, port: 2222 } });
        const { hosts } = await plainly<Pick<EnvironmentOutputs, "hosts">>(built.outputs);
        assert.deepEqual(
            productIds.map((product) => hosts[product].port),
            [2222, 2222, 2222],
        );
        const reach = { ssh: { user: "operator", port: 22 }, secrets: { sshPrivateKey: seal("key") } };
        const published = (port?: number) =>
            readEnvironment(
                {
                    ...{ contract: "posit-environment/1", phase: "install", receipts: {} },
                    hosts: perProduct((product) => ({ ...hosts[product], port })),
                    databases: perProduct(() => ({ kind: "sqlite" })),
                    names: perProduct((product) => `${product}.example.com`),
                },
                "stack staging",
            )!;
        assert.equal(publishedHosts(published(2222), reach).connect.target.port, 2222);
        // An older version published none: then it is the reader's own, as it was.
        assert.equal(publishedHosts(published(undefined), reach).connect.target.port, 22);
    });
});
