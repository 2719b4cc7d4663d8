// Reads what a stack published, this one included, as plain values. An early failure deletes nothing, so the decisions that rest
// on these values are made before anything is registered.
import * as pulumi from "@pulumi/pulumi";

/** One per stack: a second one of the same name would be a duplicate resource. */
const references: Record<string, pulumi.StackReference> = {};

/** For tests, which run more than one program in a process. */
export function forgetPeers(): void {
    Object.keys(references).forEach((name) => delete references[name]);
}

/** Outputs of the last successful `up`; `undefined` while there was none. Secrets are plain here: wrap them before they go anywhere. */
export async function publishedBy(stackName: string): Promise<{ contract?: unknown; secrets?: unknown }> {
    const reference = (references[stackName] ??= new pulumi.StackReference(stackName));
    const [contract, secrets] = await Promise.all(
        ["contract", "secrets"].map((output) => reference.getOutputDetails(output)),
    );
    return { contract: contract.value ?? contract.secretValue, secrets: secrets.secretValue ?? secrets.value };
}

/** "organization/project/stack" of this very stack. */
export function ownName(): string {
    return `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
}

/** A stack of this project may be named alone. */
export function fullName(stack: string): string {
    return stack.includes("/") ? stack : `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
}
