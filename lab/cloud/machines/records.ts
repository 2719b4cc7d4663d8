// What the machines' part of the cloud remembers, and how it is looked up.
import type { Instance, Snapshot, Volume } from "../api";
import { found } from "../network/service";

export interface VolumeRecord extends Volume {
    /** While attached: the loop device over its image, and its name in the guest. */
    loop?: string;
    node?: string;
    /** Milliseconds since 1970 of the last snapshot's request. */
    lastSnapshotAt?: number;
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

export const attachedTo = (records: MachineRecords, instanceId: string): VolumeRecord[] =>
    Object.values(records.volumes).filter((volume) => volume.attachment?.instanceId === instanceId);
