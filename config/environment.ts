// The configuration of a new environment.
import { z } from "zod";
import { osFamilies } from "../logic/operatingSystems";
import { operatorUid } from "../logic/operator";
import { perProduct, ProductId, products } from "../products";
import { settingGrammars } from "../products/settings";
import {
    accountName,
    common,
    digest,
    strictForEachProduct,
    pathLike,
    publicName,
    stackName,
    token,
    usableAddress,
} from "./common";
import { certificatesProblem, signingKeyProblem } from "./keys";
import { controlCharacters, text, whole } from "./leaves";
import { networkSchema } from "./network";

/** Setting → value, or a list of such. */
function settingsOf(id: ProductId) {
    const { must, example, exampleValue, identity } = settingGrammars[id];
    const name = text(must, example, (value) =>
        identity(value) === undefined ? `${must}; for example ${example}` : undefined,
    );
    const line = text("must be one line of text", exampleValue, (value) =>
        controlCharacters.test(value)
            ? "must be one line without control characters: a second line would be another setting"
            : value.length > 4096
              ? "is longer than 4096 characters"
              : undefined,
    );
    const value = z.union([line, z.array(line).min(1)]).meta({
        must: "must be one line of text without control characters, 4096 characters at most, or a list of such where the setting may stand several times",
        examples: [exampleValue],
    });
    return z
        .record(name, value)
        .default({})
        .describe(
            `Settings that must differ from production's: ${must.replace("must be a setting", "each")}, with its value, or a list of values. What the program itself has to say (addresses, ports, database, data directory) is refused here.`,
        )
        .meta({ must: `must be settings with values, as \`${example}: ${exampleValue}\`; a setting ${must}` });
}

const productOf = (id: ProductId) =>
    z.strictObject({
        version: text(
            "must be the exact version of the product's package",
            "2026.03.1",
            /^\d{1,4}(\.\d{1,4}){2}([-+][A-Za-z0-9][A-Za-z0-9.+~-]{0,40})?$/,
        )
            .describe("Exact version of the product's package; it is held. Must not be older than production's.")
            .meta({ examples: ["2026.03.1", "2025.12.0-14", "2026.04.0+526.pro2"] }),
        instanceType: text(
            "must be an EC2 instance type",
            "m6i.xlarge",
            /^[a-z][a-z0-9-]{0,20}\.[a-z0-9-]{2,20}$/,
        ).describe("EC2 instance type."),
        instanceProfile: text(
            "must be the name of an IAM instance profile, or `none`",
            "posit-connect",
            // IAM API reference, CreateInstanceProfile.
            (value) =>
                value.startsWith("arn:")
                    ? "is an ARN; write the name alone, what stands behind its last slash"
                    : /^[\w+=,.@-]{1,128}$/.test(value)
                      ? undefined
                      : "must be the name of an IAM instance profile, or `none`",
        )
            .optional()
            .describe(
                "Name of the host's IAM instance profile, for what content and agents ask AWS by the host's own rights. Where production's host has one, say in phase install which one this host gets; `none` says that it needs none.",
            ),
        rootVolumeSize: whole(8, 16_384, 30).default(30).describe("GiB of the root volume."),
        volumeSize: whole(1, 16_384, 50)
            .default(50)
            .describe("GiB of each blank data volume in phase install; a restored volume has its source's size."),
        settings: settingsOf(id),
    });

const runtimeVersion = (example: string) =>
    text("must be an exact version in quotes", example, /^\d{1,4}(\.\d{1,4}){1,3}$/);

/** (uid_t)-1 means "nobody said" to the kernel; the one below it is the last number. */
const lastId = 4_294_967_294;
const number = (example: number) =>
    z
        .number()
        .int()
        .superRefine((value, context) => {
            const message =
                value === 0
                    ? "is root's number; files of production would belong to root here, or root's to this account"
                    : value === operatorUid
                      ? `${operatorUid} is the number of the account that \`pulumi up\` logs in with`
                      : value < 0 || value > lastId
                        ? `must be a whole number from 1 to ${lastId}`
                        : undefined;
            if (message) context.addIssue({ code: "custom", message });
        })
        .meta({ must: `must be a whole number from 1 to ${lastId}`, examples: [example] });

