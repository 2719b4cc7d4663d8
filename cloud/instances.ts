// What the cloud says of an instance that does not answer.
import * as aws from "@pulumi/aws";

/** "running", "stopped", …; "gone" when there is none of that id; what went wrong when the cloud could not be asked. */
export async function instanceState(instanceId: string, ask = aws.ec2.getInstance): Promise<string> {
    try {
        return (await ask({ instanceId })).instanceState;
    } catch (error) {
        const { message } = error as Error;
        return notThere.test(message) ? "gone" : `not known: ${message.split("\n")[0]}`;
    }
}

/** EC2's code, and the provider's words for an empty answer; anything else, such as a permission that lacks, is no word on the instance. */
const notThere = /InvalidInstanceID\.NotFound|no matching EC2 Instance found|query returned no results/i;
