// How long AWS takes, as data with a rank. TIMING=fast, what runs by default, takes none of the short ones and a thousandth of the long ones;
// TIMING=aws takes the short ones as they are, so that a closed window is measured under them. The long ones stay short in both: nobody waits an
// hour for a rehearsal, and the report predicts them from the same figures.
import type { Operation } from "./operations";

export const timingModes = ["fast", "aws"] as const;
export type TimingMode = (typeof timingModes)[number];

/** Documented by AWS; measured by others and published; read in source code; derived from those; guessed, since nobody publishes it. */
type Rank = "documented" | "measured" | "source" | "derived" | "guessed";

/** Seconds, log-normal through both. */
export interface Duration {
    p50: number;
    p90: number;
    worst: number;
    rank: Rank;
    source: string;
}

const nobody = "no published figure; the rehearsal with an account is to replace it";
const csiDriver = "kubernetes-sigs/aws-ebs-csi-driver, docs/metrics.md and pkg/cloud/cloud.go";

/** From the request to its answer. */
export const latencies = {
    createSnapshot: { p50: 0.5, p90: 1.0, worst: 5, rank: "guessed", source: nobody },
    describe: { p50: 0.2, p90: 0.5, worst: 2, rank: "guessed", source: nobody },
    createVolume: { p50: 0.4, p90: 1.0, worst: 3, rank: "guessed", source: nobody },
    attachVolume: { p50: 0.55, p90: 1.0, worst: 2, rank: "measured", source: csiDriver },
    detachVolume: { p50: 0.4, p90: 1.0, worst: 2, rank: "guessed", source: nobody },
    createTags: { p50: 0.3, p90: 0.6, worst: 2, rank: "guessed", source: nobody },
    runInstances: { p50: 1.5, p90: 2.0, worst: 5, rank: "measured", source: "published launch times of EC2" },
    rdsDescribe: { p50: 0.2, p90: 0.5, worst: 3, rank: "guessed", source: nobody },
    rdsCreateOrRestore: { p50: 1.5, p90: 3.0, worst: 10, rank: "guessed", source: nobody },
    route53Change: { p50: 0.3, p90: 1.0, worst: 5, rank: "guessed", source: nobody },
} satisfies Record<string, Duration>;

/** From an answer to the moment from which others find the id, and the tags that it was requested with. */
export const visibility: Duration = { p50: 0.5, p90: 2, worst: 5, rank: "guessed", source: nobody };

/** From the answer until a volume is on its host. */
export const attachment: Duration = { p50: 2, p90: 4, worst: 10, rank: "measured", source: csiDriver };

/** The long ones: what AWS takes, and seconds of the lab for each GiB of new data, with what comes before. */
export const completion = {
    snapshot: {
        aws: { p50: 75, p90: 120, worst: 300, rank: "measured", source: "one published campaign, and test suites" },
        lab: { base: 1, perGiB: 4 },
    },
    serverSnapshot: {
        aws: { p50: 120, p90: 300, worst: 600, rank: "derived", source: "published create times of RDS snapshots" },
        lab: { base: 2, perGiB: 4 },
    },
} satisfies Record<string, { aws: Duration; lab: { base: number; perGiB: number } }>;

export const completionMilliseconds = (of: keyof typeof completion, bytes: number): number => {
    const { base, perGiB } = completion[of].lab;
    return base * 1000 + Math.round((bytes / 1024 ** 3) * perGiB * 1000);
};

/** What a request takes of its bucket, which its account, region and name share (EC2 User Guide, request throttling). */
export interface Bucket {
    capacity: number;
    /** Each second. */
    refill: number;
    rank: Rank;
}

export const buckets = {
    describe: { capacity: 100, refill: 20, rank: "documented" },
    mutating: { capacity: 50, refill: 5, rank: "documented" },
    CreateSnapshot: { capacity: 100, refill: 5, rank: "documented" },
    DeleteSnapshot: { capacity: 100, refill: 5, rank: "documented" },
    CreateVolume: { capacity: 100, refill: 5, rank: "documented" },
    DeleteVolume: { capacity: 100, refill: 5, rank: "documented" },
    CreateTags: { capacity: 100, refill: 10, rank: "documented" },
    RunInstances: { capacity: 5, refill: 2, rank: "documented" },
    TerminateInstances: { capacity: 100, refill: 5, rank: "documented" },
    /** Of all of Route 53, by account (Route 53 Developer Guide, quotas: five requests a second). */
    route53: { capacity: 5, refill: 5, rank: "documented" },
} satisfies Record<string, Bucket>;

/** The part of every bucket that others in the account have taken: CSI drivers, Config, backups. A guess. */
export const usedByOthers = 0.3;

/** Of the provider between two looks: as often as it likes, or as the SDK's waiters hold themselves to the buckets. */
export const pollMilliseconds: Record<TimingMode, number> = { fast: 200, aws: 2000 };

/**
 * Of the provider for an attachment: five minutes (terraform-provider-aws, internal/service/ec2/ebs_volume_attachment.go, Timeouts), which nobody waits
 * for where a volume is on its host at once.
 */
export const attachmentTimeoutSeconds: Record<TimingMode, number> = { fast: 15, aws: 300 };

export function latencyOf({ service, operation }: Operation): Duration {
    const reads = /^(Describe|List|Get)/.test(operation);
    if (service === "RDS") return reads ? latencies.rdsDescribe : latencies.rdsCreateOrRestore;
    if (service === "Route 53") return reads ? latencies.describe : latencies.route53Change;
    const own = operation[0].toLowerCase() + operation.slice(1);
    if (own in latencies) return latencies[own as keyof typeof latencies];
    return reads ? latencies.describe : latencies.createTags;
}

/** RDS publishes no buckets. */
export function bucketOf({ service, operation }: Operation): { name: string; bucket: Bucket } | undefined {
    if (service === "Route 53") return { name: "route53", bucket: buckets.route53 };
    if (service !== "EC2") return undefined;
    if (operation in buckets) return { name: operation, bucket: buckets[operation as keyof typeof buckets] };
    return { name: operation, bucket: /^(Describe|Get)/.test(operation) ? buckets.describe : buckets.mutating };
}

const ninetieth = 1.2816; // of the normal distribution

/** Seconds; `chance` and `other` are numbers from 0 to 1 (Box and Muller). */
export function draw({ p50, p90, worst }: Duration, chance = Math.random(), other = Math.random()): number {
    const normal = Math.sqrt(-2 * Math.log(1 - chance)) * Math.cos(2 * Math.PI * other);
    return Math.min(worst, p50 * Math.exp((Math.log(p90 / p50) / ninetieth) * normal));
}

/** Throws for a word that is none. */
export function timingMode(word: string | undefined): TimingMode {
    const found = timingModes.find((mode) => mode === (word ?? "fast"));
    if (!found) throw new Error(`TIMING=${word}: there are ${timingModes.join(", ")}.`);
    return found;
}
