// Instances, volumes and attachments.
import type { Instance, Volume } from "../cloud/api";
import { attachmentTimeoutSeconds } from "../cloud/timing";
import { OperationContext, ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { ask } from "./asking";
import {
    arn,
    finished,
    ifThere,
    onceVisible,
    region,
    setTags,
    tagOutputs,
    tagsOf,
    timing,
    waitFor,
    withRegion,
} from "./shared";
import { factsOf } from "./tables/table";

/** @param given decides only under which name the cloud's words stand: user data as text or not, tags of the root volume here or there. */
function instanceOutputs(found: Instance, given: Properties | undefined): Properties {
    const { rootVolume } = found;
    const { tags: rootTags, ...root } = rootVolume;
    const userData = found.userData;
    return {
        arn: arn("instance", found.instanceId),
        ami: found.imageId,
        instanceType: found.instanceType,
        subnetId: found.subnetId,
        vpcSecurityGroupIds: found.securityGroupIds,
        availabilityZone: found.availabilityZone,
        instanceState: found.state,
        privateIp: found.privateIp,
        privateDns: `ip-${found.privateIp.replace(/\./g, "-")}.ec2.internal`,
        metadataOptions: found.metadataOptions,
        disableApiTermination: found.disableApiTermination,
        iamInstanceProfile: found.iamInstanceProfile,
        sourceDestCheck: true,
        rootBlockDevice: {
            ...root,
            deviceName: "/dev/xvda",
            deleteOnTermination: true,
            ...(given?.volumeTags === undefined && { tags: rootTags }),
        },
        ...(given?.volumeTags !== undefined && { volumeTags: rootTags }),
        ...(given?.userDataBase64 !== undefined && { userDataBase64: userData }),
        ...(given?.userData !== undefined &&
            userData !== undefined && { userData: Buffer.from(userData, "base64").toString() }),
        ...tagOutputs(found.tags),
    };
}

function settingsOf(inputs: Properties) {
    const root = (inputs.rootBlockDevice ?? {}) as Partial<Instance["rootVolume"]>;
    const { volumeSize, volumeType, encrypted, kmsKeyId, iops, throughput } = root;
    const tags = root.tags ?? (inputs.volumeTags as Instance["tags"] | undefined);
    return {
        securityGroupIds: (inputs.vpcSecurityGroupIds as string[] | undefined) ?? [],
        metadataOptions: (inputs.metadataOptions ?? {}) as Partial<Instance["metadataOptions"]>,
        rootVolume: { volumeSize, volumeType, encrypted, kmsKeyId, iops, throughput, tags },
        disableApiTermination: inputs.disableApiTermination as boolean | undefined,
        iamInstanceProfile: inputs.iamInstanceProfile as string | undefined,
    };
}

const instance: ResourceType = {
    ...factsOf("aws:ec2/instance:Instance"),
    defaults: withRegion,
    create: async (inputs, context) => {
        const made = await ask("RunInstance", {
            ...settingsOf(inputs),
            imageId: String(inputs.ami),
            instanceType: String(inputs.instanceType),
            subnetId: String(inputs.subnetId),
            userData:
                inputs.userData === undefined
                    ? (inputs.userDataBase64 as string | undefined)
                    : Buffer.from(String(inputs.userData)).toString("base64"),
            privateIp: inputs.privateIp as string | undefined,
            tags: tagsOf(inputs),
        });
        const { instanceId } = made;
        const look = () => ask("DescribeInstance", { instanceId });
        return finished(
            instanceId,
            () => instanceOutputs(made, inputs),
            async () => instanceOutputs(await onceVisible(instanceId, context, look), inputs),
        );
    },
    read: async (id, inputs) => {
        const found = await ifThere(ask("DescribeInstance", { instanceId: id }));
        return found && found.state !== "terminated" ? { id, outputs: instanceOutputs(found, inputs) } : undefined;
    },
    update: async (id, inputs) => {
        const { rootVolume, ...settings } = settingsOf(inputs);
        const { volumeSize, volumeType, iops, throughput, tags } = rootVolume;
        const changeable = { volumeSize, volumeType, iops, throughput, tags };
        await ask("ModifyInstance", { instanceId: id, ...settings, rootVolume: changeable });
        await setTags(id, inputs);
        return instanceOutputs(await ask("DescribeInstance", { instanceId: id }), inputs);
    },
    delete: async (id) => void (await ifThere(ask("TerminateInstance", { instanceId: id }))),
};

function volumeOutputs(found: Volume): Properties {
    const { availabilityZone, size, type, encrypted, kmsKeyId, iops, throughput, snapshotId } = found;
    const { volumeInitializationRate, createTime } = found;
    return {
        arn: arn("volume", found.volumeId),
        ...{ availabilityZone, size, type, encrypted, kmsKeyId, iops, throughput, snapshotId },
        ...{ volumeInitializationRate, createTime },
        ...tagOutputs(found.tags),
    };
}

/** As terraform-provider-aws refuses them of a new one (internal/service/ec2/ebs_volume.go). */
function checkPerformance({ type, iops, throughput, snapshotId, volumeInitializationRate: rate }: Properties) {
    const provisioned = type === "io1" || type === "io2";
    return [
        ...(provisioned && !iops ? [{ property: "iops", reason: `'iops' must be set when 'type' is '${type}'` }] : []),
        ...(iops && !provisioned && type !== "gp3"
            ? [{ property: "iops", reason: `'iops' must not be set when 'type' is '${String(type)}'` }]
            : []),
        ...(throughput && type !== "gp3"
            ? [{ property: "throughput", reason: `'throughput' must not be set when 'type' is '${String(type)}'` }]
            : []),
        ...(rate !== undefined && snapshotId === undefined
            ? [
                  {
                      property: "volumeInitializationRate",
                      reason: "'volume_initialization_rate' must not be set unless 'snapshot_id' is set",
                  },
              ]
            : []),
    ];
}

const performance = (inputs: Properties) => ({
    size: inputs.size as number | undefined,
    type: inputs.type as string | undefined,
    iops: inputs.iops as number | undefined,
    throughput: inputs.throughput as number | undefined,
});

async function available(volumeId: string, context: OperationContext): Promise<Volume> {
    return waitFor(`volume ${volumeId} to be available`, context, 300, async () => {
        const found = await ifThere(ask("DescribeVolume", { volumeId }));
        if (found?.state === "error") {
            throw new Error(`unexpected state 'error', wanted target 'available' of volume ${volumeId}`);
        }
        return found && found.state !== "creating" ? found : undefined;
    });
}

const volume: ResourceType = {
    ...factsOf("aws:ebs/volume:Volume"),
    defaults: withRegion,
    check: checkPerformance,
    create: async (inputs, context) => {
        const made = await ask("CreateVolume", {
            availabilityZone: String(inputs.availabilityZone),
            ...performance(inputs),
            encrypted: inputs.encrypted as boolean | undefined,
            kmsKeyId: inputs.kmsKeyId as string | undefined,
            volumeInitializationRate: inputs.volumeInitializationRate as number | undefined,
            snapshotId: inputs.snapshotId as string | undefined,
            tags: tagsOf(inputs),
        });
        return finished(
            made.volumeId,
            () => volumeOutputs(made),
            async () => volumeOutputs(await available(made.volumeId, context)),
        );
    },
    read: async (id) => {
        const found = await ifThere(ask("DescribeVolume", { volumeId: id }));
        return found && { id, outputs: volumeOutputs(found) };
    },
    update: async (id, inputs) => {
        await ask("ModifyVolume", { volumeId: id, ...performance(inputs) });
        await setTags(id, inputs);
        return volumeOutputs(await ask("DescribeVolume", { volumeId: id }));
    },
    delete: async (id) => void (await ifThere(ask("DeleteVolume", { volumeId: id }))),
};

interface Place {
    volumeId: string;
    instanceId: string;
    device: string;
}

const placeOf = (values: Properties): Place => ({
    volumeId: String(values.volumeId),
    instanceId: String(values.instanceId),
    device: String(values.deviceName),
});

/** Where the volume is, if that is the place. */
async function attachmentAt({ volumeId, instanceId, device }: Place): Promise<Volume["attachment"]> {
    const found = (await ifThere(ask("DescribeVolume", { volumeId })))?.attachment;
    return found?.instanceId === instanceId && found.device === device ? found : undefined;
}

/** One that hangs ends in the provider's words (ebs_volume_attachment.go; terraform-plugin-sdk, helper/retry/error.go). */
async function attached(place: Place, context: OperationContext): Promise<NonNullable<Volume["attachment"]>> {
    const seconds = context.timeout || attachmentTimeoutSeconds[await timing()];
    const what = `state to become 'attached' (last state: 'attaching', timeout: ${seconds}s)`;
    return waitFor(what, context, seconds, async () => {
        const found = await attachmentAt(place);
        return found?.state === "attached" ? found : undefined;
    }).catch((error: Error) => {
        const { volumeId, instanceId } = place;
        throw new Error(`waiting for EBS Volume (${volumeId}) Attachment (${instanceId}) create: ${error.message}`);
    });
}

const attachmentOutputs = ({ volumeId }: Place, found: NonNullable<Volume["attachment"]>): Properties => ({
    ...{ volumeId, instanceId: found.instanceId, deviceName: found.device, region },
});

const attachment: ResourceType = {
    ...factsOf("aws:ec2/volumeAttachment:VolumeAttachment"),
    defaults: withRegion,
    create: async (inputs, context) => {
        const place = placeOf(inputs);
        // What an earlier run has begun is only waited for; and until it is there, the provider has no id (ebs_volume_attachment.go).
        if (!(await attachmentAt(place))) {
            await ask("AttachVolume", place);
        }
        const done = await attached(place, context);
        // As Terraform's provider makes it: of the three, so that it is known again.
        const id = `vai-${hash(`${place.device}-${place.instanceId}-${place.volumeId}`)}`;
        return { id, outputs: attachmentOutputs(place, done) };
    },
    read: async (id, _inputs, outputs) => {
        const place = placeOf(outputs);
        const found = await attachmentAt(place);
        return found && { id, outputs: attachmentOutputs(place, found) };
    },
    update: async (_id, _inputs, outputs) => {
        const place = placeOf(outputs);
        const found = await attachmentAt(place);
        return found ? attachmentOutputs(place, found) : {};
    },
    delete: async (_id, outputs) => {
        const { volumeId, instanceId } = placeOf(outputs);
        await ifThere(ask("DetachVolume", { volumeId, instanceId, force: outputs.forceDetach === true }));
    },
};

function hash(text: string): number {
    return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
}

export const machines: Record<string, ResourceType> = {
    "aws:ec2/instance:Instance": instance,
    "aws:ebs/volume:Volume": volume,
    "aws:ec2/volumeAttachment:VolumeAttachment": attachment,
};
