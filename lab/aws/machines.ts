// Instances, volumes, attachments and snapshots.
import { AnswerLost, callCloud } from "../cloud/client";
import { CloudError } from "../cloud/api";
import type { Instance, Snapshot, Volume } from "../cloud/api";
import { OperationContext, ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { account, ifThere, refreshed, region, setTags, tagOutputs, tagsOf, waitFor, withRegion } from "./shared";

const arn = (kind: string, id: string) => `arn:aws:ec2:${region}:${account}:${kind}/${id}`;

function instanceOutputs(found: Instance): Properties {
    return {
        arn: arn("instance", found.instanceId),
        availabilityZone: found.availabilityZone,
        instanceState: found.state,
        privateIp: found.privateIp,
        privateDns: `ip-${found.privateIp.replace(/\./g, "-")}.ec2.internal`,
        ...tagOutputs(found.tags),
    };
}

const instance: ResourceType = {
    forceNew: ["ami", "subnetId", "availabilityZone", "privateIp", "region"],
    optionalComputed: ["privateIp", "availabilityZone"],
    computed: ["arn", "instanceState", "privateDns", "tagsAll"],
    defaults: withRegion,
    create: async (inputs) => {
        const metadata = (inputs.metadataOptions ?? {}) as Partial<Instance["metadataOptions"]>;
        const root = (inputs.rootBlockDevice ?? {}) as { volumeSize?: number; encrypted?: boolean };
        const made = await callCloud("RunInstance", {
            imageId: String(inputs.ami),
            instanceType: String(inputs.instanceType),
            subnetId: String(inputs.subnetId),
            securityGroupIds: inputs.vpcSecurityGroupIds as string[],
            userData:
                inputs.userData === undefined
                    ? (inputs.userDataBase64 as string | undefined)
                    : Buffer.from(String(inputs.userData)).toString("base64"),
            privateIp: inputs.privateIp as string | undefined,
            metadataOptions: metadata,
            rootVolume: { size: root.volumeSize, encrypted: root.encrypted },
            tags: tagsOf(inputs),
        });
        return { id: made.instanceId, outputs: instanceOutputs(made) };
    },
    read: async (id, inputs, outputs) => {
        const found = await ifThere(callCloud("DescribeInstance", { instanceId: id }));
        if (!found || found.state === "terminated") {
            return undefined;
        }
        const actual = {
            instanceType: found.instanceType,
            vpcSecurityGroupIds: keepOrder(inputs?.vpcSecurityGroupIds, found.securityGroupIds),
            tags: found.tags,
        };
        return {
            id,
            inputs: refreshed(inputs, inputs ? actual : { ...actual, ami: found.imageId, subnetId: found.subnetId }),
            outputs: { ...outputs, ...instanceOutputs(found) },
        };
    },
    update: async (id, inputs) => {
        await callCloud("ModifyInstance", { instanceId: id, securityGroupIds: inputs.vpcSecurityGroupIds as string[] });
        await setTags(id, inputs);
        return instanceOutputs(await callCloud("DescribeInstance", { instanceId: id }));
    },
    delete: async (id, outputs) => {
        if (outputs.disableApiTermination === true) {
            throw new Error(
                `OperationNotPermitted: The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
            );
        }
        await ifThere(callCloud("TerminateInstance", { instanceId: id }));
    },
};

/** A set that the cloud orders otherwise is no difference. */
function keepOrder(given: unknown, actual: string[]): string[] {
    const list = (given as string[] | undefined) ?? [];
    return list.length === actual.length && list.every((item) => actual.includes(item)) ? list : actual;
}

function volumeOutputs(found: Volume): Properties {
    return {
        arn: arn("volume", found.volumeId),
        size: found.size,
        type: found.type,
        iops: found.iops ?? 0,
        throughput: found.throughput ?? 0,
        encrypted: found.encrypted,
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

const volume: ResourceType = {
    forceNew: ["availabilityZone", "encrypted", "kmsKeyId", "snapshotId", "multiAttachEnabled", "outpostArn", "region"],
    optionalComputed: ["size", "type", "iops", "throughput", "encrypted", "kmsKeyId", "snapshotId"],
    computed: ["arn", "tagsAll"],
    defaults: withRegion,
    check: checkPerformance,
    create: async (inputs) => {
        const made = await callCloud("CreateVolume", {
            availabilityZone: String(inputs.availabilityZone),
            size: inputs.size as number | undefined,
            type: inputs.type as string | undefined,
            iops: inputs.iops as number | undefined,
            throughput: inputs.throughput as number | undefined,
            initializationRate: inputs.volumeInitializationRate as number | undefined,
            encrypted: inputs.encrypted as boolean | undefined,
            kmsKeyId: inputs.kmsKeyId as string | undefined,
            snapshotId: inputs.snapshotId as string | undefined,
            tags: tagsOf(inputs),
        });
        return { id: made.volumeId, outputs: volumeOutputs(made) };
    },
    read: async (id, inputs, outputs) => {
        const found = await ifThere(callCloud("DescribeVolume", { volumeId: id }));
        const actual = found && {
            availabilityZone: found.availabilityZone,
            size: found.size,
            type: found.type,
            iops: found.iops ?? 0,
            throughput: found.throughput ?? 0,
            encrypted: found.encrypted,
            tags: found.tags,
        };
        return (
            found &&
            actual && { id, inputs: refreshed(inputs, actual), outputs: { ...outputs, ...volumeOutputs(found) } }
        );
    },
    update: async (id, inputs) => {
        await callCloud("ModifyVolume", {
            volumeId: id,
            size: inputs.size as number | undefined,
            type: inputs.type as string | undefined,
            iops: inputs.iops as number | undefined,
            throughput: inputs.throughput as number | undefined,
        });
        await setTags(id, inputs);
        return volumeOutputs(await callCloud("DescribeVolume", { volumeId: id }));
    },
    delete: async (id) => void (await ifThere(callCloud("DeleteVolume", { volumeId: id }))),
};

const attachment: ResourceType = {
    forceNew: ["deviceName", "instanceId", "volumeId", "region"],
    computed: [],
    defaults: withRegion,
    create: async (inputs) => {
        const [volumeId, instanceId, device] = [
            String(inputs.volumeId),
            String(inputs.instanceId),
            String(inputs.deviceName),
        ];
        await callCloud("AttachVolume", { volumeId, instanceId, device });
        // As Terraform's provider makes it: of the three, so that it is known again.
        return { id: `vai-${hash(`${device}-${instanceId}-${volumeId}`)}`, outputs: {} };
    },
    read: async (id, inputs, outputs) => {
        const found = await ifThere(callCloud("DescribeVolume", { volumeId: String(outputs.volumeId) }));
        const there = found?.attachment?.instanceId === outputs.instanceId;
        return there ? { id, inputs: inputs ?? outputs, outputs } : undefined;
    },
    delete: async (_id, outputs) => {
        await ifThere(
            callCloud("DetachVolume", {
                volumeId: String(outputs.volumeId),
                instanceId: String(outputs.instanceId),
                force: outputs.forceDetach === true,
            }),
        );
    },
};

function hash(text: string): number {
    return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
}

const rateExceeded = "SnapshotCreationPerVolumeRateExceeded";
const rateExceededSeconds = 60;

/**
 * As terraform-provider-aws asks for one: AWS's SDK sends a request again whose answer was lost (CreateSnapshot has no token that would tell
 * the two apart), and the provider itself asks again for a minute where a volume had a snapshot a moment ago.
 */
async function requestSnapshot(inputs: Properties, context: OperationContext): Promise<Snapshot> {
    const until = Date.now() + rateExceededSeconds * 1000;
    for (;;) {
        try {
            return await callCloud("CreateSnapshot", {
                volumeId: String(inputs.volumeId),
                description: inputs.description as string | undefined,
                tags: tagsOf(inputs),
            });
        } catch (error) {
            const again = error instanceof AnswerLost || (error instanceof CloudError && error.code === rateExceeded);
            if (!again || Date.now() > until || context.signal.aborted) {
                throw error;
            }
            await new Promise((resolve) => setTimeout(resolve, 500));
        }
    }
}

function snapshotOutputs(found: Snapshot): Properties {
    return {
        arn: arn("snapshot", found.snapshotId),
        ownerId: account,
        volumeSize: found.volumeSize,
        encrypted: found.encrypted,
        ...tagOutputs(found.tags),
    };
}

const describeSnapshot = async (id: string): Promise<Snapshot | undefined> =>
    (await ifThere(callCloud("DescribeSnapshots", { snapshotIds: [id] })))?.snapshots[0];

const snapshot: ResourceType = {
    forceNew: ["volumeId", "description", "outpostArn", "region"],
    computed: ["arn", "ownerId", "volumeSize", "encrypted", "kmsKeyId", "dataEncryptionKeyId", "ownerAlias", "tagsAll"],
    defaults: withRegion,
    create: async (inputs, context) => {
        const made = await requestSnapshot(inputs, context);
        const done = await waitFor(`snapshot ${made.snapshotId} to complete`, context, 600, async () => {
            const found = await describeSnapshot(made.snapshotId);
            if (found?.state === "error") {
                throw new Error(`snapshot ${made.snapshotId} failed`);
            }
            return found?.state === "completed" ? found : undefined;
        });
        return { id: made.snapshotId, outputs: snapshotOutputs(done) };
    },
    read: async (id, inputs, outputs) => {
        const found = await describeSnapshot(id);
        const actual = found && { volumeId: found.volumeId, description: found.description, tags: found.tags };
        return (
            found &&
            actual && {
                id,
                inputs: refreshed(inputs, actual),
                outputs: { ...outputs, ...actual, ...snapshotOutputs(found) },
            }
        );
    },
    update: async (id, inputs, outputs) => {
        await setTags(id, inputs);
        return { ...outputs, ...tagOutputs(tagsOf(inputs)) };
    },
    delete: async (id) => void (await ifThere(callCloud("DeleteSnapshot", { snapshotId: id }))),
};

export const machines: Record<string, ResourceType> = {
    "aws:ec2/instance:Instance": instance,
    "aws:ebs/volume:Volume": volume,
    "aws:ec2/volumeAttachment:VolumeAttachment": attachment,
    "aws:ebs/snapshot:Snapshot": snapshot,
};
