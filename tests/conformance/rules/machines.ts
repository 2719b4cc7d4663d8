// Hosts, volumes, what they are encrypted with, and the tags of everything.
import type { Resource } from "../exports";
import { again, each, found, inModel, refusalSeen, Rule } from "./rule";

const hostType = "aws:ec2/instance:Instance";
const volumeType = "aws:ebs/volume:Volume";
const serverType = "aws:rds/instance:Instance";
const attachmentType = "aws:ec2/volumeAttachment:VolumeAttachment";

/** With a key of its own: the place, as people know it. */
function keysOf(resource: Resource): [string, unknown][] {
    const root = resource.inputs.rootBlockDevice as Record<string, unknown> | undefined;
    return [
        ["kmsKeyId", resource.inputs.kmsKeyId],
        ["rootBlockDevice.kmsKeyId", root?.kmsKeyId],
    ].filter((pair): pair is [string, unknown] => pair[1] !== undefined);
}

const keyArn = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;
const otherThanKey: Rule["finds"] = (stack) =>
    stack.of(hostType, volumeType, serverType).flatMap((resource) =>
        keysOf(resource)
            .filter(([, key]) => !keyArn.test(String(key)))
            .map(([place]) =>
                found(
                    resource,
                    place,
                    "AWS answers with the key's ARN, so that anything else replaces it at the next `up`",
                ),
            ),
    );

const unencrypted = (
    { encrypted, storageEncrypted, rootBlockDevice, ...inputs }: Resource["inputs"],
    { type }: Resource,
) => {
    const root = rootBlockDevice as Record<string, unknown> | undefined;
    const restored = inputs.snapshotIdentifier !== undefined || inputs.restoreToPointInTime !== undefined;
    const on = type === volumeType ? encrypted : type === hostType ? root?.encrypted : restored || storageEncrypted;
    return on === true ? undefined : "it would not be encrypted";
};

/** Of what `commonTags` gives (logic/names.ts). */
const wanted = ["Project", "Environment", "ManagedBy"];
/** Has no tags on AWS, or is the tag. */
const untaggable = [
    "aws:ec2/route:Route",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    attachmentType,
    "aws:ec2/tag:Tag",
    "aws:route53/record:Record",
];
const lacksTags = (tags: unknown) =>
    wanted.some((key) => (tags as Record<string, unknown> | undefined)?.[key] === undefined);

const untagged: Rule["finds"] = (stack) =>
    stack.all
        .filter(({ type }) => type.startsWith("aws:") && !untaggable.includes(type))
        .flatMap((resource) => {
            const { tags, volumeTags, rootBlockDevice } = resource.inputs;
            const ofRoot = volumeTags ?? (rootBlockDevice as Record<string, unknown> | undefined)?.tags;
            return [
                ...(lacksTags(tags) ? [found(resource, "tags", `it lacks one of the tags ${wanted.join(", ")}`)] : []),
                ...(resource.type === hostType && lacksTags(ofRoot)
                    ? [
                          found(
                              resource,
                              "root volume",
                              "its root volume has no tags: a policy that asks for them refuses the host",
                          ),
                      ]
                    : []),
            ];
        });

/** Every pair of tags, with the service that takes it. */
function tagProblem(wrong: (key: string, value: string) => boolean, types: (type: string) => boolean): Rule["finds"] {
    return (stack) =>
        stack.all
            .filter(({ type }) => types(type))
            .flatMap((resource) => {
                const tags = Object.entries((resource.inputs.tags ?? {}) as Record<string, unknown>);
                const bad = tags.find(([key, value]) => wrong(key, String(value)));
                return bad ? [found(resource, "tags", `the tag ${bad[0]}`)] : [];
            });
}

