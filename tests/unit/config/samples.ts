// Values for tests of the configuration: keys and certificates that are real, and the templates filled in as a person would.
import * as fs from "node:fs";
import * as path from "node:path";
import { utils } from "ssh2";
import { parse as parseYaml } from "yaml";
import { perProduct, type ProductId } from "../../../products";
import { generateKeyPair } from "../../../lab/keyPair";

export type Values = Record<string, unknown>;
export type StackTemplate = "staging" | "prod";

export const operatorKey = generateKeyPair();
export const bootstrapKey = generateKeyPair();
export const rsaKey = utils.generateKeyPairSync("rsa", { bits: 2048 });
export const lockedKey = utils.generateKeyPairSync("rsa", {
    bits: 2048,
    passphrase: "open sesame",
    cipher: "aes256-cbc",
    rounds: 4,
});

export const signingKey =
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEAAAAABYJKwYBBAHaRw8BAQdA\n=njUN\n-----END PGP PUBLIC KEY BLOCK-----\n";

/** Of an authority that signs nothing; its key is gone. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBmDCCAT2gAwIBAgIUfaJaFIO9XsfNqamJ6EDjlhw3sAcwCgYIKoZIzj0EAwIw
IDEeMBwGA1UEAwwVQ29uZmlndXJhdGlvbiB0ZXN0IENBMCAXDTI2MTEyODEwMzUz
NFoYDzIxMjYxMTA0MTAzNTM0WjAgMR4wHAYDVQQDDBVDb25maWd1cmF0aW9uIHRl
c3QgQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASeEQuesU2J5Fs/KbeYC6f/
9xwrVkL4oGcOUz+KEFnwhOI1fUWRi3KK0SII+92TUFDmlQMPWnTzjQ5K6PqaiLhR
o1MwUTAdBgNVHQ4EFgQUwZzWtqrHX/g3P0KUyhc2FIi7o3QwHwYDVR0jBBgwFoAU
wZzWtqrHX/g3P0KUyhc2FIi7o3QwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD
AgNJADBGAiEAqpwNDruhiIPsRaJV5FTwrKAZSbAeGaxsfNNQk5blAnICIQCVpzs7
5xYUvQtDBj8D0QSqdGE3ooLxqQW4oCJcMc0vvQ==
-----END CERTIFICATE-----
`;

export const password = "correct-horse-battery-staple";
const databasePasswords = perProduct(() => ({ main: password }));

export const secretsOf: Record<StackTemplate, Values> = {
    staging: {
        sshPrivateKey: operatorKey.private,
        bootstrapHostKey: bootstrapKey.private,
        databaseMasterPassword: "5ec7e7-5ec7e7-5ec7e7-5ec7e7",
        databasePasswords,
    },
    prod: { sshPrivateKey: operatorKey.private, databasePasswords },
};

/** A template's values, without the namespace. */
export function templateValues(stack: StackTemplate): Values {
    const text = fs.readFileSync(path.join(__dirname, "../../..", `Pulumi.${stack}.yaml`), "utf8");
    const { config } = parseYaml(text) as { config: Values };
    return Object.fromEntries(
        Object.entries(config)
            .filter(([key]) => key.startsWith("posit:"))
            .map(([key, value]) => [key.slice("posit:".length), value]),
    );
}

/** What a person puts in the place of the template's values. */
export function filledIn(value: unknown): unknown {
    if (typeof value === "string") {
        return value.includes("PGP PUBLIC KEY")
            ? signingKey
            : value.includes("REPLACEME")
              ? operatorKey.public
              : value
                    .replace(/-0123456789abcdef/, "-0a1b2c3d4e5f6789")
                    .replace("Z0123456789ABCDEFGHIJ", "Z0A1B2C3D4E5F6G7H8I9J")
                    .replace("replaceme.example.com", "acme.com")
                    .replace("replaceme", "acme");
    }
    if (Array.isArray(value)) {
        return value.map(filledIn);
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item)]))
        : value;
}

