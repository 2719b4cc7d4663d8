// How long AWS and its provider take, as data: each number with its source and how sure it is. Nothing here was measured by this program; a dress
// rehearsal on the account replaces what it can. Seconds, and MiB a second.

/**
 * `documented` by AWS · `measured` by others and published · `source`: read in the provider's source · `derived` from these by arithmetic ·
 * `assumed`: nothing was found.
 */
export type TimingRank = "documented" | "measured" | "source" | "derived" | "assumed";

export interface Timing {
    /** Half of the times it is over by then. */
    p50: number;
    /** Nine times of ten. */
    p90: number;
    /** Once in a while it hangs instead: how often, and for how long. */
    stuck?: { share: number; seconds: number };
    rank: TimingRank;
    source: string;
}

export interface Rate {
    usual: number;
    /** One time of ten it is no faster. */
    slow: number;
    rank: TimingRank;
    source: string;
}

/** hashicorp/terraform-provider-aws, which the provider wraps: internal/service/ec2/wait.go and ebs_volume_attachment.go, rds/instance.go, route53/ (waitChangeInsync). */
const provider = "terraform-provider-aws, the resource's own waits";
const snapshotCampaign = "michaelcourcy/lvmo-csi, docs/kasten-performance-test.md (gp3, one run a case)";
const restoreDrills =
    "restore drills that others published (vburghelea/solstice; TechX), terraform-provider-aws pull requests 15969, 32928, 14785 (n = 3)";

export const timings = {
    stop: { p50: 5, p90: 30, rank: "assumed", source: "none found; the dress rehearsal tells it" },
    quietAndRequests: { p50: 3.5, p90: 6, rank: "derived", source: "two quiet seconds and a request for each volume" },
    start: { p50: 15, p90: 60, rank: "assumed", source: "none found; the dress rehearsal tells it" },
    snapshotFloor: {
        p50: 75,
        p90: 120,
        rank: "measured",
        source: `${snapshotCampaign}; terraform-provider-aws pull request 38363`,
    },
    snapshotAfterWarmUp: {
        p50: 100,
        p90: 300,
        stuck: { share: 0.02, seconds: 1600 },
        rank: "derived",
        source: snapshotCampaign,
    },
    waiterNoticesLate: {
        p50: 15,
        p90: 60,
        rank: "source",
        source: "the SDK's waiter SnapshotCompleted: 15 s, growing to 120 s",
    },
    volumeAvailable: {
        p50: 1.5,
        p90: 3,
        rank: "measured",
        source: "kubernetes-sigs/aws-ebs-csi-driver, pkg/cloud/cloud.go (its authors' median and p99)",
    },
    volumeWaits: { p50: 11, p90: 13, rank: "source", source: provider },
    attachment: {
        p50: 22,
        p90: 37,
        stuck: { share: 0.005, seconds: 600 },
        rank: "measured",
        source: `${provider}; kubernetes-sigs/aws-ebs-csi-driver issues 795, 1302`,
    },
    mount: { p50: 5, p90: 15, rank: "assumed", source: "none found; the dress rehearsal tells it" },
    logBehind: {
        p50: 150,
        p90: 270,
        rank: "documented",
        source: "RDS User Guide, PITR: logs are uploaded every five minutes",
    },
    pointInTimeRestore: {
        p50: 1250,
        p90: 1650,
        stuck: { share: 0.05, seconds: 5400 },
        rank: "measured",
        source: restoreDrills,
    },
    serverSnapshot: {
        p50: 120,
        p90: 300,
        rank: "derived",
        source: "terraform-provider-aws, acceptance test of snapshots",
    },
    serverSnapshotRestore: { p50: 480, p90: 720, rank: "measured", source: restoreDrills },
    serverWaits: { p50: 25, p90: 30, rank: "source", source: `${provider} (three times available in a row)` },
    passwordAfterPointInTime: {
        p50: 100,
        p90: 140,
        rank: "source",
        source: `${provider} (the password goes by a second request)`,
    },
    backupAfterRestore: {
        p50: 90,
        p90: 240,
        rank: "assumed",
        source: "terraform-provider-aws issue 44104 has it for large servers only: two to three hours",
    },
    repairsAndChecks: { p50: 90, p90: 240, rank: "assumed", source: "none found; the dress rehearsal tells it" },
    betweenCommits: { p50: 75, p90: 200, rank: "assumed", source: "people, review and a pipeline's start" },
    serve: { p50: 25, p90: 45, rank: "assumed", source: "none found; the dress rehearsal tells it" },
    records: {
        p50: 45,
        p90: 85,
        stuck: { share: 0.01, seconds: 900 },
        rank: "measured",
        source: `Route 53 API reference, GetChange ("within 60 seconds"), libdns/route53 issue 14; ${provider} (10 to 30 s before the first look)`,
    },
} as const satisfies Record<string, Timing>;

export const rates = {
    firstSnapshot: { usual: 20, slow: 12, rank: "measured", source: snapshotCampaign },
    laterSnapshot: { usual: 12, slow: 8, rank: "measured", source: snapshotCampaign },
    dump: {
        usual: 61,
        slow: 30,
        rank: "measured",
        source: "AWS DMS guide, a comparison of ways for PostgreSQL (70 GB)",
    },
    load: {
        usual: 43,
        slow: 20,
        rank: "measured",
        source: "AWS DMS guide, a comparison of ways for PostgreSQL (70 GB)",
    },
    coldRead: { usual: 21, slow: 15, rank: "measured", source: snapshotCampaign },
} as const satisfies Record<string, Rate>;

/** Part of a volume that has changed since its last snapshot, where nobody knows: assumed. */
export const changedShare = 0.1;

const mibPerGib = 1024;

/** How long so many GiB take. */
export function atRate(gib: number, { usual, slow, rank, source }: Rate): Timing {
    return { p50: (gib * mibPerGib) / usual, p90: (gib * mibPerGib) / slow, rank, source };
}
