// The two stacks' configuration as the operator of this production would write it: what they know about production, and
// what production's own inventory told them.
import { randomBytes } from "node:crypto";
import type { ProductionContract } from "../../contract/production";
import { perProduct, productIds, type ProductId } from "../../products";
import { companyGateway } from "../cloud/network/reach";
import { localPostgres, sharedHomes, sources } from "../legacy/sources";
import { databases, publicNames, recordTtl } from "../legacy/world";
import type { LegacyFacts } from "../legacy/facts";
import { addresses } from "../paths";
import { existingPlaceValues } from "./existingNetwork";
import { externalEntryPoints, operatorAsUser } from "./externalNames";
import type { Rehearsal } from "./rehearsal";
import type { ConfigValues } from "./stackFile";
import { generateKeyPair } from "../keyPair";

export const newVersions: Record<ProductId, string> = {
    packageManager: "2025.12.0-14",
    workbench: "2026.04.0+526.pro2",
    connect: "2026.03.1",
};

const project = "rehearsal";
export const operatorUser = "posit-operator";
const ownKey = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const newOs = { ami: "ami-0000000000000d13", family: "debian", binaries: "trixie", python: "3.13" };

export interface StackSecrets {
    staging: {
        sshPrivateKey: string;
        bootstrapHostKey: string;
        databaseMasterPassword: string;
        databasePasswords: Record<ProductId, { main: string }>;
    };
    prod: { sshPrivateKey: string; databasePasswords: Record<ProductId, { main: string }> };
}

export function newSecrets(facts: LegacyFacts): StackSecrets {
    const password = () => randomBytes(18).toString("base64url");
    return {
        staging: {
            sshPrivateKey: facts.sshPrivateKey,
            bootstrapHostKey: generateKeyPair().private,
            databaseMasterPassword: password(),
            databasePasswords: perProduct(() => ({ main: password() })),
        },
        prod: {
            sshPrivateKey: facts.sshPrivateKey,
            databasePasswords: perProduct((product) => ({ main: facts.database.passwords[product] })),
        },
    };
}

/** @param external people lead the three names. */
export function productionValues(facts: LegacyFacts, external = false): ConfigValues {
    return {
        "aws:region": "us-east-1",
        "posit:role": "production",
        "posit:project": project,
        "posit:ssh": { user: facts.hosts.connect.user },
        "posit:current": perProduct((product) => ({
            instanceId: facts.hosts[product].instanceId,
            address: facts.hosts[product].address,
            hostKey: facts.hosts[product].hostKey,
            dataVolumes: facts.hosts[product].dataVolumes,
            databases: [databaseValues(facts, product)],
        })),
        "posit:databaseCaCertificate": facts.database.caCertificate,
        ...(facts.sources === "shared" && { "posit:sharedHomes": sharedHomes }),
        "posit:entryPoints": external
            ? externalEntryPoints(10)
            : { zone: facts.zoneId, ...publicNames, ttl: recordTtl },
        "posit:serve": "current",
        "posit:environments": ["staging"],
    };
}

function databaseValues(facts: LegacyFacts, product: ProductId): object {
    const { name, role: user } = databases[product];
    switch (sources[facts.sources][product].database) {
        case "rds":
            return { server: facts.database.server, name, user };
        case "external":
            return { kind: "external", host: facts.database.address, port: facts.database.port, name, user };
        case "local":
            return {
                kind: "local",
                unit: localPostgres.unit,
                dataDirectory: localPostgres.dataDirectory,
                name,
                user,
            };
        case "sqlite":
            return { kind: "sqlite" };
    }
}

/**
 * How final captures take databases on RDS. What the program would choose is a forecast for AWS, and the lab's figures are those of a moment;
 * FINAL_DATABASE=auto, dump or snapshot tries another; for dump a server is prepared.
 */
export const finalDatabase = process.env.FINAL_DATABASE ?? "pointInTime";

/** How the dress rehearsal takes them, where its stack file says it: `auto` may dump only what REHEARSED_DATABASE=dump has dumped before (decision 45). */
export const rehearsedDatabase = process.env.REHEARSED_DATABASE;

const ownPlaceValues = {
    vpcCidr: "10.20.0.0/16",
    zones: ["us-east-1a", "us-east-1b"],
    subnetCidrs: ["10.20.1.0/24", "10.20.2.0/24"],
    // To all ranges, the packages too, by the company's transit gateway: nothing else leads anywhere.
    transitGatewayId: companyGateway,
};

export function stagingValues(rehearsal: Rehearsal): ConfigValues {
    const { facts } = rehearsal;
    const inventory = (rehearsal.stacks.prod.outputs.contract as ProductionContract).inventory;
    return {
        "aws:region": "us-east-1",
        "posit:role": "environment",
        "posit:project": project,
        "posit:phase": "install",
        "posit:production": "prod",
        "posit:ssh": { user: operatorUser },
        "posit:network": {
            ...(rehearsal.existing ? existingPlaceValues(rehearsal.existing) : ownPlaceValues),
            operatorCidrs: [`${addresses.operator}/32`],
            userCidrs: ["10.1.0.0/24", ...(rehearsal.options.external ? [operatorAsUser] : [])],
            packageCidrs: [`${addresses.repository}/32`],
            dnsCidrs: [`${addresses.dns}/32`],
        },
        "posit:operatingSystem": { ami: newOs.ami, family: newOs.family, binaries: newOs.binaries },
        "posit:packages": facts.packages,
        "posit:names": publicNames,
        ...Object.fromEntries(
            productIds.map((product) => [
                `posit:${product}`,
                { version: newVersions[product], instanceType: "m6i.large", volumeSize: 20 },
            ]),
        ),
        "posit:database": {
            // The major version alone, as the page says.
            engineVersion: facts.database.engineVersion.split(".")[0],
            instanceClass: "db.t3.medium",
            caCertificate: facts.database.caCertificate,
        },
        // Another key than production's database has: what is restored keeps its source's.
        ...(facts.sources === "volumes" && { "posit:kmsKeyId": ownKey }),
        "posit:runtimes": { python: [newOs.python], substitutes: substitutes(inventory) },
        "posit:accounts": accounts(inventory),
    };
}

/** The new operating system's Python stands in for each that production's content uses. */
function substitutes(inventory: ProductionContract["inventory"]): Record<string, string> {
    const used = productIds.flatMap((product) => inventory[product].runtimesInUse);
    return Object.fromEntries(
        used.filter(({ language }) => language === "python").map(({ version }) => [`python ${version}`, newOs.python]),
    );
}

/** People and service accounts with the numbers that they have on production; one account may be on several hosts. */
function accounts(inventory: ProductionContract["inventory"]): { name: string; uid: number; gid: number }[] {
    const found = new Map<string, { name: string; uid: number; gid: number; groups?: string[] }>();
    for (const product of productIds) {
        for (const { name, uid, gid, groups = [] } of inventory[product].accounts) {
            found.set(name, { name, uid, gid, ...(groups.length > 0 && { groups }) });
        }
    }
    return [...found.values()];
}
