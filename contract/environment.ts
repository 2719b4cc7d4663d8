// What an environment stack publishes for the production side: where its hosts and databases are, and what was proved about them.
import { z } from "zod";
import { seal } from "../logic/secret";
import { publishedSchema } from "../databases";
import { databaseRoles, perProduct } from "../products";
import { localEndpoint, usualPort } from "../products/endpoints";
import { listsByProduct, passwordsByRole } from "./earlier";
import { endpoint, forEachProduct } from "./product";
import { missingSecrets, readContract } from "./read";

const host = z.object({
    instanceId: z.string(),
    address: z.string(),
    hostKey: z.string(),
    user: z.string(),
    /** Of SSH. Absent in what an older version published: then it is taken to be the reader's own (posit:ssh.port). */
    port: z.number().int().optional(),
    /** Where its product answers on it. */
    local: endpoint,
    dataVolumes: z.array(z.object({ volumeId: z.string(), mount: z.string(), folder: z.string().optional() })),
});
export type HostContract = z.infer<typeof host>;

/** An older version published no `local`: products listened on their usual ports. */
const hosts = z.object(
    perProduct((product) =>
        host.extend({ local: endpoint.optional() }).transform(({ local, ...rest }): HostContract => ({
            ...rest,
            local: local ?? localEndpoint(rest.address, usualPort(product)),
        })),
    ),
);

/**
 * What is decided by of a receipt that was published (logic/receipt.ts makes it); the rest is kept as it is. One that lost its body, or does
 * not say that it passed, has not passed: gates say so, and a run in its phase publishes it anew.
 */
const receiptBody = z
    .object({ passed: z.boolean().optional(), verdicts: z.record(z.string(), z.string()).optional() })
    .loose();
const receipt = z.object({ digest: z.string(), body: receiptBody.nullish() });
export type PublishedReceipt = z.infer<typeof receipt>;

const contract = z.object({
    contract: z.literal("posit-environment/1"),
    phase: z.enum(["install", "migrate"]),
    hosts,
    databases: z.preprocess(listsByProduct, forEachProduct(z.array(publishedSchema))),
    /** By which name the volume of each data mount is attached. Absent in what an older version published. */
    devices: forEachProduct(z.array(z.object({ mount: z.string(), device: z.string() }))).optional(),
    receipts: z.object({ install: receipt.optional(), migrate: receipt.optional() }),
    /** Token of the capture whose content it has. */
    restored: z.string().optional(),
    /** Token of the capture whose dumps' server stands, whether anything was loaded into it or not. */
    prepared: z.string().optional(),
    accepted: z.object({ install: z.string().optional(), migrate: z.string().optional() }).optional(),
    names: forEachProduct(z.string()),
    /** What users type. Absent in what an older version published. */
    endpoints: forEachProduct(endpoint).optional(),
    /** What can't be changed without making hosts and volumes anew. */
    placed: z
        .object({
            zone: z.string(),
            /** Of a network of its own. */
            subnetCidr: z.string().optional(),
            vpcCidr: z.string().optional(),
            /** Of one that was there. */
            subnetId: z.string().optional(),
            vpcId: z.string().optional(),
            kmsKeyId: z.string().optional(),
        })
        .optional(),
    /** The engine refuses to delete or replace its hosts, volumes and database servers. Absent in what an older version published: it did not. */
    protected: z.boolean().optional(),
});

export type EnvironmentOutputs = z.infer<typeof contract>;

/** `undefined` while nothing was published; throws with every problem when it was, but is not what it should be. */
export function readEnvironment(published: unknown, from: string): EnvironmentOutputs | undefined {
    return readContract(contract, published, from);
}

const password = z.string().transform((text) => seal(text));
/** Of each product's databases, by role. */
const passwords = z.partialRecord(z.enum(databaseRoles), password);
const secrets = z.object({
    databasePasswords: z.preprocess(passwordsByRole, forEachProduct(passwords.optional())),
});
export type EnvironmentPublishedSecrets = z.infer<typeof secrets>;

/** Throws when they are not there: a peer under another secrets provider gives {} silently. */
export function readEnvironmentSecrets(published: unknown, from: string): EnvironmentPublishedSecrets {
    return readContract(secrets, published, `${from}, secrets`) ?? missingSecrets(from);
}
