// Volumes and their attachments: AWS's answers and refusals around the images and loop devices.
import * as fs from "node:fs";
import { CloudError } from "../api";
import type { Request, Volume } from "../api";
import { zones } from "../network/service";
import { run } from "../run";
import { waitFor } from "../run";
import type { CloudContext, Handlers } from "../service";
import { ensureLoop, freeNode, imageOf, isHeld, release, showVolumes } from "./devices";
import { reflink } from "./pool";
import { attachedTo, instanceOf, snapshotOf, volumeOf } from "./records";
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
                context.exclusive(`devices ${request.instanceId}`, () => attachVolume(records, request)),
            ),
        DetachVolume: (request) => alone(request.volumeId, () => detachVolume(context, records, request)),
    };
}

function view({ loop: _loop, node: _node, lastSnapshotAt: _last, ...volume }: VolumeRecord): Volume {
    return volume;
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
    records.volumes[volumeId] = {
        volumeId,
        availabilityZone: request.availabilityZone,
        size,
        ...performance(request.type ?? "gp2", size, request),
        ...(request.initializationRate !== undefined && { initializationRate: request.initializationRate }),
        encrypted: request.encrypted === true || snapshot?.encrypted === true,
        kmsKeyId: request.kmsKeyId,
        snapshotId: request.snapshotId,
        state: "available",
        tags: request.tags,
    };
    return view(records.volumes[volumeId]);
}

/** What it was given, or has by its kind: every kind but st1, sc1 and standard has IOPS, gp3 a throughput too. */
function performance(
    type: string,
    size: number,
    given: { iops?: number; throughput?: number },
): Pick<Volume, "type" | "iops" | "throughput"> {
    switch (type) {
        case "gp2":
            return { type, iops: Math.min(16_000, Math.max(100, 3 * size)) };
        case "gp3":
            return { type, iops: given.iops ?? 3000, throughput: given.throughput ?? 125 };
        case "io1":
        case "io2":
            return { type, iops: given.iops };
        default:
            return { type };
    }
}

function checkNewVolume(request: Request<"CreateVolume">, snapshot: SnapshotRecord | undefined): void {
    if (!zones.includes(request.availabilityZone)) {
        throw new CloudError("InvalidZone.NotFound", `The zone '${request.availabilityZone}' does not exist.`);
    }
    checkType(request.type);
    if (snapshot && !isCompleted(snapshot)) {
        throw new CloudError("IncorrectState", `Snapshot is in invalid state - pending`);
    }
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
    const wanted = performance(request.type ?? volume.type, size, {
        iops: request.iops ?? iops,
        throughput: request.throughput ?? throughput,
    });
    Object.assign(volume, { iops: undefined, throughput: undefined }, wanted);
    return view(volume);
}

async function attachVolume(records: MachineRecords, request: Request<"AttachVolume">): Promise<Volume> {
    const { volumeId, instanceId, device } = request;
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
    await ensureLoop(volume);
    volume.node = freeNode(records, instanceId);
    volume.attachment = { instanceId, device };
    volume.state = "in-use";
    await showVolumes(records, instanceId);
    return view(volume);
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
