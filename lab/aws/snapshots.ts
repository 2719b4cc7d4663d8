// Snapshots of volumes.
import { AnswerLost } from "../cloud/client";
import { CloudError } from "../cloud/api";
import type { Snapshot } from "../cloud/api";
import { OperationContext, ResourceType } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { ask } from "./asking";
import { account, arn, finished, ifThere, setTags, tagOutputs, tagsOf, waitFor, withRegion } from "./shared";
import { factsOf } from "./tables/table";

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
            return await ask("CreateSnapshot", {
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

const outputsOf = ({
    snapshotId,
    volumeId,
    volumeSize,
    description,
    encrypted,
    kmsKeyId,
    tags,
}: Snapshot): Properties => ({
    arn: arn("snapshot", snapshotId),
    ownerId: account,
    storageTier: "standard",
    ...{ volumeId, volumeSize, description, encrypted, kmsKeyId },
    ...tagOutputs(tags),
});

const describe = async (id: string): Promise<Snapshot | undefined> =>
    (await ifThere(ask("DescribeSnapshots", { snapshotIds: [id] })))?.snapshots[0];

async function completed(id: string, context: OperationContext): Promise<Properties> {
    return waitFor(`snapshot ${id} to complete`, context, 600, async () => {
        const found = await describe(id);
        if (found?.state === "error") {
            throw new Error(`waiting for EBS Snapshot (${id}) create: waiter state transitioned to Failure`);
        }
        return found?.state === "completed" ? outputsOf(found) : undefined;
    });
}

const snapshot: ResourceType = {
    ...factsOf("aws:ebs/snapshot:Snapshot"),
    defaults: withRegion,
    create: async (inputs, context) => {
        const made = await requestSnapshot(inputs, context);
        return finished(
            made.snapshotId,
            () => outputsOf(made),
            () => completed(made.snapshotId, context),
        );
    },
    read: async (id) => {
        const found = await describe(id);
        return found && { id, outputs: outputsOf(found) };
    },
    update: async (id, inputs, outputs) => {
        await setTags(id, inputs);
        const found = await describe(id);
        return found ? outputsOf(found) : outputs;
    },
    delete: async (id) => void (await ifThere(ask("DeleteSnapshot", { snapshotId: id }))),
};

export const snapshots: Record<string, ResourceType> = { "aws:ebs/snapshot:Snapshot": snapshot };
