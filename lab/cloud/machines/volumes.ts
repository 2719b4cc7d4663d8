// Volumes and their attachments: AWS's answers and refusals around the images and loop devices.
import * as fs from "node:fs";
import { CloudError } from "../api";
import type { Request, Volume } from "../api";
import { zones } from "../network/records";
import { run, sleep, waitFor } from "../run";
import type { CloudContext, Handlers } from "../service";
import { ensureLoop, freeNode, imageOf, isHeld, release, showVolumes } from "./devices";
import { reflink } from "./pool";
import { attachedTo, instanceOf, keyOf, performance, snapshotOf, volumeOf } from "./records";
import type { MachineRecords, SnapshotRecord, VolumeRecord } from "./records";
import { isCompleted, snapshotImage } from "./snapshots";

/** As long as a guest may take to let go of a device. */
const detachSeconds = 60;
const volumeTypes = ["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"];

export function volumeHandlers(context: CloudContext, records: MachineRecords): Handlers {
    const alone = <T>(id: string, work: () => Promise<T>): Promise<T> => context.exclusive(`volume ${id}`, work);
    return {
        CreateVolume: (request) => createVolume(context, records, request),
        DescribeVolume: async ({ volumeId }) => view(volumeOf(records, volumeId)),
        ModifyVolume: (request) => alone(request.volumeId, () => modifyVolume(records, request)),
        DeleteVolume: ({ volumeId }) =>
            alone(volumeId, async () => {
                const volume = volumeOf(records, volumeId);
                if (volume.attachment) {
                    const { instanceId } = volume.attachment;
                    throw new CloudError("VolumeInUse", `Volume ${volumeId} is currently attached to ${instanceId}`);
                }
                fs.rmSync(imageOf(volumeId), { force: true });
                delete records.volumes[volumeId];
                return {};
            }),
        // A host's volumes one after the other, so that no two get the same name in it.
        AttachVolume: (request) =>
            alone(request.volumeId, () =>
                context.exclusive(`devices ${request.instanceId}`, () => attachVolume(context, records, request)),
            ),
        DetachVolume: (request) => alone(request.volumeId, () => detachVolume(context, records, request)),
    };
}

function view({
    loop: _loop,
    node: _node,
    lastSnapshotAt: _last,
    attachingUntil = 0,
    ...volume
}: VolumeRecord): Volume {
    const { attachment } = volume;
    const attaching = attachment !== undefined && Date.now() < attachingUntil;
    return attaching ? { ...volume, attachment: { ...attachment, state: "attaching" } } : volume;
}

async function createVolume(
    context: CloudContext,
    records: MachineRecords,
    request: Request<"CreateVolume">,
): Promise<Volume> {
    const snapshot = request.snapshotId === undefined ? undefined : snapshotOf(records, request.snapshotId);
    checkNewVolume(request, snapshot);
    const volumeId = context.newId("vol");
    const size = request.size ?? (snapshot as SnapshotRecord).volumeSize;
    if (snapshot) {
        await reflink(snapshotImage(snapshot.snapshotId), imageOf(volumeId));
    } else {
        fs.writeFileSync(imageOf(volumeId), "");
    }
    fs.truncateSync(imageOf(volumeId), size * 1024 ** 3);
    const { type = "gp2", volumeInitializationRate } = request;
    const encrypted = request.encrypted === true || snapshot?.encrypted === true;
    records.volumes[volumeId] = {
        volumeId,
        availabilityZone: request.availabilityZone,
        ...{ size, type, encrypted },
        ...keyOf(encrypted, request.kmsKeyId ?? snapshot?.kmsKeyId),
        ...performance(type, size, request),
        ...(volumeInitializationRate !== undefined && { volumeInitializationRate }),
        snapshotId: request.snapshotId,
        state: "available",
        createTime: new Date().toISOString(),
        tags: request.tags,
    };
    return view(records.volumes[volumeId]);
}

function checkNewVolume(request: Request<"CreateVolume">, snapshot: SnapshotRecord | undefined): void {
    if (!zones.includes(request.availabilityZone)) {
        throw new CloudError("InvalidZone.NotFound", `The zone '${request.availabilityZone}' does not exist.`);
    }
    checkType(request.type);
    if (snapshot && (!isCompleted(snapshot) || snapshot.fails)) {
        const state = snapshot.fails && isCompleted(snapshot) ? "error" : "pending";
        throw new CloudError("IncorrectState", `Snapshot is in invalid state - ${state}`);
    }
    checkInitialization(request);
    if (request.size === undefined && !snapshot) {
        throw new CloudError("MissingParameter", "The request must contain the parameter size/snapshot");
    }
    if (request.size !== undefined && snapshot && request.size < snapshot.volumeSize) {
        throw new CloudError(
            "InvalidParameterValue",
            `Volume of ${request.size}GiB is smaller than snapshot '${snapshot.snapshotId}', expect size >= ${snapshot.volumeSize}GiB`,
        );
    }
    if (request.size !== undefined && (!Number.isInteger(request.size) || request.size < 1)) {
        throw new CloudError("InvalidParameterValue", `Volume size ${request.size} is not a whole number of GiB`);
    }
}

