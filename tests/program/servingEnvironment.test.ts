// An environment that serves users asks its own hosts before it throws content away, and only then.
import * as assert from "node:assert/strict";
import type { HostState } from "../../contract/host";
import { perProduct } from "../../products";
import { environmentStack } from "../../stacks/environment";
import { forgetPeers } from "../../stacks/peers";
import type { ReportQuestions } from "../../stacks/reports";
import { hostState } from "../unit/logic/servingWorld";
import { record } from "./recorder";
import { answer, environmentConfig } from "./world";

const own = {
    contract: "posit-environment/1",
    phase: "migrate",
    restored: "aaa",
    hosts: perProduct((product) => ({
        instanceId: `i-${product}`,
        address: "10.2.0.1",
        hostKey: "ssh-ed25519 AAAA",
        user: "admin",
        dataVolumes: [],
    })),
    databases: perProduct(() => [{ role: "main", kind: "sqlite" }]),
    receipts: {},
    names: environmentConfig.names,
};

interface Scene {
    published?: object;
    /** What the cloud says of every instance. */
    cloud?: string;
    override?: string;
}

let asked = 0;

/** What it says no to, when it is taken back to phase install. */
async function refusals(say: () => Partial<HostState>, scene: Scene = {}): Promise<string> {
    const { published = own, cloud = "running", override } = scene;
    forgetPeers();
    asked = 0;
    const questions: ReportQuestions = {
        state: async (_host, product) => {
            asked++;
            return hostState(product, say());
        },
        marker: () => assert.fail("nobody's memory matters here"),
        instance: async (instanceId) => {
            assert.match(instanceId, /^i-(packageManager|workbench|connect)$/);
            return cloud;
        },
    };
    const overrides = override ? [{ gate: override, reason: "agreed by everybody" }] : [];
    try {
        await record(() => environmentStack({ ...environmentConfig, overrides }, questions), {
            answer: (args) =>
                args.type === "pulumi:pulumi:StackReference"
                    ? { id: args.name, state: { outputs: { contract: published }, secretOutputNames: [] } }
                    : answer(args),
            lookup: () => ({ region: "us-east-1" }),
        });
        return "";
    } catch (error) {
        return (error as Error).message;
    }
}

describe("an environment that is taken back to phase install", () => {
    it("is refused by what its hosts say, whatever production published", async () => {
        assert.match(
            await refusals(() => ({ side: "serving" })),
            /\[serving\] .*packageManager, workbench, connect says so/,
        );
        assert.doesNotMatch(await refusals(() => ({ side: "quarantined" })), /\[serving\]/);
        assert.match(await refusals(() => ({ side: "quarantined" })), /\[phase\]/);
    });

    const silent = () => {
        throw new Error("timed out");
    };

    it("is refused while its hosts can't be asked: they may serve, whatever production published", async () => {
        const said = await refusals(silent);
        assert.equal(said.match(/\[serve\.unreachable\] \w+ of organization\/posit\/staging .*timed out/g)?.length, 3);
        assert.match(said, /the cloud says that its instance is running.*install would throw/);
        assert.doesNotMatch(said, /\[serving\]/);
        assert.match(await refusals(silent, { override: "serve.unreachable" }), /\[serve\.unreachable\]/);
    });

    it("goes on without hosts that the cloud says are stopped, once that is accepted", async () => {
        assert.match(await refusals(silent, { cloud: "stopped" }), /\[serve\.unreachable\]/);
        const said = await refusals(silent, { cloud: "stopped", override: "serve.unreachable" });
        assert.match(said, /\[phase\]/);
        assert.doesNotMatch(said, /\[serve\.unreachable\]/);
    });

    it("is not held up by hosts that are gone", async () => {
        const said = await refusals(silent, { cloud: "gone" });
        assert.match(said, /\[phase\]/);
        assert.doesNotMatch(said, /\[serv/);
    });

    it("asks nobody where a person has accepted that it serves", async () => {
        assert.doesNotMatch(await refusals(silent, { override: "serving" }), /\[serv/);
        assert.equal(asked, 0);
    });

    it("asks nobody while there is nothing to lose", async () => {
        await refusals(() => ({ side: "serving" }), { published: { ...own, phase: "install" } });
        assert.equal(asked, 0);
    });
});