/** The filled template with each key that it leaves out, so that every leaf is there to be spoilt. */
export function wholeValues(stack: StackTemplate): Values {
    const base = structuredClone(filledIn(templateValues(stack)) as Values);
    const bastion = { address: "bastion.acme.com", port: 22, user: "jump", hostKey: operatorKey.public };
    const overrides = [{ gate: "version", reason: "agreed with the vendor, ticket 4711" }];
    if (stack === "staging") {
        const digest = `sha256:${"0".repeat(64)}`;
        const [network, database, runtimes] = ["network", "database", "runtimes"].map((key) => base[key] as Values);
        return {
            ...base,
            phase: "migrate",
            restore: "2026-11-21a",
            prepare: "2026-11-28a",
            tags: { CostCenter: "4711" },
            accepted: { install: digest, migrate: digest },
            ssh: { user: "posit-operator", port: 22, bastion },
            network: { ...network, storageCidrs: ["10.7.1.0/24"], natSubnetCidr: "10.20.0.0/24" },
            connect: {
                ...(base.connect as Values),
                instanceProfile: "posit-connect",
                rootVolumeSize: 40,
                settings: { "Server.SenderEmail": "connect@acme.com", "R.Executable": ["/opt/R/4.5.1/bin/R"] },
            },
            workbench: { ...(base.workbench as Values), settings: { "rserver.admin-enabled": "1" } },
            database: { ...database, masterUsername: "posit_master", caCertificate: certificate },
            names: { ...(base.names as Values), connect: "https://connect.acme.com" },
            front: "10.9.0.20",
            kmsKeyId: "arn:aws:kms:us-east-1:210987654321:key/8a7b6c5d-1234-4abc-9def-0a1b2c3d4e5f",
            runtimes,
            accounts: [
                { name: "ada", uid: 1001, gid: 1001, home: "/home/ada", groups: ["analysts"] },
                { name: "grace", uid: 1002, gid: 1002 },
            ],
            volumeInitializationRate: 200,
            deletionProtection: true,
            overrides,
        };
    }
    const current = base.current as Record<ProductId, Values>;
    const local = {
        role: "main",
        kind: "local",
        unit: "postgresql@15-main",
        dataDirectory: "/home/pg/15",
        name: "w",
        user: "w",
    };
    const external = {
        role: "main",
        kind: "external",
        host: "db.acme.com",
        port: 5433,
        name: "connect",
        user: "connect",
    };
    return {
        ...base,
        tags: { CostCenter: "4711" },
        ssh: { user: "posit-operator", port: 22, bastion },
        current: {
            packageManager: { ...current.packageManager, publicAddress: "203.0.113.10", productPort: 8080 },
            workbench: { ...current.workbench, databases: [local], user: "admin", port: 2222 },
            connect: {
                ...current.connect,
                databases: [external],
                dataVolumes: [
                    { volumeId: "vol-0a1b2c3d4e5f67893", mount: "/var/lib/rstudio-connect", folder: "/srv/connect" },
                    { volumeId: "vol-0a1b2c3d4e5f67893", mount: "/data/apps", folder: "/srv/apps" },
                ],
            },
        },
        captures: [
            {
                token: "2026-11-21a",
                reopen: true,
                notBefore: "2026-11-21T20:00:00Z",
                notAfter: "2026-11-21T22:00:00Z",
                maxClosedSeconds: 300,
                maxStaySeconds: 86_400,
                startSeconds: 300,
                warmUp: true,
                notice: "Posit Team is moving to new servers.",
                backMinutes: 60,
                drainSeconds: 120,
                force: false,
                database: "auto",
            },
        ],
        databaseCaCertificate: certificate,
        entryPoints: { kind: "route53", ...(base.entryPoints as Values) },
        serve: { stack: "staging" },
        overrides,
    };
}

/** An environment's values in a network that is there, open to the same ranges. */
export function inExistingNetwork(values: Values): Values {
    const { operatorCidrs, userCidrs, packageCidrs, storageCidrs, dnsCidrs } = values.network as Values;
    const existing = {
        vpcId: "vpc-0a1b2c3d4e5f67891",
        subnetIds: ["subnet-0a1b2c3d4e5f67891", "subnet-0a1b2c3d4e5f67892"],
    };
    return { ...values, network: { existing, operatorCidrs, userCidrs, packageCidrs, storageCidrs, dnsCidrs } };
}

/** What the engine hands to the program: text as it is, nothing as an empty one, everything else as JSON. */
export function handedOver(values: Values): Record<string, string> {
    return Object.fromEntries(
        Object.entries(values)
            .filter(([, value]) => value !== undefined)
            .map(([key, value]) => [
                key,
                typeof value === "string" ? value : value === null ? "" : JSON.stringify(value),
            ]),
    );
}
