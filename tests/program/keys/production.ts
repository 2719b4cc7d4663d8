// A production stack's run where keys are tried: who serves, what the cloud holds, and, where a capture begins, the closed window itself, called by
// its hooks as an engine calls them.
import type { ProductionConfig } from "../../../config/schema";
import type { HostMarker, HostState } from "../../../contract/host";
import type { CaptureManifest } from "../../../contract/production";
import { freeLoad } from "../freeLoad";
import type { DatabaseFacts } from "../../../logic/databaseFacts";
import type { HeldRecords } from "../../../logic/servingRecords";
import { kinds } from "../../../databases";
import { perProduct, ProductId, productIds } from "../../../products";
import { productionStack } from "../../../stacks/production";
import type { ServingQuestions } from "../../../stacks/questions";
import { secretsOf, Values, wholeValues } from "../../unit/config/samples";
import { hostState } from "../../unit/logic/servingWorld";
import { urlOf } from "../../../products/endpoint";
import type { Lookup } from "../recorder";
import { callHook } from "./engine";
import { Outcome, run } from "./footprint";
import type { Hosts } from "./hosts";
import { answering, cloud, filter, Peers, Published } from "./world";
import { generateKeyPair } from "../../../lab/keyPair";

export const publicAddress = perProduct((product) => `172.16.9.${10 + productIds.indexOf(product)}`);
const stages = wholeValues("prod");
const listed = stages.current as Record<ProductId, Values>;
const hostKey = generateKeyPair().public;

/** Of a product, with names of its own. */
export function databaseOf(product: ProductId, kind: (typeof kinds)[number]): Values {
    const role = "main";
    const named = { role, name: `${product}-data`, user: `${product}-role` };
    return {
        rds: { kind, server: "acme-db", ...named },
        external: { kind, host: "db.acme.com", port: 5433, ...named },
        local: { kind, unit: "postgresql@15-main", dataDirectory: `${mountOf(product)}/pg`, ...named },
        sqlite: { role, kind },
    }[kind];
}

function mountOf(product: ProductId): string {
    return (listed[product].dataVolumes as { mount: string }[])[0].mount;
}

/** Every key but captures; nothing moves. `hosts`: where production's are reached; nowhere when absent. */
export function productionValues(kind: (product: ProductId) => (typeof kinds)[number], hosts?: Hosts): Values {
    return {
        ...stages,
        ...(hosts && { ssh: { user: "posit-operator" } }),
        serve: "current",
        captures: [],
        current: perProduct((product) => ({
            ...{ ...listed[product], user: undefined },
            ...(hosts?.listed[product] ?? { hostKey, port: 2222, user: "admin" }),
            publicAddress: publicAddress[product],
            productPort: 8080,
            dataVolumes: [
                ...(listed[product].dataVolumes as Values[]).map((place) => ({ folder: place.mount, ...place })),
                { volumeId: `vol-0000000${productIds.indexOf(product)}`, mount: "/data/more", folder: "/more" },
            ],
            databases: [databaseOf(product, kind(product))],
        })),
        sharedHomes: { source: "files.acme.com:/homes", type: "nfs4", options: "hard", mount: "/data/homes" },
        secrets: secretsOf.prod,
    };
}

export interface Scene {
    peers?: Peers;
    /** Of hosts that the configuration lists, and of others. */
    listed?: Partial<HostState>;
    other?: Partial<HostState>;
    marker?: HostMarker;
    /** Where a capture may begin. */
    hosts?: Hosts;
    /** Where the names lead once they were moved. */
    after?: Record<ProductId, string>;
    /** People lead the names; what is asked of them is noted. A preview: nobody waits. */
    external?: boolean;
}

const { ttl, ...entryPointNames } = stages.entryPoints as { ttl: number } & Record<ProductId, string>;

/** The zone, with the three names leading to these addresses. */
function leadingTo(addresses: Record<ProductId, string>): HeldRecords {
    return Object.fromEntries(
        productIds.map((product) => [entryPointNames[product], [{ type: "A", values: [addresses[product]], ttl }]]),
    );
}

/** What this very stack published last, while the listed hosts served. */
export function publishedBefore(captures: Record<string, CaptureManifest> = {}): Published {
    const records = perProduct((product) => ({ name: entryPointNames[product], value: publicAddress[product], ttl }));
    return { contract: { captures, serving: { side: "listed", records, commands: {} } } };
}

/** A database that can be restored as it is. */
const ordinary: DatabaseFacts = {
    ...{ version: 15, owner: "connect", ownerIsSuper: false, userIsSuper: false },
    locale: { encoding: "UTF8", collate: "en_US.UTF-8", ctype: "en_US.UTF-8", provider: "c", locale: "" },
    load: freeLoad,
};

