// What a production stack publishes for the environments that are made from it: one typed contract, checked at run time.
import { z } from "zod";
import { seal, Secret } from "../logic/secret";
import type { VolumeSpeed } from "../logic/volumeSpeed";
import { carriedSchema, serverSettings } from "../databases";
import { databaseRoles, mainRole, PerProduct } from "../products";
import { listedDatabase, manifestDatabases } from "./earlier";
import { endpoint, forEachProduct, productId } from "./product";
import { missingSecrets, readContract } from "./read";

const finding = z.object({
    code: z.string(),
    verdict: z.enum(["supported", "declare", "refused"]),
    detail: z.string(),
    remedy: z.string(),
});

const inventoryToday = z.object({
    product: productId,
    version: z.string(),
    os: z.object({ id: z.string(), codename: z.string() }),
    runtimes: z.object({ r: z.array(z.string()), python: z.array(z.string()), quarto: z.array(z.string()) }),
    runtimesInUse: z.array(
        z.object({
            language: z.string(),
            version: z.string(),
            content: z.array(z.object({ guid: z.string(), name: z.string(), owner: z.string() })),
        }),
    ),
    accounts: z.array(
        z.object({
            name: z.string(),
            uid: z.number(),
            gid: z.number(),
            home: z.string().optional(),
            /** Beside their own; the system's apart. Absent in what an older version read. */
            groups: z.array(z.string()).optional(),
        }),
    ),
    /** Those that somebody is in beside the own one. */
    groups: z.array(z.object({ name: z.string(), gid: z.number() })).optional(),
    /** "sha256:…" of the product's key. */
    keyFingerprint: z.string(),
    mounts: z.array(z.object({ path: z.string(), device: z.string(), fsType: z.string() }).loose()),
    /** What the product's own configuration says of each; of its own data where nothing else is said. */
    databases: z.array(
        z
            .object({
                role: z.enum(databaseRoles).default(mainRole),
                provider: z.string(),
                host: z.string().optional(),
                name: z.string().optional(),
                user: z.string().optional(),
            })
            .loose(),
    ),
    /** What the product's own configuration says of that, on the host. Absent in what an older version read. */
    endpoints: z
        .object({
            /** Where it listens; "*" is every address of the host. */
            listens: z.array(endpoint),
            /** Its public address, as it is written there; empty where it has none. */
            address: z.string(),
        })
        .optional(),
    /** ARN of the host's own; empty where it has none, or nobody could tell. Absent in what an older version read. */
    instanceProfile: z.string().optional(),
    findings: z.array(finding),
    counts: z.record(z.string(), z.number()),
});
const inventory = z.preprocess(listedDatabase, inventoryToday);
/** hosts/inventory.sh */
export const inventorySchema = inventory;
export type Inventory = z.infer<typeof inventory>;

const configFile = z.object({
    path: z.string(),
    content: z.string(),
    encoding: z.enum(["utf8", "base64"]).optional(),
    owner: z.string(),
    group: z.string(),
    mode: z.string(),
});

const productSecrets = z.object({
    files: z.array(configFile),
    key: configFile.nullish(),
    passwords: z.array(z.object({ name: z.string(), hash: z.string() })).default([]),
});
/** hosts/secrets.sh */
export const productSecretsSchema = productSecrets;
/** What a product's files hold: many a password among them. */
export type ProductSecrets = z.infer<typeof productSecrets>;
const sealedSecrets = productSecrets.transform((files) => seal(files));

/** Homes on a file system of the network, as /etc/fstab has them. */
const sharedHomes = z.object({ source: z.string(), type: z.string(), options: z.string(), mount: z.string() });
export type SharedHomes = z.infer<typeof sharedHomes>;

const volumeSpeed = z.object({
    type: z.string(),
    iops: z.number().optional(),
    /** MiB/s */
    throughput: z.number().optional(),
}) satisfies z.ZodType<VolumeSpeed>;

