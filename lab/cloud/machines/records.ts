// What the machines' part of the cloud remembers, and how it is looked up.
import type { Instance, Snapshot, Volume } from "../api";
import { found } from "../network/records";

export interface VolumeRecord extends Volume {
    /** While attached: the loop device over its image, and its name in the guest. */
    loop?: string;
    node?: string;
    /** Milliseconds since 1970 of the last snapshot's request. */
    lastSnapshotAt?: number;
    /** Milliseconds since 1970 until which it is on its way to its host, and not there. */
    attachingUntil?: number;
}

export interface SnapshotRecord extends Snapshot {
    /** Milliseconds since 1970; the state follows from it. */
    completesAt: number;
    /** It ends in "error" instead. */
    fails?: boolean;
    /** Milliseconds since 1970 until which no look-up finds it. */
    hiddenUntil?: number;
}

export interface MachineRecords {
    instances: Record<string, Instance>;
    volumes: Record<string, VolumeRecord>;
    snapshots: Record<string, SnapshotRecord>;
}

export const emptyMachines = (): MachineRecords => ({ instances: {}, volumes: {}, snapshots: {} });

export const instanceOf = (records: MachineRecords, id: string): Instance =>
    found(records.instances[id], "InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);
export const volumeOf = (records: MachineRecords, id: string): VolumeRecord =>
    found(records.volumes[id], "InvalidVolume.NotFound", `The volume '${id}' does not exist.`);
export const snapshotOf = (records: MachineRecords, id: string): SnapshotRecord =>
    found(records.snapshots[id], "InvalidSnapshot.NotFound", `The snapshot '${id}' does not exist.`);

/** The account's own for EBS (alias/aws/ebs). */
export const ebsKey = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-0000000000eb";

/** EC2 answers the key's ARN, whatever it was asked with, and of no key where nothing is encrypted. */
export const keyOf = (encrypted: boolean, kmsKeyId: string | undefined): { kmsKeyId?: string } =>
    encrypted ? { kmsKeyId: kmsKeyId ?? ebsKey } : {};

/** What a volume of that type does where it is not asked for more: every kind but st1, sc1 and standard has IOPS, gp3 a throughput too (EBS User Guide). */
export function performance(
    type: string,
    sizeGiB: number,
    asked: { iops?: number; throughput?: number },
): { iops?: number; throughput?: number } {
    switch (type) {
        case "gp2":
            return { iops: Math.min(16_000, Math.max(100, 3 * sizeGiB)) };
        case "gp3":
            return { iops: asked.iops ?? 3000, throughput: asked.throughput ?? 125 };
        case "io1":
        case "io2":
            return { iops: asked.iops };
        default:
            return {};
    }
}

export const attachedTo = (records: MachineRecords, instanceId: string): VolumeRecord[] =>
    Object.values(records.volumes).filter((volume) => volume.attachment?.instanceId === instanceId);
