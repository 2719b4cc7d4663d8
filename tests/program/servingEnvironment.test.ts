// An environment that serves users asks its own hosts before it throws content away, and only then.
import * as assert from "node:assert/strict";
import type { HostState } from "../../contract/host";
import { productIds } from "../../products";
import { environmentStack } from "../../stacks/environment";
import { forgetPeers } from "../../stacks/peers";
import { hostState } from "../unit/logic/servingWorld";
import { record } from "./recorder";
import { answer, environmentConfig } from "./world";

const byProduct = <T>(make: (product: string) => T) =>
    Object.fromEntries(productIds.map((product) => [product, make(product)]));

const own = {
    contract: "posit-environment/1",
    phase: "migrate",
    restored: "aaa",
    hosts: byProduct((product) => ({
        instanceId: `i-${product}`,
        address: "10.2.0.1",
        hostKey: "ssh-ed25519 AAAA",
        user: "admin",
        dataVolumes: [],
    })),
    databases: byProduct(() => ({ kind: "sqlite" })),
    receipts: {},
    names: environmentConfig.names,
};

let asked = 0;

/** What it says no to, when it is taken back to phase install. */
async function refusals(say: () => Partial<HostState>, published: object = own): Promise<string> {
    forgetPeers();
    asked = 0;
    const state = async (_host: unknown, product: (typeof productIds)[number]) => {
        asked++;
        return hostState(product, say());
    };
    try {
        await record(() => environmentStack(environmentConfig, { state }), {
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

    it("is not held up by hosts that are gone", async () => {
        const said = await refusals(() => {
            throw new Error("timed out");
        });
        assert.match(said, /\[phase\]/);
        assert.doesNotMatch(said, /\[serving\]/);
    });

    it("asks nobody while there is nothing to lose", async () => {
        await refusals(() => ({ side: "serving" }), { ...own, phase: "install" });
        assert.equal(asked, 0);
    });
});
