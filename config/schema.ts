// The configuration of a stack: one schema per role. Its reference page (docs/configuration.md) is generated from here:
// `describe` gives the text, `meta({ examples })` an example, `meta({ caution })` what can destroy data.
import { z } from "zod";
import { productIds } from "../products/ids";

const perProduct = <T extends z.ZodType>(schema: T) =>
    z.strictObject({ packageManager: schema, workbench: schema, connect: schema });

const cidr = z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "must be an IPv4 range such as 10.20.0.0/16");
const cidrs = z.array(cidr);
const hostKey = z
    .string()
    .regex(
        /^(ssh-ed25519|ecdsa-sha2-nistp\d+|ssh-rsa) [A-Za-z0-9+/=]+/,
        "must be a public key such as `ssh-ed25519 AAAA…` (ssh-keyscan -t ed25519 HOST, compared with the host's own)",
    );
const dnsName = z
    .string()
    .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "must be a lower-case DNS name");
const stackName = z.string().min(1);
const absolutePath = z.string().startsWith("/", "must be an absolute path");
export const tokenPattern = /^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$/;
const token = z.string().regex(tokenPattern, "must be 3 to 32 of a-z, 0-9 and -, for example 2026-11-21a");
const digest = z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, "must be the digest of a receipt, as `pulumi stack output` prints it");

const bastion = z
    .strictObject({
        address: z.string(),
        port: z.number().int().positive().optional(),
        user: z.string(),
        hostKey,
    })
    .describe("A host that leads to the others by SSH.");

const ssh = z
    .strictObject({
        user: z.string().default("posit-operator").describe("Login user; may use sudo without a password."),
        port: z.number().int().positive().default(22).describe("SSH port."),
        bastion: bastion.optional(),
    })
    .prefault({})
    .describe("How hosts are reached.");

const override = z.strictObject({
    gate: z.string().describe("The gate that is overridden, as the refusal names it."),
    reason: z
        .string()
        .min(10, "must say why, in at least ten characters")
        .describe("Why; printed at every `up` until the override is removed."),
});

const project = z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,30}$/, "must be 2 to 31 of a-z, 0-9 and -, beginning with a letter")
    .describe("Value of the Project tag and first part of physical names.")
    .meta({ examples: ["acme-posit"] });

const common = {
    project,
    ssh,
    overrides: z.array(override).default([]).describe("Gates that a person overrides, each with a reason."),
};

const product = z.strictObject({
    version: z
        .string()
        .describe("Exact version of the product's package; it is held. Must not be older than production's.")
        .meta({ examples: ["2026.03.1"] }),
    instanceType: z
        .string()
        .describe("EC2 instance type.")
        .meta({ examples: ["m6i.xlarge"] }),
    rootVolumeSize: z.number().int().min(8).default(30).describe("GiB of the root volume."),
    volumeSize: z
        .number()
        .int()
        .min(1)
        .default(50)
        .describe("GiB of each blank data volume in phase install; a restored volume has its source's size."),
    settings: z
        .record(z.string(), z.string())
        .default({})
        .describe("Settings that must differ from production's, as `Section.Key` (Workbench: `file.key`)."),
    differs: z.array(z.string()).default([]).describe("Settings declared to differ from production on purpose."),
});

