// What the families of the lab's `aws` provider share: tags, absence, waiting.
import { CloudError } from "../cloud/api";
import { callCloud } from "../cloud/client";
import { pollMilliseconds, type TimingMode } from "../cloud/timing";
import { OperationContext, Unfinished } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { ask } from "./asking";

export const account = "123456789012";
export const region = "us-east-1";

export type Tags = Record<string, string>;

export const arn = (kind: string, id: string): string => `arn:aws:ec2:${region}:${account}:${kind}/${id}`;

export function tagsOf(inputs: Properties): Tags {
    return (inputs.tags as Tags | undefined) ?? {};
}

/** The tags a thing has, as outputs, and where it is. */
export function tagOutputs(tags: Tags = {}): Properties {
    return { tags: Object.keys(tags).length > 0 ? tags : undefined, tagsAll: tags, region };
}

/** As AWS's provider has it: every resource may name its region. */
export const withRegion = (): Properties => ({ region });

/** `undefined` when the cloud says it is not there (any more). */
export async function ifThere<T>(look: Promise<T>): Promise<T | undefined> {
    try {
        return await look;
    } catch (error) {
        if (error instanceof CloudError && /NotFound|NoSuch/.test(error.code)) {
            return undefined;
        }
        throw error;
    }
}

export async function setTags(id: string, inputs: Properties): Promise<void> {
    await ask("SetTags", { id, tags: tagsOf(inputs) });
}

let mode: Promise<TimingMode> | undefined;

/** How long things take here; asked of the cloud once in a run. */
export const timing = (): Promise<TimingMode> =>
    (mode ??= callCloud("DescribeTiming", {}).then(
        (found) => found.mode,
        () => "fast",
    ));

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks until the answer is there; throws when the engine cancels or the time is over. */
export async function waitFor<T>(
    what: string,
    context: OperationContext,
    defaultSeconds: number,
    look: () => Promise<T | undefined>,
): Promise<T> {
    const deadline = Date.now() + (context.timeout || defaultSeconds) * 1000;
    while (Date.now() < deadline) {
        const found = await look();
        if (found !== undefined) {
            return found;
        }
        if (context.signal.aborted) {
            throw new Error(`waiting for ${what} was cancelled`);
        }
        await pause(pollMilliseconds[await timing()]);
    }
    throw new Error(`timeout while waiting for ${what}`);
}

/** terraform-provider-aws, ec2PropagationTimeout. */
const propagationSeconds = 300;

/** A new id is not known everywhere at once: whoever has just got it asks until it is. */
export const onceVisible = <T>(what: string, context: OperationContext, look: () => Promise<T>): Promise<T> =>
    waitFor(`${what} to be known`, context, propagationSeconds, () => ifThere(look()));

/** What fails when there is an id already leaves something in the engine's state, as the real provider does (pulumi-terraform-bridge, Create). */
export async function finished(
    id: string,
    outputs: () => Properties,
    work: () => Promise<Properties>,
): Promise<{ id: string; outputs: Properties }> {
    try {
        return { id, outputs: await work() };
    } catch (error) {
        throw new Unfinished(id, outputs(), error as Error);
    }
}
