// No key of the production side's configuration is accepted and does nothing. Proves that something is asked for, said, refused or told to a host
// otherwise; not that hosts or AWS do what it says.
import assert from "node:assert/strict";
import { productionSchema, productionSecrets, type ProductionConfig } from "../../config/schema";
import { kinds } from "../../databases";
import { perProduct, productIds } from "../../products";
import { alike, entryPointsOf } from "../unit/config/leaves";
import { Values } from "../unit/config/samples";
import { environmentConfig, installed, upEnvironment } from "./keys/environment";
import { publishedBy } from "./keys/footprint";
import { Hosts, playedHosts } from "./keys/hosts";
import { assertEffects, idleExceptions, judge, Judgement, Situation } from "./keys/judge";
import { Certificate, certificateFor } from "./keys/postgres";
import { productionValues, publishedBefore, Scene, upProduction } from "./keys/production";
import { newAddress, publishedEnvironment, stackName, token } from "./keys/world";
import { manifest } from "./world";

/** Keys that need no effect, and why; one that has an effect by now fails. */
const exceptions: Record<string, string> = {
    ".role": "says which of the two this is; another role is another schema",
    ...Object.fromEntries(
        kinds.map((_kind, index) => [
            `.current|1.PRODUCT.databases[]|${index}.role`,
            "a product has one database today (databaseRoles); what a second one would do is tried in tests/unit/databases",
        ]),
    ),
};

const capture = {
    token,
    reopen: true,
    maxClosedSeconds: 60,
    maxStaySeconds: 86_400,
    startSeconds: 300,
    warmUp: true,
    notice: "Posit Team is moving to new servers.",
    backMinutes: 60,
    drainSeconds: 120,
    force: false,
    // A moment takes two quiet seconds.
    database: "snapshot",
};
const environment = { [stackName("staging")]: publishedEnvironment() };
const plain = productionValues(() => "sqlite");

const up = (scene: Scene) => async (config: unknown) =>
    (await upProduction(config as ProductionConfig, scene)).footprint;

/** An environment restores what production published. */
async function restored(config: unknown): Promise<string[]> {
    const production = await publishedBy(await upProduction(config as ProductionConfig));
    const names = perProduct((product) => `http://${(plain.entryPoints as Record<string, string>)[product]}:8080`);
    const peers = { ...installed, [stackName("prod")]: production };
    return (await upEnvironment({ ...environmentConfig, names }, peers)).footprint;
}

const withoutHosts: Situation[] = [
    { name: "the first run", values: plain, run: up({}) },
    {
        name: "another stack serves",
        values: { ...plain, current: { stack: "staging" }, entryPoints: undefined },
        run: up({ peers: environment }),
    },
    {
        name: "the names move",
        values: {
            ...plain,
            serve: { stack: "staging" },
            overrides: accept("serve.window", "final", "migrated", "accepted"),
        },
        run: up({
            peers: { ...environment, [stackName("prod")]: publishedBefore() },
            other: { side: "quarantined" },
            after: perProduct(newAddress),
        }),
    },
    {
        name: "names that something else leads are to move",
        values: {
            ...plain,
            serve: { stack: "staging" },
            entryPoints: entryPointsOf("external", plain.entryPoints),
            overrides: accept("serve.window", "final", "migrated", "accepted", "names"),
        },
        run: up({
            peers: { ...environment, [stackName("prod")]: publishedBefore() },
            other: { side: "quarantined" },
            external: true,
        }),
    },
    {
        name: "captures wait, and one that was dropped is in use elsewhere",
        values: {
            ...plain,
            environments: ["elsewhere"],
            captures: [
                { ...capture, token: "later", notBefore: "2999-01-01T00:00:00Z" },
                { ...capture, token: "too-late", notAfter: "2020-01-01T00:00:00Z" },
            ],
        },
        run: up({
            peers: {
                [stackName("staging")]: publishedEnvironment({ restored: token }),
                [stackName("prod")]: publishedBefore({ [token]: manifest(token) }),
            },
        }),
    },
    {
        name: "an environment restores its capture",
        values: { ...productionValues(() => "local"), captures: [capture] },
        run: restored,
    },
];

function accept(...gates: string[]): Values[] {
    return gates.map((gate) => ({ gate, reason: "agreed with the owners, ticket 4711" }));
}

/** The window is closed and opened; each product has another kind of database. */
function capturing(hosts: Hosts, { cert }: Certificate): Situation {
    return {
        name: "a capture",
        values: {
            ...productionValues((product) => kinds[productIds.indexOf(product)], hosts),
            captures: [capture],
            databaseCaCertificate: cert,
        },
        run: up({ hosts }),
    };
}

describe("keys of the production side", () => {
    let hosts: Hosts;
    let judgement: Judgement;
    before(async function () {
        // Half a minute of work, on a machine that may have other things to do.
        this.timeout(600_000);
        const certificate = certificateFor("db.acme.com");
        hosts = await playedHosts(certificate);
        judgement = await judge({
            stack: "prod",
            schemas: [productionSchema, productionSecrets],
            same: alike,
            situations: [...withoutHosts, capturing(hosts, certificate)],
        });
    });
    after(() => hosts.stop());

    it("change something, each of them", () => {
        assertEffects(judgement, exceptions);
    });

    it("are no exceptions any longer once they do", () => {
        assert.deepEqual(idleExceptions(judgement, exceptions), []);
    });
});
