// EC2: images, types, instances, volumes and snapshots. Asked by filters, so that what is not there is an empty list and no error.
import {
    DescribeVolumeAttributeCommand,
    Filter,
    Image,
    Instance,
    InstanceTypeInfo,
    paginateDescribeImages,
    paginateDescribeInstances,
    paginateDescribeInstanceTypeOfferings,
    paginateDescribeInstanceTypes,
    paginateDescribeSnapshots,
    paginateDescribeVolumes,
    ProductCode as SentProductCode,
    Tag,
    Volume,
} from "@aws-sdk/client-ec2";
import { answered, CloudAnswer } from "../answer";
import type { Cloud } from "../cloud";
import type {
    ComputeUse,
    Counted,
    ImageFacts,
    InstanceFacts,
    InstanceTypeFacts,
    ProductCode,
    SnapshotFacts,
    StorageUse,
    VolumeFacts,
} from "../facts";

export const filter = (name: string, ...values: string[]): Filter => ({ Name: name, Values: values });

/** By the tags that this program gives everything (logic/names.ts). */
export function ownTags(tags: Record<string, string>): Filter[] {
    return Object.entries(tags).map(([key, value]) => filter(`tag:${key}`, value));
}

/** `undefined` where this account sees no such image. */
export function imageFacts({ ec2 }: Cloud, id: string): Promise<CloudAnswer<ImageFacts | undefined>> {
    return answered("ec2:DescribeImages", async () => {
        const sent = { Filters: [filter("image-id", id)], IncludeDeprecated: true };
        const found: Image[] = [];
        for await (const { Images = [] } of paginateDescribeImages({ client: ec2 }, sent)) {
            found.push(...Images);
        }
        return found.map(imageOf)[0];
    });
}

function imageOf(image: Image): ImageFacts {
    const root = image.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === image.RootDeviceName)?.Ebs;
    return {
        id: image.ImageId ?? "",
        state: image.State ?? "",
        architecture: image.Architecture ?? "",
        rootDeviceType: image.RootDeviceType ?? "",
        ...(image.RootDeviceName !== undefined && { rootDevice: image.RootDeviceName }),
        virtualization: image.VirtualizationType ?? "",
        platform: image.PlatformDetails ?? image.Platform ?? "",
        ...(image.EnaSupport !== undefined && { ena: image.EnaSupport }),
        ...(root?.VolumeSize !== undefined && { rootSize: root.VolumeSize }),
        ...(image.DeprecationTime !== undefined && { deprecated: image.DeprecationTime }),
        productCodes: codesOf(image.ProductCodes),
    };
}

function codesOf(codes: SentProductCode[] = []): ProductCode[] {
    return codes.map(({ ProductCodeId = "", ProductCodeType = "" }) => ({
        code: ProductCodeId,
        type: ProductCodeType,
    }));
}

/** Of those of these types that there are. */
export function instanceTypes(
    { ec2 }: Cloud,
    types: string[],
    zones: string[],
): Promise<CloudAnswer<InstanceTypeFacts[]>> {
    return answered("ec2:DescribeInstanceTypes", async () => {
        const found: InstanceTypeInfo[] = [];
        const asked = { Filters: [filter("instance-type", ...types)] };
        for await (const { InstanceTypes = [] } of paginateDescribeInstanceTypes({ client: ec2 }, asked)) {
            found.push(...InstanceTypes);
        }
        const offered: { type: string; zone: string }[] = [];
        const pages = paginateDescribeInstanceTypeOfferings(
            { client: ec2 },
            {
                LocationType: "availability-zone",
                Filters: [
                    filter("instance-type", ...types),
                    ...(zones.length > 0 ? [filter("location", ...zones)] : []),
                ],
            },
        );
        for await (const { InstanceTypeOfferings = [] } of pages) {
            offered.push(
                ...InstanceTypeOfferings.map(({ InstanceType = "", Location = "" }) => ({
                    type: InstanceType,
                    zone: Location,
                })),
            );
        }
        return found.map(({ InstanceType = "", VCpuInfo, ProcessorInfo, Hypervisor }) => ({
            type: InstanceType,
            vcpus: VCpuInfo?.DefaultVCpus ?? 0,
            architectures: ProcessorInfo?.SupportedArchitectures ?? [],
            ...(Hypervisor !== undefined && { hypervisor: Hypervisor }),
            zones: offered.filter(({ type }) => type === InstanceType).map(({ zone }) => zone),
        }));
    });
}

export function instances({ ec2 }: Cloud, ids: string[]): Promise<CloudAnswer<InstanceFacts[]>> {
    return answered("ec2:DescribeInstances", async () =>
        (await listInstances(ec2, [filter("instance-id", ...ids)])).map((instance) => ({
            id: instance.InstanceId ?? "",
            state: instance.State?.Name ?? "",
            type: instance.InstanceType ?? "",
            zone: instance.Placement?.AvailabilityZone ?? "",
            ...(instance.VpcId !== undefined && { vpcId: instance.VpcId }),
            ...(instance.PrivateIpAddress !== undefined && { privateAddress: instance.PrivateIpAddress }),
            ...(instance.PublicIpAddress !== undefined && { publicAddress: instance.PublicIpAddress }),
            ...(instance.RootDeviceName !== undefined && { rootDevice: instance.RootDeviceName }),
            productCodes: codesOf(instance.ProductCodes),
        })),
    );
}

