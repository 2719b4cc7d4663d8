// Volumes as block devices: a loop device over the volume's image, shown to the host as EBS volumes are on Nitro.
import * as fs from "node:fs";
import * as path from "node:path";
import { run } from "../run";
import { setVolumes } from "./host";
import { attachLoop, loopsOf, volumeFolder } from "./pool";
import { attachedTo } from "./records";
import type { MachineRecords, VolumeRecord } from "./records";

export const imageOf = (volumeId: string): string => path.join(volumeFolder, `${volumeId}.img`);

/** Gives the host what its records say is attached. */
export async function showVolumes(records: MachineRecords, instanceId: string): Promise<void> {
    // One that is still on its way has no device yet.
    const volumes = attachedTo(records, instanceId).flatMap(({ volumeId, node, loop }) =>
        node !== undefined && loop !== undefined ? [{ volumeId, node, loop }] : [],
    );
    await setVolumes(instanceId, volumes);
}

/** The loop device over the volume's image, made when it isn't there (any more). */
export async function ensureLoop(volume: VolumeRecord): Promise<void> {
    const image = imageOf(volume.volumeId);
    volume.loop = (await loopsOf(image))[0] ?? (await attachLoop(image));
}

export function freeNode(records: MachineRecords, instanceId: string): string {
    const taken = attachedTo(records, instanceId).map((volume) => volume.node);
    for (let number = 1; ; number++) {
        if (!taken.includes(`nvme${number}n1`)) {
            return `nvme${number}n1`;
        }
    }
}

/** Mounted or otherwise held: an exclusive open fails. */
export function isHeld(volume: VolumeRecord): boolean {
    if (volume.loop === undefined) {
        return false;
    }
    try {
        fs.closeSync(fs.openSync(volume.loop, fs.constants.O_RDONLY | fs.constants.O_EXCL));
        return false;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EBUSY") {
            return true;
        }
        throw error;
    }
}

/** Takes the volume from its host, mounted or not. */
export async function release(records: MachineRecords, volume: VolumeRecord): Promise<void> {
    const instanceId = volume.attachment?.instanceId;
    const loop = volume.loop;
    volume.state = "available";
    delete volume.attachment;
    delete volume.loop;
    delete volume.node;
    delete volume.attachingUntil;
    if (instanceId !== undefined) {
        await showVolumes(records, instanceId);
    }
    if (loop !== undefined) {
        await run(["losetup", "--detach", loop]);
    }
}

export async function releaseAll(records: MachineRecords, instanceId: string): Promise<void> {
    for (const volume of attachedTo(records, instanceId)) {
        await release(records, volume);
    }
}

/** After a reboot of the machine all loop devices are gone and their numbers new. */
export async function resumeVolumes(records: MachineRecords): Promise<void> {
    const attached = Object.values(records.volumes).filter((volume) => volume.attachment);
    for (const volume of attached) {
        await ensureLoop(volume);
        volume.node ??= freeNode(records, volume.attachment?.instanceId as string);
    }
    for (const instanceId of new Set(attached.map((volume) => volume.attachment?.instanceId as string))) {
        await showVolumes(records, instanceId);
    }
}
