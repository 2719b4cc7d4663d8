// What the program makes of its secrets is the engine's secret wherever it goes, in every phase: passwords and keys of the configuration,
// production's files and key, whatever is made of them. Not that the engine keeps it so (the rehearsal looks into its state).
import * as assert from "node:assert/strict";
import { Environment } from "../../components/environment";
import type { CaptureManifest, Inventory, ProductionOutputs } from "../../contract/production";
import { reveal, seal, sealTexts } from "../../logic/secret";
import { perProduct, ProductId } from "../../products";
import { nothingLeft } from "../../logic/leftNetwork";
import { planDevices } from "../../logic/devices";
import { answeringOf } from "../../logic/publicEndpoints";
import { record, Recording } from "./recorder";
import { answer, environmentConfig, lookup, manifest, ownPlace } from "./world";

const secretSignature = "4dabf18193072939515e22adb298388d";
/** Each of these stands in one secret of the program. */
const words = {
    databaseMasterPassword: "master-hunter",
    connectPassword: "connect-hunter",
    file: "file-hunter",
    key: "key-hunter",
    login: "login-hunter",
};
const { sshPrivateKey, bootstrapHostKey } = environmentConfig.secrets;
const keyBody = (key: typeof sshPrivateKey) => reveal(key).trim().split("\n")[3];

const file = (path: string, content: string) => ({ path, content, owner: "root", group: "root", mode: "0600" });
const production: ProductionOutputs = {
    contract: "posit-production/1",
    region: "us-east-1",
    captures: {},
    serving: { side: "listed" },
    inventory: perProduct(() => ({
        os: { codename: "bookworm" },
        databases: [{ role: "main", provider: "postgres" }],
    })) as unknown as Record<ProductId, Inventory>,
    secrets: perProduct((product) =>
        seal({
            files: [file(`/etc/rstudio/${product}.conf`, `password=${words.file}`)],
            key: file("/etc/rstudio/secure-cookie-key", words.key),
            passwords: [{ name: "ada", hash: words.login }],
        }),
    ) as ProductionOutputs["secrets"],
};

async function build(capture?: CaptureManifest): Promise<Recording> {
    const secrets = {
        sshPrivateKey,
        bootstrapHostKey,
        ...sealTexts({
            databaseMasterPassword: words.databaseMasterPassword,
            databasePasswords: {
                packageManager: { main: "p" },
                workbench: { main: "w" },
                connect: { main: words.connectPassword },
            },
        }),
    };
    const config = { ...environmentConfig, phase: capture ? ("migrate" as const) : ("install" as const), secrets };
    return record(
        async () => {
            new Environment("posit-team", {
                devices: planDevices({ capture }).devices,
                answering: answeringOf(config, undefined),
                place: ownPlace(config.network),
                unreachable: [],
                leftServers: {},
                leftNetwork: nothingLeft,
                config,
                secrets,
                stack: "staging",
                production,
                capture,
            });
            return {};
        },
        { answer, lookup },
    );
}

const dumped: Partial<CaptureManifest> = {
    databases: [],
    volumeDatabases: [
        { product: "packageManager", role: "main", method: "sqlite" },
        ...(["workbench", "connect"] as const).map((product) => ({
            ...{ product, method: "dump" as const, role: "main" as const, name: product, user: product },
            ...{ path: "/data/x.dump", engineVersion: "15" },
        })),
    ],
};

/** Everything of a value but what the engine holds as a secret; `secret` gets that. */
function shown(value: unknown, secret: unknown[]): unknown {
    if (typeof value !== "object" || value === null) {
        return value;
    }
    if (secretSignature in value) {
        secret.push(value);
        return "[secret]";
    }
    return Array.isArray(value)
        ? value.map((item) => shown(item, secret))
        : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item, secret)]));
}

describe("secrets of an environment", () => {
    const situations: [string, CaptureManifest | undefined][] = [
        ["in phase install", undefined],
        ["restored from a server's copy", manifest("aaa")],
        ["restored with databases on volumes", { ...manifest("aaa"), ...dumped }],
    ];
    for (const [where, capture] of situations) {
        it(`are the engine's secrets, ${where}`, async () => {
            const { registrations } = await build(capture);
            const secret: unknown[] = [];
            const plain = JSON.stringify(registrations.map((registration) => shown(registration, secret)));
            const held = JSON.stringify(secret);
            const encoded = (word: string) => [
                word,
                // Files travel to hosts as base64; these begin it.
                Buffer.from(word).toString("base64").slice(0, -4),
                Buffer.from(`password=${word}`).toString("base64").slice(0, -4),
            ];
            for (const word of [...Object.values(words), keyBody(sshPrivateKey), keyBody(bootstrapHostKey)]) {
                for (const text of encoded(word)) assert.ok(!plain.includes(text), `${word} is shown`);
                assert.ok(
                    encoded(word).some((text) => held.includes(text)),
                    `${word} is nowhere: this test would see nothing`,
                );
            }
        });
    }
});