const isEc2 = (type: string) => type.startsWith("aws:") && !type.startsWith("aws:rds");
const rdsWords = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** GiB (CreateVolume's Size). */
const sizes: Record<string, [number, number]> = {
    ...{ gp2: [1, 16_384], gp3: [1, 65_536], io1: [4, 16_384], io2: [4, 65_536] },
    ...{ st1: [125, 16_384], sc1: [125, 16_384], standard: [1, 1024] },
};

const zoneOf = (stack: Parameters<Rule["finds"]>[0], { instanceId }: Resource["inputs"]) => {
    const host = stack.withId(hostType, instanceId);
    return stack.withId("aws:ec2/subnet:Subnet", host?.inputs.subnetId)?.inputs.availabilityZone;
};

export const machineRules: Rule[] = [
    {
        name: "key-not-arn",
        ...inModel(
            "ec2:CreateVolumeRequest.KmsKeyId",
            "if you specify an ID, alias, or ARN that is not valid, the action can appear to complete, but eventually fails",
        ),
        finds: otherThanKey,
    },
    {
        name: "unencrypted",
        ...inModel("rds:CreateDBInstanceMessage.StorageEncrypted", "By default, it isn't encrypted."),
        finds: each([volumeType, hostType, serverType], unencrypted, "encryption"),
    },
    {
        name: "device-name",
        text: "/dev/sd[f-p]",
        source: "Amazon EC2 user guide, device names: recommended for EBS volumes (HVM)",
        rank: "documented",
        finds: each(
            [attachmentType],
            ({ deviceName }) =>
                /^\/dev\/sd[f-p]$/.test(String(deviceName))
                    ? undefined
                    : `${String(deviceName)} is none of /dev/sd[f-p]`,
            "deviceName",
        ),
    },
    {
        name: "device-twice",
        ...refusalSeen("Attachment point /dev/sdf is already in use", "AttachVolume"),
        finds: (stack) =>
            again(
                stack.of(attachmentType),
                ({ inputs }) => `${String(inputs.instanceId)} ${String(inputs.deviceName)}`,
            ).map((one) => found(one, "deviceName", `${String(one.inputs.deviceName)} is another volume's`)),
    },
    {
        name: "volume-in-another-zone",
        ...inModel(
            "ec2:AttachVolumeRequest.VolumeId",
            "The volume and instance must be within the same Availability Zone.",
        ),
        finds: each(
            [attachmentType],
            (inputs, _one, stack) => {
                const volume = stack.withId(volumeType, inputs.volumeId)?.inputs.availabilityZone;
                const host = zoneOf(stack, inputs);
                return volume !== undefined && host !== undefined && volume !== host
                    ? `${String(volume)} and ${String(host)}`
                    : undefined;
            },
            "zone",
        ),
    },
    {
        name: "volume-size",
        ...inModel("ec2:CreateVolumeRequest.Size", "gp3: 1 - 65,536 GiB"),
        finds: each(
            [volumeType],
            ({ size, type }) => {
                const [least, most] = sizes[String(type)] ?? [1, 65_536];
                return size === undefined || (Number(size) >= least && Number(size) <= most)
                    ? undefined
                    : `${String(size)} GiB of ${String(type)}`;
            },
            "size",
        ),
    },
    {
        name: "size-or-snapshot",
        ...inModel("ec2:CreateVolumeRequest.SnapshotId", "You must specify either a snapshot ID or a volume size."),
        finds: each(
            [volumeType],
            ({ size, snapshotId }) => ((size ?? snapshotId) === undefined ? "it has neither" : undefined),
            "size",
        ),
    },
    {
        name: "initialization-rate",
        ...inModel(
            "ec2:CreateVolumeRequest.VolumeInitializationRate",
            "This parameter is supported only for volumes created from snapshots.",
        ),
        finds: each(
            [volumeType],
            ({ volumeInitializationRate, snapshotId }) =>
                volumeInitializationRate !== undefined && snapshotId === undefined
                    ? "the volume is a blank one"
                    : undefined,
            "volumeInitializationRate",
        ),
    },
    {
        name: "volume-performance",
        ...inModel("ec2:CreateVolumeRequest.Throughput", "Supported for gp3 volumes only."),
        finds: each(
            [volumeType],
            ({ type, throughput }) =>
                throughput !== undefined && type !== "gp3" ? `${String(type)} has no throughput to set` : undefined,
            "throughput",
        ),
    },
    {
        name: "untagged",
        ...inModel(
            "ec2:RunInstancesRequest.TagSpecifications",
            "You can specify tags for the following resources only: Instances Volumes",
        ),
        finds: untagged,
    },
    {
        name: "tag-key",
        ...inModel("ec2:Tag.Key", "accept a maximum of 127 Unicode characters. May not begin with aws:"),
        finds: tagProblem((key) => key.length > 127 || key.startsWith("aws:"), isEc2),
    },
    {
        name: "tag-value",
        ...inModel("ec2:Tag.Value", "accept a maximum of 256 Unicode characters."),
        finds: tagProblem((_key, value) => value.length > 256, isEc2),
    },
    {
        name: "tag-on-rds",
        ...inModel("rds:Tag.Value", "The string can only contain only the set of Unicode letters, digits, white-space"),
        finds: tagProblem(
            (key, value) =>
                !rdsWords.test(key + value) ||
                key.length > 128 ||
                value.length > 256 ||
                /^(aws|rds):/.test(key) ||
                /^(aws|rds):/.test(value),
            (type) => type.startsWith("aws:rds"),
        ),
    },
    {
        name: "tags-at-most",
        ...inModel("ec2:CreateTags", "Each resource can have a maximum of 50 tags."),
        finds: (stack) =>
            stack.all
                .filter(({ inputs }) => Object.keys((inputs.tags ?? {}) as object).length > 50)
                .map((resource) => found(resource, "tags", "more than 50 tags")),
    },
];
