// The port by which hosts are reached is the one that is opened for it.
import * as assert from "node:assert/strict";
import { productIds } from "../../products";
import { build, commands } from "./built";
import { environmentConfig } from "./world";

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
});
