// What the rehearsal configures must stay a configuration: values as lab/rehearse/values.ts makes them.
import assert from "node:assert/strict";
import { parseConfig } from "../../../config/parse";
import { localPostgres, sharedHomes, sources, SourcesName } from "../../../lab/legacy/sources";
import type { LegacyFacts } from "../../../lab/legacy/facts";
import { people } from "../../../lab/legacy/world";
import type { Rehearsal } from "../../../lab/rehearse/rehearsal";
import { productionValues, stagingValues } from "../../../lab/rehearse/values";
import { perProduct, productIds, products } from "../../../products";
import { bootstrapKey, certificate, handedOver, operatorKey, password, signingKey, Values } from "./samples";

const id = (kind: string, index: number) => `${kind}-0${"9f3c1b7ad2e4508".slice(0, 15)}${index}`;

function factsOf(name: SourcesName): LegacyFacts {
    let volumes = 0;
    return {
        sources: name,
        zoneId: "Z05F2C0A91B77D3E4C",
        sshPrivateKey: operatorKey.private,
        packages: { url: "http://repository.test/apt", signingKey },
        hosts: perProduct((product) => {
            const ids: Record<string, string> = {};
            return {
                instanceId: id("i", productIds.indexOf(product)),
                address: `10.10.1.1${productIds.indexOf(product)}`,
                hostKey: operatorKey.public,
                user: "admin",
                dataVolumes: sources[name][product].places.map(({ mount, volume, folder }) => ({
                    volumeId: (ids[volume] ??= `vol-0a1c${(volumes++).toString(16).padStart(4, "0")}`),
                    mount,
                    ...(folder && { folder }),
                })),
            };
        }),
        database: {
            server: "legacy-db",
            address: "10.10.1.20",
            port: 5432,
            caCertificate: certificate,
            engineVersion: "15.8",
            passwords: perProduct(() => password),
        },
    } as unknown as LegacyFacts;
}

const thereAlready = {
    ...{ vpcId: "vpc-0a1b2c3d4e5f67890", cidr: "10.30.0.0/16", routeTableId: "rtb-0a1b2c3d4e5f67890" },
    subnets: { "us-east-1a": "subnet-0a1b2c3d4e5f67890", "us-east-1b": "subnet-0a1b2c3d4e5f67891" },
};

const withoutNamespace = (values: Values): Values =>
    Object.fromEntries(
        Object.entries(values)
            .filter(([key]) => key.startsWith("posit:"))
            .map(([key, value]) => [key.slice("posit:".length), value]),
    );

describe("the rehearsal's configuration", () => {
    for (const name of Object.keys(sources) as SourcesName[]) {
        it(`is accepted with ${name} sources`, () => {
            const facts = factsOf(name);
            const secrets = { sshPrivateKey: operatorKey.private, databasePasswords: facts.database.passwords };
            const values = {
                ...withoutNamespace(productionValues(facts)),
                captures: [
                    "rehearsal-a",
                    "lost-x",
                    "final-x",
                    "final-b",
                    "final-c",
                    "next-d",
                    "no-fault",
                    "wrong-volume",
                ].map((token) => ({ token, reopen: true })),
                overrides: [{ gate: "serve.window", reason: "The rehearsal goes forward again and loses nothing." }],
                serve: { stack: "staging" },
            };
            parseConfig(handedOver({ ...values, secrets }), ["secrets"], "prod");
            const byPeople = { ...values, ...withoutNamespace(productionValues(facts, true)) };
            parseConfig(handedOver({ ...byPeople, secrets }), ["secrets"], "prod");
            const again = { ...values, current: { stack: "staging" }, serve: "current" };
            parseConfig(handedOver({ ...again, secrets }), ["secrets"], "prod");
            assert.ok(localPostgres.dataDirectory && sharedHomes.source);
        });
    }

    for (const existing of [false, true]) {
        it(`is accepted for the environment, in ${existing ? "a network that was there" : "its own network"}`, () => {
            acceptEnvironment(existing ? { network: thereAlready, before: undefined } : undefined);
        });
    }

    const acceptEnvironment = (existing: Rehearsal["existing"]) => {
        const inventory = perProduct((product) => ({
            runtimesInUse: [{ language: "python", version: "3.11.2", content: [] }],
            // Each host counts its service accounts by itself; Postgres may have the number that another host's product has.
            accounts: [
                { name: products[product].account, uid: 999, gid: 999 },
                ...(product === "workbench"
                    ? [
                          ...people.map(({ name, uid, gid }) => ({ name, uid, gid })),
                          { name: "postgres", uid: 999, gid: 998 },
                      ]
                    : []),
            ],
        }));
        const stacks = { prod: { outputs: { contract: { inventory } } } };
        const rehearsal = { facts: factsOf("plain"), stacks, options: { external: true }, existing };
        const values = withoutNamespace(stagingValues(rehearsal as unknown as Rehearsal));
        const secrets = {
            sshPrivateKey: operatorKey.private,
            bootstrapHostKey: bootstrapKey.private,
            databaseMasterPassword: "q3-_q3-_q3-_q3-_q3-_q3-_",
            databasePasswords: perProduct(() => password),
        };
        parseConfig(handedOver({ ...values, secrets }), ["secrets"], "staging");
        const network = { ...(values.network as Values), userCidrs: ["10.1.0.0/24", "10.1.1.0/24"] };
        const digest = `sha256:${"4f".repeat(32)}`;
        const later = {
            ...values,
            network,
            phase: "migrate",
            restore: "rehearsal-a",
            prepare: "final-b",
            accepted: { install: digest, migrate: digest },
        };
        parseConfig(handedOver({ ...later, secrets }), ["secrets"], "staging");
    };
});
