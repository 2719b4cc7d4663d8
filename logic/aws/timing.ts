// How long AWS, its provider and people take, as far as anybody has published it: each row with where it is from and what that is worth.
// Nothing of it was tried on an account by this program; a rehearsal on AWS replaces rows by its own figures.

/** "derived": by arithmetic from the others. "assumed": nothing was found. */
type Rank = "documented" | "measured" | "seen in code" | "derived" | "assumed";

export interface AwsTiming {
    /** Seconds, unless the unit says otherwise: half of all cases are quicker. */
    p50: number;
    /** Nine of ten are quicker. */
    p90: number;
    /** A rate: p90 is the slow one. */
    unit?: "MiB/s" | "MB/s";
    /** Now and then it is this instead: how often, and how long. */
    stuck?: { probability: number; seconds: number };
    rank: Rank;
    source: string;
}

const oneCampaign =
    "github.com/michaelcourcy/lvmo-csi, docs/kasten-performance-test.md (EKS, gp3, one run of each case, October 2026)";
const provider = "github.com/hashicorp/terraform-provider-aws, internal/service/";
const amazonsComparison =
    "AWS Database Migration Guide, RDS for PostgreSQL, Performance Comparison (70 GB between two servers)";

export const awsTimings = {
    // ---- EBS ----
    unchangedCopy: {
        ...{ p50: 75, p90: 120, rank: "measured" },
        source: `${oneCampaign}: 79 s for a second snapshot without any change, the poller's pause included; p90 is assumed`,
    },
    firstCopy: {
        ...{ p50: 20, p90: 12, unit: "MiB/s", rank: "measured" },
        source: `${oneCampaign}: 65.8 GiB in 50 to 65 minutes, 17 to 22 MiB/s; the slow rate is assumed`,
    },
    changedCopy: {
        ...{ p50: 12, p90: 8, unit: "MiB/s", rank: "measured" },
        source: `${oneCampaign}: some 18 GiB changed, 26 min 40 s; the slow rate is assumed`,
    },
    copyAfterWarmUp: {
        ...{ p50: 100, p90: 300, rank: "derived", stuck: { probability: 0.02, seconds: 1600 } },
        source: "from the rows above, for what changes in minutes: of all volumes of a capture together, the slowest counts",
    },
    copyNoticed: {
        ...{ p50: 15, p90: 60, rank: "derived" },
        source: "the provider waits for a snapshot by the SDK's waiter, which asks each 15 s at first and each 120 s at last",
    },
    providerVolume: {
        ...{ p50: 11, p90: 13, rank: "seen in code" },
        source: `${provider}ec2/wait.go, waitVolumeCreated: 10 s before the first look, each 3 s then; EBS itself needs 1.5 s, 4 s in one of a hundred (aws-ebs-csi-driver, pkg/cloud/cloud.go)`,
    },
    providerAttachment: {
        ...{ p50: 22, p90: 37, rank: "seen in code", stuck: { probability: 0.005, seconds: 600 } },
        source: `${provider}ec2/ebs_volume_attachment.go: 10 s before the instance is looked at, 10 s before the attachment is; most attach within 1 to 4 s (aws-ebs-csi-driver); what hangs is assumed`,
    },
    coldRead: {
        ...{ p50: 21, p90: 15, unit: "MiB/s", rank: "measured" },
        source: `${oneCampaign}: 58 GiB of a restored volume in 46 min 25 s, 115 MiB/s once warm; the slow rate is assumed`,
    },

    // ---- RDS ----
    logUploaded: {
        ...{ p50: 150, p90: 270, rank: "documented" },
        source: "RDS User Guide, Restoring a DB instance to a specified time: logs are uploaded every five minutes; any moment of them is as likely",
    },
    pointInTimeRestore: {
        ...{ p50: 1250, p90: 1650, rank: "measured", stuck: { probability: 0.05, seconds: 5400 } },
        source: "three published restores of small servers, 16 min 29 s to 25 min (two of them github.com/vburghelea/solstice, docs/sin-rfp: drills of December 2025 and January 2026; the third of July 2026, so all have the first backup in them); p90 and what hangs are assumed",
    },
    passwordAfterRestore: {
        ...{ p50: 100, p90: 140, rank: "seen in code" },
        source: `${provider}rds/instance.go: neither restore takes a password, a change after it does, and is waited for again`,
    },
    snapshotTaken: {
        ...{ p50: 120, p90: 300, rank: "derived" },
        source: "the provider's acceptance tests of snapshots, less making and deleting the server",
    },
    snapshotRestore: {
        ...{ p50: 480, p90: 720, rank: "measured" },
        source: "three published restores, 4 min 41 s to 9 min 50 s; p90 is assumed",
    },
    firstBackup: {
        ...{ p50: 90, p90: 240, rank: "assumed" },
        source: "terraform-provider-aws issue 44104: since 2025 a restored server with a retention makes a backup before it is available; hours on large ones. Two of the three restores of a snapshot are older",
    },
    providerDatabase: {
        ...{ p50: 25, p90: 30, rank: "seen in code" },
        source: `${provider}rds/instance.go: asked each 10 s, and believed when available three times running`,
    },
    providerSnapshot: {
        ...{ p50: 35, p90: 40, rank: "seen in code" },
        source: `${provider}rds/snapshot.go: 30 s before the first look, each 10 s then`,
    },
    freshServer: {
        ...{ p50: 310, p90: 490, rank: "measured" },
        source: "six published logs of small empty servers in one zone, 225 to 462 s, and the provider's three looks",
    },
    serverDeleted: {
        ...{ p50: 300, p90: 600, rank: "assumed" },
        source: "terraform-provider-aws issue 38765 has a log of more than five minutes; with a final snapshot it goes on until that is there (RDS API, DeleteDBInstance), as long as any snapshot takes",
    },
    dump: {
        ...{ p50: 61, p90: 30, unit: "MB/s", rank: "measured" },
        source: `${amazonsComparison}: pg_dump took 19 minutes; the slow rate is of small classes`,
    },
    load: {
        ...{ p50: 43, p90: 20, unit: "MB/s", rank: "measured" },
        source: `${amazonsComparison}: pg_restore took 27 minutes; the slow rate is of small classes`,
    },
    loadWeak: {
        ...{ p50: 20, p90: 13, unit: "MB/s", rank: "derived" },
        source: "a class that has its processor by credits: half of the row above; 11 GB on db.t2.medium took 14 minutes (a published pg_restore of 2019)",
    },

    // ---- Route 53 ----
    nameMoved: {
        ...{ p50: 25, p90: 60, rank: "measured", stuck: { probability: 0.01, seconds: 900 } },
        source: "Route 53's API pages say 60 s in general; five published logs have 10 to 130 s until INSYNC",
    },

    // ---- hosts, program, people ----
    stop: {
        p50: 5,
        p90: 30,
        rank: "assumed",
        source: "a product ends when its work does, 90 s at the most by systemd",
    },
    quietAndRequests: {
        ...{ p50: 3.5, p90: 6, rank: "derived" },
        source: "docs/performance.md, and half a second to a second for each call and look-up",
    },
    start: { p50: 10, p90: 60, rank: "assumed", source: "nothing published; the first capture measures it" },
    mount: { p50: 5, p90: 15, rank: "assumed", source: "a file system that was in use may have its journal replayed" },
    repairsAndChecks: {
        ...{ p50: 90, p90: 240, rank: "assumed" },
        source: "owners, schema migration, checks: the dress rehearsal's own figure decides",
    },
    betweenCommits: {
        ...{ p50: 75, p90: 200, rank: "assumed" },
        source: "somebody reads and starts the next `pulumi up`; engine, SDK and refresh are some 15 s of it",
    },
    serve: {
        ...{ p50: 25, p90: 45, rank: "assumed" },
        source: "old side retired, quarantine lifted, health asked through the new hosts; docs/performance.md has it without AWS",
    },
} as const satisfies Record<string, AwsTiming>;

export type AwsTimingName = keyof typeof awsTimings;