const manifestToday = z.object({
    token: z.string(),
    state: z.enum(["complete", "void"]),
    reasons: z.array(z.string()),
    /** It ended well, and is void only since the cloud lacks a part of it: looked for again at each run (they may have been another account's credentials). */
    lost: z.boolean().optional(),
    /** Production stayed closed after it, and no host was opened since; once lost it never comes back. */
    final: z.boolean(),
    /** Of one that was final: who was opened since, when and by what. It can be restored as a rehearsal. */
    openedSince: z.array(z.string()).optional(),
    region: z.string(),
    /** ISO 8601; when the first host was closed. */
    takenAt: z.string().optional(),
    /** Seconds from stop to answering again, by product, as the hosts measured them; absent while closed. */
    closedSeconds: z.partialRecord(productId, z.number()),
    /** What those seconds went to, by product. */
    phases: z
        .partialRecord(
            productId,
            z.object({
                stop: z.number(),
                proveQuiet: z.number(),
                request: z.number(),
                start: z.number(),
                /** At arming, before anything was closed: whether the product answers where the thaw will ask. */
                question: z.number().optional(),
                /** Part of proveQuiet: what was written by what ended last. */
                secondSync: z.number().optional(),
            }),
        )
        .default({}),
    /** Products that did not simply answer again: what the host says of that, and when one did after all, seconds from the stop. */
    waited: z.partialRecord(productId, z.object({ health: z.string(), seconds: z.number().optional() })).optional(),
    /** ISO 8601; while production stays closed: when it opens by itself, should nobody serve or revert. */
    stayUntil: z.string().optional(),
    volumes: z.array(
        z.object({
            product: productId,
            mount: z.string(),
            snapshotId: z.string(),
            volumeId: z.string(),
            /** GiB */
            size: z.number(),
            /** Within the volume's file system, where the data is not the whole of it. */
            folder: z.string().optional(),
            /** How fast the volume was when it was captured. Absent in what an older version took, and where the cloud did not say. */
            speed: volumeSpeed.optional(),
        }),
    ),
    /** Managed servers. */
    databases: z.array(
        z.object({
            server: z.string(),
            method: z.enum(["pointInTime", "snapshot"]),
            snapshotIdentifier: z.string().optional(),
            /** ISO 8601, a whole second */
            restoreTime: z.string().optional(),
            engineVersion: z.string(),
            /** Of the server when it was captured; a restore is encrypted as its source. Absent in what an older version took. */
            storageEncrypted: z.boolean().optional(),
            /** ARN of the key it is encrypted with. */
            kmsKeyId: z.string().optional(),
            /** Its other settings then, of which a restore is told some. Absent in what an older version took. */
            settings: serverSettings.optional(),
            databases: z.array(
                z.object({ product: productId, role: z.enum(databaseRoles), name: z.string(), user: z.string() }),
            ),
        }),
    ),
    /** Those that came along on their hosts' volumes. */
    volumeDatabases: z.array(carriedSchema).default([]),
    /** Not captured: environments mount the same. */
    sharedHomes: sharedHomes.optional(),
    /** What was proved of each closed host, by kind: units, processes, open files, database, sync. */
    quiet: z.partialRecord(productId, z.record(z.string(), z.string())).default({}),
    versions: z.partialRecord(productId, z.string()),
    /** Of what hosts said, without the findings that this stack adds to it. */
    inventoryDigest: z.string(),
});
const captureManifest = z.preprocess(manifestDatabases, manifestToday);
export type CaptureManifest = z.infer<typeof captureManifest>;

const servingCommand = z.object({
    action: z.enum(["retire", "close", "open", "revive", "health"]),
    /** Which move it belongs to: it runs again only when another move asks for it. */
    move: z.string(),
});
export type ServingCommand = z.infer<typeof servingCommand>;

const serving = z.object({
    /** "listed" or a stack's full name. */
    side: z.string(),
    /** The side that gave way to it, when one did. */
    retired: z.string().optional(),
    direction: z.enum(["forward", "back"]).optional(),
    /** The capture whose restore serves. */
    token: z.string().optional(),
    /** What was done on which host: an instance id, or "health-" and an instance id. */
    commands: z.record(z.string(), servingCommand).optional(),
    /** What the names were led to; without a TTL where they are no records of this program. */
    records: z
        .partialRecord(
            productId,
            z.object({
                name: z.string(),
                value: z.string(),
                ttl: z.number().optional(),
                overwrite: z.boolean().optional(),
                /** What the hosts in posit:current answered through it when they were last seen to serve: HTTP's status, of a name that something else leads. */
                listedStatus: z.number().optional(),
            }),
        )
        .optional(),
});
export type Serving = z.infer<typeof serving>;

const databaseServer = z.object({
    /** Its identifier at RDS, or its host. */
    server: z.string(),
    /** As its product's host reaches it. Absent where RDS could not be asked. */
    address: z.string().optional(),
    port: z.number(),
});
export type PublishedServer = z.infer<typeof databaseServer>;

const contract = z.object({
    contract: z.literal("posit-production/1"),
    region: z.string(),
    inventory: forEachProduct(inventory),
    captures: z.record(z.string(), captureManifest),
    /** By token: how long products may take to answer after a start, as configured now. Absent in what an older version published. */
    startSeconds: z.record(z.string(), z.number()).optional(),
    serving,
    sharedHomes: sharedHomes.optional(),
    /** Public names. */
    names: forEachProduct(z.string()).optional(),
    /** Where these lead users, who type it. Absent in what an older version published, and without entry points. */
    endpoints: forEachProduct(endpoint).optional(),
    /** Of the hosts that serve: where they are reached, and what their names' records say. Absent in what an older version published. */
    addresses: forEachProduct(z.array(z.string())).optional(),
    /** Of their databases, those that are on no product's host. Absent in what an older version published. */
    databaseServers: z.array(databaseServer).optional(),
});

export type ProductionContract = z.infer<typeof contract>;
export type ProductionOutputs = ProductionContract & {
    secrets: PerProduct<Secret<ProductSecrets>>;
};

const own = contract
    .pick({ captures: true, serving: true, names: true })
    .extend({
        /** What was found of each product; whatever else an older version read of it. */
        inventory: forEachProduct(z.object({ findings: z.array(finding) }).loose())
            .optional()
            .catch(undefined),
        databaseServers: z.array(databaseServer).optional().catch(undefined),
    })
    .loose();
/** What the production stack needs of its own last outputs; the rest it makes anew, so an older version's shape is no obstacle. */
export type OwnProduction = z.infer<typeof own>;

export function readOwnProduction(published: unknown): OwnProduction | undefined {
    return readContract(own, published, "this stack's last outputs");
}

/** `undefined` while nothing was published; throws with every problem when it was, but is not what it should be. */
export function readProduction(published: unknown, secrets: unknown, from: string): ProductionOutputs | undefined {
    const read = readContract(contract, published, from);
    return (
        read && {
            ...read,
            secrets: readContract(forEachProduct(sealedSecrets), secrets, `${from}, secrets`) ?? missingSecrets(from),
        }
    );
}
