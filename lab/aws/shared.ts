// What the families of the lab's `aws` provider share: tags, absence, waiting.
import { callCloud } from "../cloud/client";
import { CloudError } from "../cloud/api";
import { OperationContext } from "../providerKit/resource";
import { Properties } from "../providerKit/values";

export const account = "123456789012";
export const region = "us-east-1";

export type Tags = Record<string, string>;

export function tagsOf(inputs: Properties): Tags {
    return (inputs.tags as Tags | undefined) ?? {};
}

/** The tags a thing has, as outputs. `tags` is what the program gave. */
export function tagOutputs(tags: Tags): Properties {
    return { tags: Object.keys(tags).length > 0 ? tags : undefined, tagsAll: tags };
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
    await callCloud("SetTags", { id, tags: tagsOf(inputs) });
}

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
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`timeout while waiting for ${what}`);
}

/** The inputs of an existing resource as they are in the cloud; for an import, what the cloud says. */
export function refreshed(inputs: Properties | undefined, actual: Properties): Properties {
    const known = inputs ?? actual;
    const entries = Object.keys({ ...known, ...(inputs ? {} : actual) }).map((key) => [
        key,
        key in actual ? actual[key] : known[key],
    ]);
    return Object.fromEntries(entries);
}
