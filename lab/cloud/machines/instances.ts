// Instances: AWS's answers and refusals around hosts.
import { CloudError } from "../api";
import type { Instance, Request, RootVolume } from "../api";
import { found } from "../network/records";
import type { CloudContext, Handlers, NetworkMember } from "../service";
import { releaseAll } from "./devices";
import * as host from "./host";
import { subvolumeOf } from "./images";
import { images, instanceTypes } from "./packages";
import { deleteSubvolume } from "./pool";
import { instanceOf, keyOf, performance } from "./records";
import type { MachineRecords } from "./records";

const stopSeconds = 60;

export function instanceHandlers(context: CloudContext, records: MachineRecords): Handlers {
    const alone = <T>(id: string, work: () => Promise<T>): Promise<T> => context.exclusive(`instance ${id}`, work);
    return {
        RunInstance: (request) => runInstance(context, records, request),
        DescribeInstance: async ({ instanceId }) => refresh(instanceOf(records, instanceId)),
        async ModifyInstance({ instanceId, securityGroupIds, rootVolume, metadataOptions, ...settings }) {
            const instance = alive(records, instanceId);
            Object.assign(instance, given(settings));
            Object.assign(instance.rootVolume, given(rootVolume));
            Object.assign(instance.metadataOptions, given(metadataOptions));
            if (securityGroupIds) {
                context.checkSecurityGroups(securityGroupIds, context.subnets[instance.subnetId].vpcId);
                instance.securityGroupIds = securityGroupIds;
                await context.applySecurityGroups();
            }
            return refresh(instance);
        },
        StopInstance: ({ instanceId }) =>
            alone(instanceId, async () => {
                const instance = alive(records, instanceId);
                await host.stopHost(instanceId, stopSeconds);
                instance.state = "stopped";
                return instance;
            }),
        StartInstance: ({ instanceId }) =>
            alone(instanceId, async () => {
                const instance = alive(records, instanceId);
                if (refresh(instance).state === "stopped") {
                    await host.startHost(instanceId, context.namespaceName(instanceId));
                    instance.state = "running";
                }
                return instance;
            }),
        RebootInstance: ({ instanceId }) =>
            alone(instanceId, async () => {
                const instance = alive(records, instanceId);
                if (refresh(instance).state !== "running") {
                    throw incorrectState(instance);
                }
                host.rebootHost(instanceId);
                return {};
            }),
        CutPower: ({ instanceId }) =>
            alone(instanceId, async () => {
                const instance = alive(records, instanceId);
                await host.cutPower(instanceId);
                instance.state = "stopped";
                return {};
            }),
        TerminateInstance: ({ instanceId }) =>
            alone(instanceId, () => {
                if (instanceOf(records, instanceId).disableApiTermination) {
                    throw new CloudError(
                        "OperationNotPermitted",
                        `The instance '${instanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
                    );
                }
                return terminate(context, records, instanceId);
            }),
    };
}

/** Without what was left out. */
const given = <T extends object>(settings: T | undefined): Partial<T> =>
    Object.fromEntries(Object.entries(settings ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;

function alive(records: MachineRecords, instanceId: string): Instance {
    const instance = instanceOf(records, instanceId);
    if (instance.state === "terminated") {
        throw incorrectState(instance);
    }
    return instance;
}

const incorrectState = (instance: Instance): CloudError =>
    new CloudError(
        "IncorrectInstanceState",
        `The instance '${instance.instanceId}' is not in a state for this: it is ${instance.state}.`,
    );

/** A host that powered itself off is stopped, whoever did it. */
export function refresh(instance: Instance): Instance {
    if (instance.state === "running" && !host.isUp(instance.instanceId)) {
        instance.state = "stopped";
    }
    return instance;
}

async function runInstance(
    context: CloudContext,
    records: MachineRecords,
    request: Request<"RunInstance">,
): Promise<Instance> {
    const { imageId, instanceType, subnetId } = request;
    const image = found(
        images.find((each) => each.imageId === imageId),
        "InvalidAMIID.NotFound",
        `The image id '[${imageId}]' does not exist`,
    );
    if (!instanceTypes.includes(instanceType)) {
        throw new CloudError("InvalidParameterValue", `Invalid value '${instanceType}' for InstanceType.`);
    }
    const subnet = found(
        context.subnets[subnetId],
        "InvalidSubnetID.NotFound",
        `The subnet ID '${subnetId}' does not exist`,
    );
    const defaultGroup = context.vpcs[subnet.vpcId].defaultSecurityGroupId;
    const securityGroupIds = request.securityGroupIds.length > 0 ? request.securityGroupIds : [defaultGroup];
    context.checkSecurityGroups(securityGroupIds, subnet.vpcId);
    const instanceId = context.newId("i");
    const instance: Instance = {
        instanceId,
        imageId,
        instanceType,
        subnetId,
        availabilityZone: subnet.availabilityZone,
        privateIp: context.allocateAddress(subnetId, request.privateIp),
        securityGroupIds,
        userData: request.userData,
        state: "pending",
        metadataOptions: {
            ...{ httpEndpoint: "enabled", httpTokens: "optional" as const, httpPutResponseHopLimit: 1 },
            ...given(request.metadataOptions),
        },
        rootVolume: rootVolume(context.newId("vol"), request.rootVolume),
        disableApiTermination: request.disableApiTermination ?? false,
        iamInstanceProfile: request.iamInstanceProfile,
        tags: request.tags,
        launchTime: new Date().toISOString(),
    };
    records.instances[instanceId] = instance;
    context.save();
    try {
        await host.createHost(instance, subvolumeOf(image));
        const namespace = context.namespaceName(instanceId);
        await context.createNamespace(namespace, subnetId, instance.privateIp);
        await context.applySecurityGroups(); // before the first process, so that there is no open moment
        await host.startHost(instanceId, namespace);
    } catch (error) {
        await terminate(context, records, instanceId).catch(() => undefined);
        delete records.instances[instanceId];
        throw error;
    }
    instance.state = "running";
    return instance;
}

/** An image of gp2, 8 GiB; encrypted with the account's own key where no other is named. */
function rootVolume(volumeId: string, request: Request<"RunInstance">["rootVolume"]): RootVolume {
    const volume = { volumeId, volumeSize: 8, volumeType: "gp2", encrypted: false, ...given(request) };
    const { kmsKeyId, ...rest } = volume;
    return {
        ...rest,
        ...performance(volume.volumeType, volume.volumeSize, volume),
        ...keyOf(volume.encrypted, kmsKeyId),
    };
}

async function terminate(
    context: CloudContext,
    records: MachineRecords,
    instanceId: string,
): Promise<Record<string, never>> {
    const instance = instanceOf(records, instanceId);
    if (instance.state === "terminated") {
        return {};
    }
    instance.state = "shutting-down";
    await host.stopHost(instanceId, 15);
    await releaseAll(records, instanceId);
    await context.removeNamespace(context.namespaceName(instanceId));
    await deleteSubvolume(host.hostRoot(instanceId));
    host.removeHostFolder(instanceId);
    instance.state = "terminated"; // the record stays for a while on AWS too
    delete instance.userData;
    await context.applySecurityGroups();
    return {};
}

export function instanceMembers(context: CloudContext, records: MachineRecords): NetworkMember[] {
    return Object.values(records.instances)
        .filter((instance) => instance.state !== "terminated")
        .map((instance) => ({
            id: instance.instanceId,
            namespace: context.namespaceName(instance.instanceId),
            subnetId: instance.subnetId,
            address: instance.privateIp,
            securityGroupIds: instance.securityGroupIds,
        }));
}

/** After the daemon's start: what ran and still runs is left alone, what ran and died under us is started again. */
export async function resumeInstances(context: CloudContext, records: MachineRecords): Promise<void> {
    const living = Object.values(records.instances).filter((instance) => instance.state !== "terminated");
    await Promise.all(
        living.map(async (instance) => {
            const { instanceId, subnetId, privateIp } = instance;
            if (instance.state === "pending" || instance.state === "shutting-down") {
                context.log(`${instanceId} was left ${instance.state}: terminating it`);
                await terminate(context, records, instanceId);
                return;
            }
            await context.createNamespace(context.namespaceName(instanceId), subnetId, privateIp);
            await context.applySecurityGroups();
            if (instance.state === "running" && !host.isUp(instanceId) && !host.endedByItself(instanceId)) {
                context.log(`${instanceId} should run and doesn't: starting it`);
                await host.startHost(instanceId, context.namespaceName(instanceId));
            }
            refresh(instance);
        }),
    );
}