/** EBS User Guide: 100 to 300 MiB/s, and only of a volume that is made from a snapshot. */
function checkInitialization({ volumeInitializationRate: rate, snapshotId }: Request<"CreateVolume">): void {
    if (rate !== undefined && (snapshotId === undefined || rate < 100 || rate > 300)) {
        throw new CloudError(
            "InvalidParameterValue",
            `Value (${rate}) for parameter VolumeInitializationRate is invalid.`,
        );
    }
}

function checkType(type: string | undefined): void {
    if (type !== undefined && !volumeTypes.includes(type)) {
        throw new CloudError("UnknownVolumeType", `Unknown volume type: ${type}`);
    }
}

async function modifyVolume(records: MachineRecords, request: Request<"ModifyVolume">): Promise<Volume> {
    const volume = volumeOf(records, request.volumeId);
    checkType(request.type);
    const size = request.size ?? volume.size;
    if (size < volume.size) {
        const message = `New size cannot be smaller than existing size (${size} GiB instead of ${volume.size} GiB)`;
        throw new CloudError("InvalidParameterValue", message);
    }
    if (size > volume.size) {
        fs.truncateSync(imageOf(volume.volumeId), size * 1024 ** 3);
        if (volume.loop) {
            await run(["losetup", "--set-capacity", volume.loop]);
        }
    }
    volume.size = size;
    const { iops, throughput } = volume;
    volume.type = request.type ?? volume.type;
    const wanted = performance(volume.type, size, {
        iops: request.iops ?? iops,
        throughput: request.throughput ?? throughput,
    });
    Object.assign(volume, { iops: undefined, throughput: undefined }, wanted);
    return view(volume);
}

async function attachVolume(
    context: CloudContext,
    records: MachineRecords,
    request: Request<"AttachVolume">,
): Promise<Volume> {
    const { volumeId, instanceId, device, attachingMilliseconds } = request;
    const volume = volumeOf(records, volumeId);
    const instance = instanceOf(records, instanceId);
    if (instance.state !== "running" && instance.state !== "stopped") {
        throw new CloudError("IncorrectState", `Instance '${instanceId}' is not 'running'.`);
    }
    if (volume.attachment) {
        throw new CloudError("VolumeInUse", `${volumeId} is already attached to an instance`);
    }
    if (volume.availabilityZone !== instance.availabilityZone) {
        throw new CloudError(
            "InvalidVolume.ZoneMismatch",
            `The volume '${volumeId}' is not in the same availability zone as instance '${instanceId}'`,
        );
    }
    if (attachedTo(records, instanceId).some((other) => other.attachment?.device === device)) {
        throw new CloudError(
            "InvalidParameterValue",
            `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`,
        );
    }
    if (attachingMilliseconds !== undefined) {
        volume.attachingUntil = Date.now() + attachingMilliseconds;
        volume.attachment = { instanceId, device, state: "attached" };
        volume.state = "in-use";
        context.background(`attaching ${volumeId}`, async () => {
            await sleep(attachingMilliseconds);
            if (volume.attachment?.instanceId === instanceId) await show(records, volume, instanceId);
        });
        return view(volume);
    }
    volume.attachment = { instanceId, device, state: "attached" };
    volume.state = "in-use";
    await show(records, volume, instanceId);
    return view(volume);
}

/** A host's volumes get their names one after the other. */
async function show(records: MachineRecords, volume: VolumeRecord, instanceId: string): Promise<void> {
    await ensureLoop(volume);
    volume.node = freeNode(records, instanceId);
    await showVolumes(records, instanceId);
}

async function detachVolume(
    context: CloudContext,
    records: MachineRecords,
    { volumeId, instanceId, force }: Request<"DetachVolume">,
): Promise<Volume> {
    const volume = volumeOf(records, volumeId);
    if (volume.attachment?.instanceId !== instanceId) {
        throw new CloudError("IncorrectState", `Volume '${volumeId}' is not attached to '${instanceId}'.`);
    }
    if (force !== true) {
        await waitFor("let go", () => !isHeld(volume), detachSeconds).catch(() => {
            throw new CloudError(
                "VolumeInUse",
                `Volume ${volumeId} is busy: it is still in use in ${instanceId} after ${detachSeconds} s. Unmount it there first.`,
            );
        });
    }
    await context.exclusive(`devices ${instanceId}`, () => release(records, volume));
    return view(volume);
}
