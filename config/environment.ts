// The configuration of a new environment.
import { z } from "zod";
import { absolutePath, cidr, cidrs, common, digest, dnsName, perProduct, stackName, token } from "./common";

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
            storageCidrs: cidrs
                .default([])
                .describe("File servers of shared homes: what Workbench's host may call on port 2049 (NFS, EFS)."),
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
