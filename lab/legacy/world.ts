// What the old production is made of, as data: who works there, what they have, what runs.
import { addresses } from "../paths";
import type { ProductId } from "../../products/ids";

export const oldVersions: Record<ProductId, string> = {
    packageManager: "2024.08.0-6",
    workbench: "2024.04.2+764.pro1",
    connect: "2024.06.0",
};

/** Where apt finds the products. */
export const packagesUrl = "http://repository.test/apt";

export const zoneName = "example.com";
export const recordTtl = 5; // lowered ahead of the rollout, as the runbook asks

export const publicNames: Record<ProductId, string> = {
    packageManager: `packages.${zoneName}`,
    workbench: `workbench.${zoneName}`,
    connect: `connect.${zoneName}`,
};

/** An alias of the zone that has nothing to do with Posit. */
export const aliasName = `www.${zoneName}`;

export const ports: Record<ProductId, number> = { packageManager: 4242, workbench: 8787, connect: 3939 };

export function publicUrl(product: ProductId): string {
    return `http://${publicNames[product]}:${ports[product]}`;
}

export const databases: Record<ProductId, { name: string; role: string }> = {
    packageManager: { name: "rstudio_pm", role: "rstudio_pm" },
    workbench: { name: "rstudio", role: "rstudio" },
    connect: { name: "connect", role: "connect" },
};

/** Production's own key; no environment of the lab has it. */
export const productionKey = "arn:aws:kms:us-east-1:123456789012:key/99999999-8888-7777-6666-555555555555";

// Nothing of the old cloud is as an environment would ask for it: what a restore takes from its source has to be taken for what it is.

const tuned = { type: "gp3", iops: 4000, throughput: 250, encrypted: true, kmsKeyId: productionKey };

/** Of two kinds, since only gp3 has a throughput. */
export const oldVolumes: Record<
    ProductId,
    { type: string; iops: number; throughput?: number; encrypted: boolean; kmsKeyId: string }
> = {
    packageManager: tuned,
    workbench: tuned,
    connect: { type: "io2", iops: 4000, encrypted: true, kmsKeyId: productionKey },
};

export const oldServer = {
    instanceClass: "db.m5.large",
    backupRetentionPeriod: 14,
    properties: {
        ...{ availabilityZone: "us-east-1b", multiAz: true, storageType: "gp2", iops: 0, storageThroughput: 0 },
        ...{ maxAllocatedStorage: 100, iamDatabaseAuthenticationEnabled: true, autoMinorVersionUpgrade: false },
        ...{
            performanceInsightsEnabled: true,
            enabledCloudwatchLogsExports: ["postgresql"],
            copyTagsToSnapshot: false,
        },
        ...{ backupWindow: "22:10-22:40", maintenanceWindow: "sat:01:10-sat:01:40" },
    },
};

/** Networks as one sees them from a host. */
export const cidrs = {
    vpc: "10.10.0.0/16",
    subnets: { "us-east-1a": "10.10.1.0/24", "us-east-1b": "10.10.2.0/24" },
    operator: `${addresses.operator}/32`,
    users: "10.1.0.0/24",
    internet: "10.2.0.0/24",
} as const;

export interface Person {
    name: string;
    uid: number;
    gid: number;
    groups: string[];
}

/** The login that this organisation's images bring along, as AWS's Debian images do. */
export const login = { name: "admin", uid: 1000, gid: 1000 };

export const groups = [{ name: "analysts", gid: 3001 }];

export const people: Person[] = [
    { name: "alice", uid: 2001, gid: 2001, groups: ["analysts"] },
    { name: "bob", uid: 2002, gid: 2002, groups: ["analysts"] },
    { name: "carol", uid: 2003, gid: 2003, groups: [] },
];

/** Who publishes on Connect; the first is its administrator. */
export const publishers = ["alice", "bob"] as const;

/** Its files are in lab/legacy/content/<name>/; a schedule.json among them schedules it. */
export interface ContentItem {
    name: string;
    title: string;
    owner: (typeof publishers)[number];
    /** Environment variables with secret values. */
    variables: string[];
}

export const content: ContentItem[] = [
    { name: "hello", title: "A greeting", owner: "alice", variables: [] },
    { name: "fingerprints", title: "File fingerprints (needs xxhash)", owner: "alice", variables: [] },
    { name: "warehouse", title: "Warehouse login", owner: "bob", variables: ["WAREHOUSE_PASSWORD"] },
    { name: "weekly-report", title: "Weekly report", owner: "bob", variables: [] },
];

/** A compiled package without a pure fallback: what an operating system change breaks. */
export const compiledPackage = { name: "xxhash", version: "3.5.0" };

/** What each product has of SIZE; it lies evenly on all places of its data. */
export const fillerShares: Record<ProductId, number> = { packageManager: 0.35, workbench: 0.4, connect: 0.25 };

/** And in Connect's database, where that is on a server: again this part of SIZE. */
export const databaseShare = 0.1;