function questionsOf(
    { listed: here, other, marker, after, external }: Scene,
    config: ProductionConfig,
    asked: string[],
): ServingQuestions {
    const own =
        "stack" in config.current ? [] : productIds.map((product) => (config.current as Listed)[product].hostKey);
    let looks = 0;
    return {
        state: async ({ target }, product) => hostState(product, own.includes(target.hostKey) ? here : other),
        marker: async (_host, product, token) => ({ token, product, state: "absent", ...marker }),
        changes: async (_host, product, since) => ({ product, since, files: 0, examples: [] }),
        databaseFacts: async (_host, access, master) => {
            asked.push(`asked ${access.host}:${access.port} ${access.name} as ${access.user} of ${master ?? "none"}`);
            return ordinary;
        },
        dryRun: async () => {
            throw new Error("nobody dumps here");
        },
        instance: async () => "running",
        answers: ({ endpoint, path }) => {
            if (!external) throw new Error("no name is asked where records are");
            asked.push(`asked ${urlOf(endpoint, path)}`);
            return Promise.resolve({ addresses: ["203.0.113.9"], answers: [{ status: 503 }] });
        },
        records: async () => leadingTo(looks++ === 0 ? publicAddress : (after ?? publicAddress)),
    };
}

type Listed = Exclude<ProductionConfig["current"], { stack: string }>;

/** Snapshots are there from the moment when all hosts are closed. */
function cloudOf(config: ProductionConfig, hosts: Hosts | undefined): Lookup {
    const volumes = "stack" in config.current ? [] : Object.values(config.current).flatMap((host) => host.dataVolumes);
    const now = () => new Date().toISOString();
    return (args) => {
        const { token, inputs } = args;
        const servers = inputs as { dbInstanceIdentifier?: string; snapshotIds?: string[] };
        switch (token) {
            case "aws:ebs/getSnapshotIds:getSnapshotIds":
                return hosts?.closed() && filter(inputs, "tag:posit:capture")
                    ? { ids: [...new Set(volumes.map(({ volumeId }) => volumeId.replace("vol-", "snap-")))] }
                    : cloud(args);
            case "aws:ebs/getSnapshot:getSnapshot": {
                const id = servers.snapshotIds![0];
                return { id, volumeId: id.replace("snap-", "vol-"), state: "pending", startTime: now() };
            }
            case "aws:rds/getSnapshot:getSnapshot":
                return hosts?.closed()
                    ? {
                          id: "server-snapshot",
                          dbInstanceIdentifier: servers.dbInstanceIdentifier,
                          status: "available",
                          snapshotCreateTime: now(),
                      }
                    : {};
            case "aws:rds/getInstance:getInstance":
                return {
                    ...{ dbInstanceIdentifier: servers.dbInstanceIdentifier, address: "db.acme.com", port: 5432 },
                    ...{ engine: "postgres", engineVersion: "15.8", backupRetentionPeriod: 7, storageEncrypted: true },
                };
            default:
                return cloud(args);
        }
    };
}

/** What a host remembers once a capture was taken; which snapshots are those that the engine's mocks make. */
function recordOf(config: ProductionConfig, product: ProductId): HostMarker | undefined {
    const [capture] = config.captures;
    if (capture === undefined || "stack" in config.current) {
        return undefined;
    }
    const volumes = Object.values(config.current).flatMap(({ dataVolumes }) => dataVolumes);
    const noted: Partial<Record<string, string>> = { external: "dump", local: "folder" };
    const databases = config.current[product].databases.flatMap(({ role, kind }) => {
        const method = noted[kind];
        return method === undefined ? [] : [{ role, method, path: "/data/pg", engineVersion: "15" }];
    });
    const at = (second: number) => `2026-11-21T10:00:0${second}Z`;
    return {
        ...{ token: capture.token, product },
        databases,
        ...{ state: "open", closedAt: at(0), frozenAt: at(1), thawingAt: at(2), openedBy: "complete", openedAt: at(3) },
        quiet: {},
        notes: {
            ...(capture.database !== "snapshot" && { pointInTime: at(2) }),
            snapshots: {
                ...Object.fromEntries(volumes.map(({ volumeId }) => [volumeId, volumeId.replace("vol-", "snap-")])),
                "acme-db": "server-snapshot",
            },
        },
    };
}

export function upProduction(config: ProductionConfig, scene: Scene = {}): Promise<Outcome> {
    const { hosts, external = false } = scene;
    const asked: string[] = [];
    return run({
        stack: "prod",
        preview: external,
        program: () => productionStack(config, questionsOf(scene, config, asked)),
        answer: answering(scene.peers ?? {}, (script, product) =>
            script === "record" ? recordOf(config, product) : undefined,
        ),
        lookup: cloudOf(config, hosts),
        afterwards: async ({ callbacks = {} }) => {
            const closing = Object.keys(callbacks).find((name) => /^capture-.*-close$/.test(name));
            if (!hosts || closing === undefined) {
                return asked;
            }
            hosts.told();
            const closed = await callHook(callbacks[closing]);
            const opened = await callHook(callbacks[closing.replace(/close$/, "opened")]);
            return [...hosts.told(), `ended: ${closed}${opened}`];
        },
    });
}