export const environmentSchema = z.strictObject({
    role: z.literal("environment"),
    ...common,
    phase: z
        .enum(["install", "migrate"])
        .describe("`install` builds the environment with no content; `migrate` restores a capture into it.")
        .meta({
            caution: "Moving to `migrate` deletes the blank volumes and the blank database server of phase install.",
        }),
    restore: token.optional().describe("Token of the capture to restore; needed in phase migrate.").meta({
        caution:
            "A newer token replaces what users did in this environment by the newer capture; the old volumes and a final database snapshot stay in the account.",
    }),
    accepted: z
        .strictObject({ install: digest.optional(), migrate: digest.optional() })
        .default({})
        .describe("Digests of the receipts a person has read and accepts."),
    production: stackName
        .optional()
        .describe("The production stack whose inventory, keys and captures this environment uses."),
    network: z
        .strictObject({
            vpcCidr: cidr.describe("Range of the new VPC."),
            zones: z
                .array(z.string())
                .min(2, "a database subnet group needs two zones")
                .describe("Availability zones; hosts live in the first."),
            subnetCidrs: cidrs.min(2).describe("One private subnet per zone."),
            operatorCidrs: cidrs.describe("Where `pulumi up` comes from: SSH and Postgres."),
            userCidrs: cidrs.describe("Where users come from: the products' ports."),
            packageCidrs: cidrs.default([]).describe("Package repositories: what hosts may call on ports 80 and 443."),
            dnsCidrs: cidrs.default([]).describe("Resolvers."),
            natSubnetCidr: cidr
                .optional()
                .describe("Public subnet for a NAT gateway; without it there is no way out but the transit gateway."),
            transitGatewayId: z.string().optional().describe("Leads to operators and users."),
        })
        .describe("The isolated network. Nothing is open to the world."),
    operatingSystem: z.strictObject({
        ami: z
            .string()
            .regex(/^ami-[0-9a-f]{8,17}$/, "must be an image id such as ami-0123456789abcdef0")
            .describe("Image of the three hosts."),
        codename: z
            .string()
            .describe("Its code name, part of the URLs of binary packages.")
            .meta({ examples: ["trixie", "noble"] }),
    }),
    packages: z.strictObject({
        url: z.url().describe("apt repository of the Posit packages."),
        signingKey: z.string().describe("Its public signing key, armored."),
    }),
    names: perProduct(dnsName).describe("The final public names, from the first day."),
    packageManager: product,
    workbench: product,
    connect: product,
    database: z.strictObject({
        engineVersion: z
            .string()
            .describe("Postgres version of the fresh server.")
            .meta({ examples: ["15.8"] }),
        instanceClass: z
            .string()
            .describe("RDS instance class.")
            .meta({ examples: ["db.t4g.medium"] }),
        allocatedStorage: z.number().int().min(20).default(20).describe("GiB of the fresh server."),
        masterUsername: z
            .string()
            .default("posit_master")
            .describe("Master user of the fresh server; a restored one keeps its source's."),
        caCertificate: z
            .string()
            .optional()
            .describe("PEM of the CA that signs the servers' certificates; with it they are verified in full."),
        backupRetentionDays: z.number().int().min(1).default(7).describe("Days of automated backups."),
    }),
    kmsKeyId: z
        .string()
        .optional()
        .describe("KMS key of volumes and databases; the account's default key when absent."),
    runtimes: z
        .strictObject({
            r: z.array(z.string()).default([]),
            python: z.array(z.string()).default([]),
            quarto: z.array(z.string()).default([]),
            substitutes: z
                .record(z.string(), z.string())
                .default({})
                .describe("Runtimes of production's content that others stand in for, as `python 3.11` → `3.13`."),
        })
        .prefault({})
        .describe("R, Python and Quarto versions of the new hosts."),
    accounts: z
        .array(
            z.strictObject({
                name: z.string(),
                uid: z.number().int(),
                gid: z.number().int(),
                home: absolutePath.optional(),
                groups: z.array(z.string()).optional(),
            }),
        )
        .default([])
        .describe(
            "Users and service accounts with production's numbers; owners of restored files are compared with them.",
        ),
    deletionProtection: z
        .boolean()
        .default(false)
        .describe("Refuse termination of hosts and deletion of databases; set it once the environment serves."),
});

const database = z.strictObject({
    server: z.string().describe("RDS instance identifier."),
    name: z.string(),
    user: z.string().describe("The product's role, whose sessions must end for a capture."),
});

const listedHost = z.strictObject({
    instanceId: z.string().regex(/^i-[0-9a-f]{8,17}$/, "must be an instance id such as i-0123456789abcdef0"),
    address: z.string().describe("Address that the runner and the public name lead to."),
    hostKey,
    user: z.string().optional(),
    port: z.number().int().positive().optional(),
    dataVolumes: z
        .array(
            z.strictObject({
                volumeId: z.string().regex(/^vol-[0-9a-f]{8,17}$/, "must be a volume id"),
                mount: absolutePath,
            }),
        )
        .min(1)
        .describe("EBS volumes that hold the product's data, and where they are mounted."),
    database,
});