/** What runs, and is bought on demand: what quotas count. */
export function computeUse({ ec2 }: Cloud, tags: Record<string, string>): Promise<CloudAnswer<ComputeUse>> {
    return answered("ec2:DescribeInstances", async () => {
        const found = await listInstances(ec2, [filter("instance-state-name", "pending", "running")]);
        return {
            running: found
                .filter(({ InstanceLifecycle }) => InstanceLifecycle !== "spot")
                .map(({ InstanceType = "", CpuOptions, Tags }) => ({
                    type: InstanceType,
                    vcpus: (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 0),
                    own: hasTags(Tags, tags),
                })),
        };
    });
}

export function hasTags(found: Tag[] = [], wanted: Record<string, string>): boolean {
    return Object.entries(wanted).every(([key, value]) => found.some((tag) => tag.Key === key && tag.Value === value));
}

async function listInstances(client: Cloud["ec2"], filters: Filter[]): Promise<Instance[]> {
    const found: Instance[] = [];
    for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters: filters })) {
        found.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
    }
    return found;
}

export function volumes({ ec2 }: Cloud, ids: string[]): Promise<CloudAnswer<VolumeFacts[]>> {
    return answered("ec2:DescribeVolumes", async () =>
        (await listVolumes(ec2, [filter("volume-id", ...ids)])).map((volume) => ({
            id: volume.VolumeId ?? "",
            state: volume.State ?? "",
            type: volume.VolumeType ?? "",
            size: volume.Size ?? 0,
            zone: volume.AvailabilityZone ?? "",
            encrypted: volume.Encrypted ?? false,
            ...(volume.KmsKeyId !== undefined && { kmsKeyId: volume.KmsKeyId }),
            ...(volume.Iops !== undefined && { iops: volume.Iops }),
            attachedTo: (volume.Attachments ?? []).map(({ InstanceId = "", Device = "" }) => ({
                instanceId: InstanceId,
                device: Device,
            })),
        })),
    );
}

/** Of each volume by itself: they are told by an attribute only. Of one that is not there, nothing. */
export async function volumeCodes({ ec2 }: Cloud, ids: string[]): Promise<Record<string, CloudAnswer<ProductCode[]>>> {
    return Object.fromEntries(
        await Promise.all(
            ids.map(async (id): Promise<[string, CloudAnswer<ProductCode[]>]> => [
                id,
                await answered("ec2:DescribeVolumeAttribute", async () => {
                    const sent = new DescribeVolumeAttributeCommand({ VolumeId: id, Attribute: "productCodes" });
                    return codesOf((await ec2.send(sent)).ProductCodes);
                }),
            ]),
        ),
    );
}

/** Of volumes of these types. */
export function storageUse(
    { ec2 }: Cloud,
    tags: Record<string, string>,
    types: string[],
): Promise<CloudAnswer<StorageUse>> {
    return answered("ec2:DescribeVolumes", async () => {
        const found = await listVolumes(ec2, [filter("volume-type", ...types)]);
        const sum = (list: Volume[]) =>
            Object.fromEntries(
                types.map((type) => [
                    type,
                    list.filter(({ VolumeType }) => VolumeType === type).reduce((size, { Size = 0 }) => size + Size, 0),
                ]),
            );
        return { all: sum(found), own: sum(found.filter(({ Tags }) => hasTags(Tags, tags))) };
    });
}

async function listVolumes(client: Cloud["ec2"], filters: Filter[]): Promise<Volume[]> {
    const found: Volume[] = [];
    for await (const { Volumes = [] } of paginateDescribeVolumes({ client }, { Filters: filters, MaxResults: 500 })) {
        found.push(...Volumes);
    }
    return found;
}

/** Of these volumes, by anybody. */
export function snapshotsOfVolumes({ ec2 }: Cloud, volumeIds: string[]): Promise<CloudAnswer<SnapshotFacts[]>> {
    return answered("ec2:DescribeSnapshots", async () => {
        const found: SnapshotFacts[] = [];
        const sent = { OwnerIds: ["self"], Filters: [filter("volume-id", ...volumeIds)], MaxResults: 1000 };
        for await (const { Snapshots = [] } of paginateDescribeSnapshots({ client: ec2 }, sent)) {
            for (const snapshot of Snapshots) {
                found.push({
                    id: snapshot.SnapshotId ?? "",
                    volumeId: snapshot.VolumeId ?? "",
                    state: snapshot.State ?? "",
                    started: snapshot.StartTime?.toISOString() ?? "",
                    ...(snapshot.CompletionTime && { completed: snapshot.CompletionTime.toISOString() }),
                    ...(snapshot.FullSnapshotSizeInBytes !== undefined && {
                        fullBytes: snapshot.FullSnapshotSizeInBytes,
                    }),
                });
            }
        }
        return found;
    });
}

/** A page takes a second or so, and the quota is a hundred of them. */
const pagesAtMost = 20;

/** All of the account's. */
export function countSnapshots({ ec2 }: Cloud): Promise<CloudAnswer<Counted>> {
    return answered("ec2:DescribeSnapshots", async () => {
        let count = 0;
        let pages = 0;
        const all = paginateDescribeSnapshots({ client: ec2 }, { OwnerIds: ["self"], MaxResults: 1000 });
        for await (const { Snapshots = [] } of all) {
            count += Snapshots.length;
            pages += 1;
            if (pages >= pagesAtMost) return { count, more: true };
        }
        return { count, more: false };
    });
}
