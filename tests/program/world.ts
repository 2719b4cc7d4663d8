// A small world for the program under mocks: what hosts answer, and configurations to build from.
import * as pulumi from "@pulumi/pulumi";
import type { NetworkConfig } from "../../config/network";
import { EnvironmentConfig, environmentSchema } from "../../config/schema";
import { CaptureManifest, Inventory } from "../../contract/production";
import { isExisting, NetworkPlace } from "../../logic/networkPlace";
import { sealTexts } from "../../logic/secret";
import { perProduct, ProductId, productIds } from "../../products";
import { generateKeyPair } from "../../lab/keyPair";

const key = generateKeyPair().private;
const bootstrapKey = generateKeyPair().private;
/** The beginning of a public key, as far as it is looked at. */
const signingKey =
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEAAAAABYJKwYBBAHaRw8BAQdA\n-----END PGP PUBLIC KEY BLOCK-----\n";
export const password = "correct-horse-battery-staple";

export const environmentConfig: EnvironmentConfig = {
    ...environmentSchema.parse({
        role: "environment",
        project: "acme",
        phase: "install",
        network: {
            vpcCidr: "10.20.0.0/16",
            zones: ["us-east-1a", "us-east-1b"],
            subnetCidrs: ["10.20.1.0/24", "10.20.2.0/24"],
            operatorCidrs: ["10.0.0.0/24"],
            userCidrs: ["10.1.0.0/24"],
            transitGatewayId: "tgw-0a1b2c3d4e5f67890",
        },
        operatingSystem: { ami: "ami-0a1b2c3d4e5f67890", family: "debian", binaries: "trixie" },
        packages: { url: "https://repository.example.com/", signingKey },
        names: {
            packageManager: "packages.example.com",
            workbench: "workbench.example.com",
            connect: "connect.example.com",
        },
        ...perProduct(() => ({ version: "2026.1.0", instanceType: "m6i.large" })),
        database: { engineVersion: "15", instanceClass: "db.t4g.medium" },
    }),
    secrets: sealTexts({
        sshPrivateKey: key,
        bootstrapHostKey: bootstrapKey,
        databaseMasterPassword: password,
        databasePasswords: {
            packageManager: { main: password },
            workbench: { main: password },
            connect: { main: password },
        },
    }),
};

/** Of a configuration that is known to be of an own network. */
export function ownPlace(network: NetworkConfig): Extract<NetworkPlace, { kind: "own" }> {
    if (isExisting(network)) throw new Error("not a network of its own");
    return { kind: "own", network };
}

/** What production's hosts are read to be: nothing that an environment lacks. */
export const inventory = (product: ProductId): Inventory => ({
    product,
    version: "2025.1.0",
    os: { id: "debian", codename: "bookworm" },
    runtimes: { r: [], python: [], quarto: [] },
    runtimesInUse: [],
    accounts: [],
    keyFingerprint: "sha256:0",
    mounts: [],
    databases: [{ role: "main", provider: "postgres" }],
    findings: [],
    counts: {},
});

export function manifest(token: string): CaptureManifest {
    const mounts = [
        ["packageManager", "/var/lib/rstudio-pm"],
        ["workbench", "/home"],
        ["workbench", "/var/lib/rstudio-server"],
        ["connect", "/var/lib/rstudio-connect"],
    ] as const;
    return {
        token,
        state: "complete",
        reasons: [],
        final: false,
        region: "us-east-1",
        closedSeconds: {},
        phases: {},
        volumes: mounts.map(([product, mount], index) => ({
            product,
            mount,
            snapshotId: `snap-${token}-${index}`,
            volumeId: `vol-${index}`,
            size: 20,
        })),
        databases: [
            {
                server: "legacy-db",
                method: "pointInTime",
                restoreTime: "2026-11-21T10:00:00.000Z",
                engineVersion: "15.8",
                databases: productIds.map((product) => ({
                    product,
                    role: "main" as const,
                    name: product.toLowerCase(),
                    user: product.toLowerCase(),
                })),
            },
        ],
        volumeDatabases: [],
        quiet: {},
        versions: {},
        inventoryDigest: "sha256:0",
    };
}

const answers: Record<string, unknown> = {
    hostkey: { hostKey: "ssh-ed25519 AAAA" },
    check: { product: "connect", checks: [{ name: "health", passed: true, detail: "" }] },
    repair: { token: "t", counts: {} },
    inventory: inventory("connect"),
    secrets: { files: [] },
    record: {
        token: "t",
        state: "open",
        closedAt: "2026-11-21T10:00:00.000Z",
        frozenAt: "2026-11-21T10:00:01.000Z",
        openedAt: "2026-11-21T10:00:02.000Z",
        openedBy: "complete",
        quiet: {},
        notes: {
            pointInTime: "2026-11-21T10:00:01.000Z",
            snapshots: {
                ...Object.fromEntries([0, 1, 2, 3].map((number) => [`vol-${number}`, `snap-${number}`])),
                "legacy-db": "posit-t1-legacy-db",
            },
        },
    },
};

/** Of a volume's snapshot: the one that hosts were told of. */
function newId({ type, name, inputs }: pulumi.runtime.MockResourceArgs): string {
    return type === "aws:ebs/snapshot:Snapshot" ? String(inputs.volumeId).replace("vol-", "snap-") : `${name}-id`;
}

/** What cloud and hosts would answer. */
export function answer(args: pulumi.runtime.MockResourceArgs): { id: string; state: Record<string, unknown> } {
    const script = /^sudo -n bash -s -- ([\w-]+)/.exec(String(args.inputs.create ?? ""))?.[1];
    const outputs = script ? { stdout: JSON.stringify(answers[script] ?? {}), stderr: "" } : {};
    return {
        id: args.id && args.id !== "" ? args.id : newId(args),
        state: {
            ...args.inputs,
            privateIp: "10.20.1.10",
            address: "db.example.com",
            volumeSize: 20,
            username: "master",
            ...outputs,
        },
    };
}

export function lookup(args: pulumi.runtime.MockCallArgs): Record<string, unknown> {
    if (args.token === "aws:rds/getSnapshot:getSnapshot") {
        return {}; // none; the mocks lose an error's message
    }
    if (args.token === "aws:cloudcontrol/getResource:getResource") {
        return { properties: JSON.stringify({ DBInstanceStatus: "available" }) };
    }
    throw new Error(`the program asked for ${args.token}, which this test does not know`);
}
