// Builds the old production from nothing, by hand and outside Pulumi, as it would have grown over the years: machines,
// databases, products, people, content. Runs in the operator's network; its facts are written last, so that a build that
// was interrupted is never taken for a production.
import { randomBytes } from "node:crypto";
import { perProduct, productIds, products, type ProductId } from "../../products";
import { hostScript } from "../hostScript";
import { signingKey } from "../products/build";
import { postgresMajor } from "../products/postgresDeb";
import { step, type Progress } from "../progress";
import { waitForHost } from "../ssh";
import { buildCloudParts, type CloudParts, newPassword, serverName } from "./cloudParts";
import { createDatabases, fillDatabase } from "./databaseServer";
import { legacyAccess, type LegacyFacts, writeLegacyFacts } from "./facts";
import { publishContent } from "./publish";
import { localPostgres, sharedHomes, sources, type SourcesName, withVolumes } from "./sources";
import {
    compiledPackage,
    databaseShare,
    databases,
    fillerShares,
    login,
    oldVersions,
    packagesUrl,
    people,
    publicNames,
    publicUrl,
    publishers,
} from "./world";

/** @param volumes of each host; as the sources have them when absent. */
export async function buildLegacy(size: number, name: SourcesName, volumes?: number): Promise<LegacyFacts> {
    const parts = await step("Production: machines, volumes, database server, names", () =>
        buildCloudParts(volumes === undefined ? sources[name] : withVolumes(sources[name], volumes)),
    );
    const facts = firstFacts(parts, size, name);
    const onServer = productIds.filter((product) => ["rds", "external"].includes(sources[name][product].database));
    const { passwords } = facts.database;
    await step("Production: databases", async () => {
        await createDatabases(parts.database, passwords, onServer);
        if (onServer.includes("connect")) {
            await fillDatabase(parts.database, passwords.connect, "connect", size * 1024 * databaseShare);
        }
    });
    await step("Production: Package Manager", (progress) => setUp(facts, "packageManager", progress));
    await step("Production: Workbench and Connect", async (progress) => {
        await Promise.all([setUp(facts, "workbench", progress), setUp(facts, "connect", progress)]);
    });
    await step("Production: content, API keys, history", (progress) => publishContent(facts, progress));
    writeLegacyFacts(facts);
    return facts;
}

function firstFacts(parts: CloudParts, size: number, name: SourcesName): LegacyFacts {
    const server = parts.database.instance;
    return {
        builtAt: new Date().toISOString(),
        size,
        sources: name,
        network: parts.network,
        zoneId: parts.zoneId,
        sshPrivateKey: parts.sshPrivateKey,
        hosts: perProduct((product) => {
            const { instance, hostKey, places } = parts.hosts[product];
            return {
                instanceId: instance.instanceId,
                address: instance.privateIp,
                hostKey,
                user: login.name,
                dataVolumes: places.map(({ volumeId, mount, folder }) => ({
                    volumeId,
                    mount,
                    ...(folder && { folder }),
                })),
            };
        }),
        database: {
            server: serverName,
            address: server.address,
            port: server.port,
            engineVersion: server.engineVersion,
            caCertificate: server.caCertificate,
            masterUsername: parts.database.masterUsername,
            masterPassword: parts.database.masterPassword,
            passwords: perProduct(newPassword),
        },
        packages: { url: packagesUrl, signingKey: signingKey() },
        frozen: { repository: "", snapshot: "", package: compiledPackage.name, files: {} },
        people: Object.fromEntries(people.map(({ name }) => [name, { password: newPassword(), files: {} }])),
        connect: { apiKeys: {}, content: {}, environment: {} },
        licenses: perProduct((product) => `${product} licence ${randomBytes(24).toString("hex")}`),
    };
}

async function setUp(facts: LegacyFacts, product: ProductId, progress: Progress): Promise<void> {
    const host = await waitForHost(legacyAccess(facts, product));
    try {
        progress(`${product} answers`);
        const script = hostScript(["legacy/scripts/common", `legacy/scripts/${product}`], variables(facts, product));
        const result = await host.script(script);
        if (result.code !== 0) {
            throw new Error(`Setting up ${product} failed:\n${result.stderr.trim().split("\n").slice(-15).join("\n")}`);
        }
        learn(facts, product, result.stdout);
        progress(`${product} stands`);
    } finally {
        host.close();
    }
}

/** A script's last line tells what only that host knew. */
function learn(facts: LegacyFacts, product: ProductId, stdout: string): void {
    const last = stdout.trim().split("\n").at(-1) ?? "";
    if (product === "packageManager") {
        facts.frozen = { ...facts.frozen, ...(JSON.parse(last) as { repository: string; snapshot: string }) };
    }
    if (product === "connect") facts.connect.apiKeys = JSON.parse(last) as Record<string, string>;
}

/** Lines of "folder owner megabytes": data that nobody reads, evenly on all places but a database's. */
export function fillers(size: number, product: ProductId, mounts: string[]): string {
    const places = mounts.filter((mount) => mount !== localPostgres.mount);
    const megabytes = Math.round((size * 1024 * fillerShares[product]) / places.length);
    return places
        .map((mount) =>
            mount === "/home"
                ? `/home/${people[0]?.name}/data ${people[0]?.name} ${megabytes}`
                : `${mount}/archive ${products[product].account} ${megabytes}`,
        )
        .join("\n");
}

function variables(facts: LegacyFacts, product: ProductId): Record<string, string> {
    const { name, role } = databases[product];
    const mounts = facts.hosts[product].dataVolumes;
    return {
        VERSION: oldVersions[product],
        ADDRESS: publicUrl(product),
        PACKAGES_ADDRESS: publicUrl("packageManager"),
        PACKAGES_HOST: publicNames.packageManager,
        REPOSITORY: facts.packages.url,
        SIGNING_KEY: facts.packages.signingKey,
        VOLUMES: mounts.map(({ volumeId, mount, folder }) => `${volumeId} ${mount} ${folder ?? ""}`).join("\n"),
        DATABASE_KIND: sources[facts.sources][product].database,
        POSTGRES_MAJOR: postgresMajor(),
        SHARED_HOMES: facts.sources === "shared" && product === "workbench" ? sharedHomes.source : "",
        LOCAL_UNIT: localPostgres.unit,
        LOCAL_DATA: localPostgres.dataDirectory,
        DATABASE_HOST: sources[facts.sources][product].database === "local" ? "127.0.0.1" : facts.database.address,
        DATABASE_NAME: name,
        DATABASE_ROLE: role,
        DATABASE_PASSWORD: facts.database.passwords[product],
        DATABASE_CA: facts.database.caCertificate,
        LICENSE: facts.licenses[product],
        COMPILED_PACKAGE: `${compiledPackage.name}==${compiledPackage.version}`,
        PEOPLE: people
            .map((one) =>
                [one.name, one.uid, one.gid, one.groups.join(",") || "-", facts.people[one.name]?.password].join(" "),
            )
            .join("\n"),
        PUBLISHERS: publishers.join(" "),
        FILLERS: fillers(
            facts.size,
            product,
            mounts.map(({ mount }) => mount),
        ),
    };
}