export const environmentSchema = z.strictObject({
    role: z.literal("environment").describe("What this stack is."),
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
    prepare: token
        .optional()
        .describe(
            "Token of a capture to come, the final one: its dumps will be loaded into a server that is made now, so that its restore need not wait for one. May be set in both phases, beside the `restore` of another capture, and may stay when `restore` comes to name the same token.",
        )
        .meta({
            examples: ["2026-11-28a"],
            caution:
                "Taken away, or changed to another token, before that capture is restored, the empty server goes, and leaves a final snapshot with nothing in it. What was loaded stays whatever stands here.",
        }),
    accepted: z
        .strictObject({
            install: digest.optional().describe("Of the install receipt."),
            migrate: digest.optional().describe("Of the migration receipt."),
        })
        .default({})
        .describe("Digests of the receipts a person has read and accepts."),
    production: stackName
        .optional()
        .describe("The production stack whose inventory, keys and captures this environment uses."),
    network: networkSchema,
    operatingSystem: z
        .strictObject({
            ami: text("must be an image id", "ami-0a1b2c3d4e5f67890", /^ami-[0-9a-f]{8,17}$/).describe(
                "Image that the three hosts are made from; one that stands keeps its own.",
            ),
            family: z
                .enum(osFamilies)
                .describe(
                    "What the image is made from: `debian` is Debian, Ubuntu and their kin; others are refused yet.",
                ),
            binaries: text(
                "must be what binary packages are made for, as Package Manager's URLs have it behind __linux__/",
                "noble",
                /^[a-z][a-z0-9_]{1,30}$/,
            )
                .describe(
                    "What R's binary packages are made for: the part of Package Manager's URLs behind `__linux__/` (its page Setup shows it), in the settings that name a repository. Must suit the image.",
                )
                .meta({ examples: ["noble", "bookworm", "rhel9"] }),
        })
        .describe("The new hosts' operating system.")
        .meta({
            instead: {
                codename:
                    "is `binaries` now, beside `family`: write the same word as `binaries`, and `family: debian`. A host's own code name is asked of the host",
            },
        }),
    packages: z
        .strictObject({
            url: text(
                "must be an http or https URL",
                "https://packages.acme.com/posit/noble",
                packagesUrlProblem,
            ).describe(
                "Repository of the Posit packages, as the image's package manager takes one; for Debian's family a flat one (`deb URL ./`).",
            ),
            signingKey: text(
                "must be an armored public key (-----BEGIN PGP PUBLIC KEY BLOCK-----)",
                undefined,
                signingKeyProblem,
            ).describe("Its public signing key, armored."),
        })
        .describe("Where the products' packages come from."),
    names: strictForEachProduct(publicName).describe(
        "Where users find the products, from the first day; three different names. A name alone is the product itself, with plain HTTP on the port that it has in production. A URL is all that users type, for something in front of the new hosts that leads there: see `front`.",
    ),
    front: text("must be an IPv4 address that a host can have", "10.9.0.20", (value) =>
        usableAddress(value) ? undefined : "must be an IPv4 address that a host can have",
    )
        .optional()
        .describe(
            "Address of what answers in front of the new hosts, where users don't come to a product itself: a load balancer that ends TLS, say. From the first day it must lead the names to the new hosts and nowhere else; hosts, and testers, find them there. It must lie in userCidrs.",
        ),
    ...perProduct((id) => productOf(id).describe(`${products[id].title}'s host.`)),
    database: z
        .strictObject({
            engineVersion: text("must be a Postgres version in quotes", "15", /^\d{2}(\.\d{1,2})?$/)
                .describe(
                    "Postgres version that the fresh server begins with. Its major version alone is best: of that RDS takes a minor one that it offers. It goes on to newer ones by itself, and nothing goes back to what stands here.",
                )
                .meta({ examples: ["15", "15.8"] }),
            instanceClass: text(
                "must be an RDS instance class",
                "db.t4g.medium",
                /^db\.[a-z][a-z0-9-]{0,20}\.[a-z0-9-]{2,20}$/,
            ).describe("RDS instance class."),
            allocatedStorage: whole(20, 65_536, 50).default(20).describe("GiB of the fresh server."),
            // Botocore's model of RDS, CreateDBInstance.MasterUsername: 1 to 16 letters, digits and underscores, a letter first, no word that
            // the engine keeps for itself.
            masterUsername: text("must be a Postgres role that RDS takes", "posit_master", (value) =>
                ["rdsadmin", "admin", "user", "public", "none"].includes(value.toLowerCase())
                    ? "is a word that RDS keeps for itself"
                    : /^[A-Za-z][A-Za-z0-9_]{0,15}$/.test(value)
                      ? undefined
                      : "must be 1 to 16 letters, digits and _, with a letter first",
            )
                .default("posit_master")
                .describe("Master user of the fresh server; a restored one keeps its source's."),
            caCertificate: text(
                "must be certificates in PEM (-----BEGIN CERTIFICATE-----)",
                undefined,
                certificatesProblem,
            )
                .optional()
                .describe("PEM of the CA that signs the servers' certificates; with it they are verified in full."),
            backupRetentionDays: whole(1, 35, 7)
                .default(7)
                .describe("Days of automated backups; a server that was restored to a moment keeps its source's."),
        })
        .describe("The databases' servers."),
    volumeInitializationRate: whole(100, 300, 300)
        .optional()
        .describe(
            "MiB/s at which restored volumes are fetched from their snapshots (Provisioned Rate for Volume Initialization, charged for each GiB of the snapshot). Without it a block comes from S3 when somebody first reads it, which makes repairs, the first start and the first hours slow. Of volumes that stand it changes nothing.",
        ),
    kmsKeyId: text(
        "must be the full ARN of a key",
        "arn:aws:kms:us-east-1:210987654321:key/8a7b6c5d-1234-4abc-9def-0a1b2c3d4e5f",
        (value) =>
            value.includes(":alias/") || value.startsWith("alias/")
                ? "is an alias: AWS answers with the key's own ARN, so every `up` would replace hosts and volumes. Name the key (`aws kms describe-key` prints its ARN)"
                : /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/.test(
                        value,
                    )
                  ? undefined
                  : "must be the full ARN of a key",
    )
        .optional()
        .describe("ARN of the KMS key of volumes and databases, no alias; the account's default key when absent."),
    runtimes: z
        .strictObject({
            r: z.array(runtimeVersion("4.5.1")).default([]).describe("R versions."),
            python: z.array(runtimeVersion("3.12.11")).default([]).describe("Python versions."),
            quarto: z.array(runtimeVersion("1.7.32")).default([]).describe("Quarto versions."),
            substitutes: z
                .record(
                    text(
                        "must be a runtime of production",
                        "python 3.11.2",
                        /^(r|python|quarto) \d{1,4}(\.\d{1,4}){0,3}$/,
                    ),
                    runtimeVersion("3.12.11"),
                )
                .default({})
                .describe(
                    "Runtimes of production's content that others stand in for, as `python 3.11.2` → `3.12.11`; output `parity` names the content to look at.",
                )
                .meta({ must: 'must be runtimes as `python 3.11.2: "3.12.11"`' }),
        })
        .prefault({})
        .describe(
            "R, Python and Quarto versions of the new hosts, which their image brings: compared with what production's content uses. Nothing is installed by it, and Connect looks for them where production's configuration says, unless `posit:connect.settings` says otherwise (`R.Executable`, `Python.Executable`, `Quarto.Executable`: lists of paths).",
        ),
    accounts: z
        .array(
            z
                .strictObject({
                    name: accountName.describe("Its name."),
                    uid: number(1001).describe("Its number in production."),
                    gid: number(1001).describe("Its primary group's number in production."),
                    home: pathLike("/home/ada").optional().describe("Its home; /home/NAME when absent."),
                    groups: z.array(accountName).optional().describe("Further groups."),
                })
                .describe("An account."),
        )
        .default([])
        .describe(
            "Users and service accounts with production's numbers; owners of restored files are compared with them.",
        ),
    deletionProtection: z
        .boolean()
        .default(false)
        .describe(
            "Refuse termination of hosts and deletion of databases, and let the engine neither delete nor replace hosts, volumes and database servers (`protect`); set it once the environment serves.",
        )
        .meta({
            caution:
                "Before `pulumi destroy`, another capture or phase migrate, set it to false and `up` with nothing else changed.",
        }),
});

/** It is written into a list of sources, where a blank ends it and a line end begins the next source. */
function packagesUrlProblem(value: string): string | undefined {
    const plain = /^https?:\/\/[A-Za-z0-9._~:/@%?=&+,-]+$/.test(value) && !value.includes("/../");
    const url = plain && URL.canParse(value) ? new URL(value) : undefined;
    if (!url || value.length > 500) {
        return "must be an http or https URL of plain characters, without blanks";
    }
    return url.username || url.password
        ? "has a password in it, which would stand in plain text in this file and on hosts"
        : undefined;
}
