// Unknown → typed, with every problem listed: a peer may be older, newer or half there.
import { z } from "zod";
import { Refusal } from "../logic/refusal";

/** `undefined` for what was never published. Throws one error that names each wrong property. */
export function readContract<T extends z.ZodType>(schema: T, published: unknown, from: string): z.infer<T> | undefined {
    if (published === undefined || published === null || isEmpty(published)) {
        return undefined;
    }
    const parsed = schema.safeParse(published);
    if (parsed.success) {
        return parsed.data;
    }
    const problems = parsed.error.issues.map((issue) => `  - ${issue.path.join(".") || "(whole)"}: ${issue.message}`);
    throw new Refusal(
        `${from} published something this version can't read; run \`pulumi up\` there with the same version of this program:\n${problems.join("\n")}`,
    );
}

function isEmpty(value: unknown): boolean {
    return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** A stack that published its contract has published its secrets too; here they could not be read. */
export function missingSecrets(from: string): never {
    throw new Refusal(
        `${from}: its secrets came empty. Both stacks must use the same secrets provider (passphrase or KMS key); a peer under another one gives {} silently.`,
    );
}
