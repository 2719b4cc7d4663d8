// KMS: whether a key can be used.
import { DescribeKeyCommand, NotFoundException } from "@aws-sdk/client-kms";
import { answered, CloudAnswer } from "../answer";
import type { Cloud } from "../cloud";
import type { KeyFacts } from "../facts";

/** `undefined` where there is no such key. */
export function keyFacts({ kms }: Cloud, arn: string): Promise<CloudAnswer<KeyFacts | undefined>> {
    return answered("kms:DescribeKey", async () => {
        try {
            const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: arn }));
            return {
                arn: KeyMetadata?.Arn ?? arn,
                account: KeyMetadata?.AWSAccountId ?? "",
                enabled: KeyMetadata?.Enabled ?? false,
                state: KeyMetadata?.KeyState ?? "unknown",
                usage: KeyMetadata?.KeyUsage ?? "unknown",
                spec: KeyMetadata?.KeySpec ?? "unknown",
            };
        } catch (error) {
            if (error instanceof NotFoundException) {
                return undefined;
            }
            throw error;
        }
    });
}
