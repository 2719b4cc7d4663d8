// How fast a volume is, and how fast one that is restored from its snapshot is made: never slower than what people were used to. Pure.

export interface VolumeSpeed {
    /** "gp3", "io2" and so on. */
    type: string;
    iops?: number;
    /** MiB/s */
    throughput?: number;
}

/** What gp3 has without being asked: 3000 IOPS and 125 MiB/s (EBS user guide, "General Purpose SSD volumes"). */
const gp3 = { iops: 3000, throughput: 125 };
// gp2 has 3 IOPS for each GiB, bursts to 3000 below that, and reaches 128 MiB/s up to 170 GiB, 250 above (the same page).
const gp2 = { smallGiB: 170, smallThroughput: 128, throughput: 250 };

/**
 * As its source was. The two kinds that gp3 has followed on become gp3, and no slower: gp2 keeps its IOPS and throughput, magnetic volumes (40 to
 * 200 IOPS) are slower than any. Of a capture that an older version took nobody knows: gp3, as that version made it.
 */
export function restoredSpeed(source: VolumeSpeed | undefined, sizeGiB: number): VolumeSpeed {
    switch (source?.type) {
        case "gp3":
            return { type: "gp3", iops: source.iops ?? gp3.iops, throughput: source.throughput ?? gp3.throughput };
        case "io1":
        case "io2":
            return source.iops === undefined ? { type: "gp3" } : { type: source.type, iops: source.iops };
        case "st1":
        case "sc1":
            return { type: source.type };
        case "gp2":
            return {
                type: "gp3",
                iops: Math.max(gp3.iops, source.iops ?? 0),
                throughput: sizeGiB > gp2.smallGiB ? gp2.throughput : gp2.smallThroughput,
            };
        default:
            return { type: "gp3" };
    }
}

/** How many snapshots of a volume may be pending at a time (Amazon EBS quotas, "Concurrent snapshots per … volume"). */
export function pendingLimit(type: string | undefined): number {
    return type === "st1" || type === "sc1" ? 1 : 5;
}