const capture = z.strictObject({
    token: token
        .describe("Name of the capture; used once, never for anything else.")
        .meta({ examples: ["2026-11-21a"] }),
    reopen: z
        .boolean()
        .describe(
            "Open production again as soon as the snapshots are requested; false keeps it closed for the cutover.",
        )
        .meta({
            caution:
                "`false` keeps production closed until it is served by the new environment. Changing it to `true` afterwards gives the cutover up and opens production.",
        }),
    notBefore: z.iso
        .datetime({ offset: true })
        .optional()
        .describe("Begin no earlier; until then `up` waits and touches nothing."),
    notAfter: z.iso.datetime({ offset: true }).optional().describe("Begin no later."),
    maxClosedSeconds: z
        .number()
        .int()
        .min(10)
        .default(300)
        .describe("After so many seconds each host opens by itself, whatever happened to the program."),
    drainSeconds: z
        .number()
        .int()
        .min(0)
        .default(120)
        .describe("How long work in progress may take to end while everything still serves."),
    force: z
        .boolean()
        .default(false)
        .describe("End what is still busy then.")
        .meta({ caution: "Cuts running sessions, renders and builds." }),
    database: z
        .enum(["pointInTime", "snapshot"])
        .default("pointInTime")
        .describe("How databases are captured; `snapshot` keeps production closed until RDS has finished it."),
});
export type CaptureConfig = z.infer<typeof capture>;

export const productionSchema = z.strictObject({
    role: z.literal("production"),
    ...common,
    current: z
        .union([z.strictObject({ stack: stackName }), perProduct(listedHost)])
        .describe("What serves now: hosts installed by hand, or an environment stack of an earlier upgrade."),
    captures: z.array(capture).default([]).describe("Closed windows, oldest first.").meta({
        caution:
            "Appending one closes production for seconds. Taking one away releases its snapshots from the state; they stay in the account.",
    }),
    entryPoints: z
        .strictObject({
            zone: z.string().describe("Route 53 hosted zone id."),
            packageManager: dnsName,
            workbench: dnsName,
            connect: dnsName,
            ttl: z.number().int().min(1).default(60).describe("Seconds; lower it some time before the cutover."),
        })
        .optional()
        .describe("The three names users know."),
    serve: z
        .union([z.literal("current"), z.strictObject({ stack: stackName })])
        .default("current")
        .describe("The side that the names lead to.")
        .meta({ caution: "Moving back after users have written to the new side loses what they wrote." }),
    environments: z
        .array(stackName)
        .default([])
        .describe("Environment stacks that may restore from here; a capture in use is not dropped."),
    databaseCaCertificate: z.string().optional().describe("PEM of the CA of the current database servers."),
});

const databasePasswords = perProduct(z.string().min(1));
export const environmentSecrets = z.strictObject({
    sshPrivateKey: z.string().describe("OpenSSH private key of the operator."),
    bootstrapHostKey: z
        .string()
        .describe("OpenSSH ed25519 private key that new hosts show on the first connection only."),
    databaseMasterPassword: z.string().min(8),
    databasePasswords: databasePasswords.describe("Passwords of the product roles in this environment."),
});
export const productionSecrets = z.strictObject({
    sshPrivateKey: z.string().describe("OpenSSH private key of the operator."),
    databasePasswords: databasePasswords.describe("Passwords of the product roles of the current databases."),
});

export type EnvironmentSecrets = z.infer<typeof environmentSecrets>;
export type ProductionSecrets = z.infer<typeof productionSecrets>;
export type EnvironmentConfig = z.infer<typeof environmentSchema> & { secrets: EnvironmentSecrets };
export type ProductionConfig = z.infer<typeof productionSchema> & { secrets: ProductionSecrets };
export type StackConfig = EnvironmentConfig | ProductionConfig;
export { productIds };
