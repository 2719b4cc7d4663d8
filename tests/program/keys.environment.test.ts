// No key of an environment's configuration is accepted and does nothing. Proves that something is asked for, said or refused otherwise; not that
// hosts or AWS do what it says.
import assert from "node:assert/strict";
import { perProduct } from "../../products";
import { parseConfig } from "../../config/parse";
import {
    type EnvironmentConfig,
    environmentSchema,
    environmentSecrets,
    type ProductionConfig,
} from "../../config/schema";
import type { EnvironmentOutputs } from "../../contract/environment";
import { down } from "../unit/logic/servingWorld";
import { handedOver, inExistingNetwork } from "../unit/config/samples";
import { accepted, environmentValues, installed, upEnvironment } from "./keys/environment";
import { publishedBy } from "./keys/footprint";
import { assertEffects, idleExceptions, judge, Judgement, Situation } from "./keys/judge";
import { productionValues, publishedBefore, upProduction } from "./keys/production";
import { Peers, publishedProduction, stackName, token } from "./keys/world";
import { manifest } from "./world";

/** Keys that need no effect, and why; one that has an effect by now fails. */
const exceptions: Record<string, string> = {
    ".operatingSystem.family":
        "only one can be moved to yet: others are refused, and a host of another is (tests/unit/hosts/os.test.ts)",
    ".role": "says which of the two this is; another role is another schema",
};

const production: Peers = { [stackName("prod")]: publishedProduction() };
const up = (peers: Peers) => async (config: unknown) =>
    (await upEnvironment(config as EnvironmentConfig, peers)).footprint;

/** Production moves to what the environment published, with a receipt that never changes: it repeats the configuration. */
async function served(config: unknown): Promise<string[]> {
    const { contract } = await publishedBy(
        await upEnvironment(config as EnvironmentConfig, { ...production, ...installed }),
    );
    const receipts = { migrate: { digest: accepted.migrate, body: { passed: true } } };
    const values = {
        ...productionValues(() => "sqlite"),
        captures: [{ token, reopen: false }],
        serve: { stack: "staging" },
    };
    const final = { ...manifest(token), final: true };
    const { footprint } = await upProduction(parseConfig(handedOver(values), ["secrets"], "prod") as ProductionConfig, {
        peers: {
            [stackName("staging")]: {
                contract: { ...(contract as EnvironmentOutputs), receipts },
                secrets: { databasePasswords: {} },
            },
            [stackName("prod")]: publishedBefore({ [token]: final }),
        },
        listed: down("staying", token),
        other: down("quarantined", token),
        after: perProduct(() => "10.20.1.10"),
        marker: {
            ...{ token, state: "staying" },
            closedAt: "2026-11-21T10:00:00Z",
            frozenAt: "2026-11-21T10:00:01Z",
            stayingSince: "2026-11-21T10:00:02Z",
            quiet: {},
        },
    });
    return footprint;
}

const situations: Situation[] = [
    {
        name: "phase install",
        values: { ...environmentValues, phase: "install", restore: undefined },
        run: up(production),
    },
    {
        name: "in a network that is there",
        values: { ...inExistingNetwork(environmentValues), phase: "install", restore: undefined },
        run: up(production),
    },
    {
        name: "phase migrate",
        values: environmentValues,
        others: { ".runtimes.substitutes{}": "3.11.9" },
        run: up({ ...production, ...installed }),
    },
    { name: "production moves to it", values: environmentValues, run: served },
];

describe("keys of an environment", () => {
    let judgement: Judgement;
    before(async function () {
        // Half a minute of work, on a machine that may have other things to do.
        this.timeout(600_000);
        judgement = await judge({ stack: "staging", schemas: [environmentSchema, environmentSecrets], situations });
    });

    it("change something, each of them", () => {
        assertEffects(judgement, exceptions);
    });

    it("are no exceptions any longer once they do", () => {
        assert.deepEqual(idleExceptions(judgement, exceptions), []);
    });
});
