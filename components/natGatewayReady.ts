// Waits until a NAT gateway that an ended run has left is ready: the run that makes one waits in the provider, and hosts need the way out at their
// first boot.
import * as pulumi from "@pulumi/pulumi";
import { natGatewayIs } from "../cloud/leftNetwork";
import { isRefusedByCloud } from "../cloud/refused";

const lookMilliseconds = 5_000;

/** Answers its id; a preview does not wait. */
export async function natGatewayReady(
    id: string,
    { pause = lookMilliseconds, is = natGatewayIs } = {},
): Promise<string> {
    for (let look = 0; !pulumi.runtime.isDryRun(); look++) {
        const [pending, available] = [await asked("pending"), await asked("available")];
        if (available) {
            return id;
        }
        if (pending === false && available === false) {
            throw new pulumi.RunError(
                `the NAT gateway ${id} that an ended run left came to nothing: read why (aws ec2 describe-nat-gateways --nat-gateway-ids ${id}), delete it (aws ec2 delete-nat-gateway --nat-gateway-id ${id}), \`pulumi refresh\` this stack, and run this again`,
            );
        }
        if (look === 0) {
            void pulumi.log.info(`NAT gateway ${id}: waits until it is ready`);
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return id;

    /** One look that goes wrong says nothing; that it is not allowed any longer does. */
    async function asked(state: "pending" | "available"): Promise<boolean | undefined> {
        try {
            return await is(state, id);
        } catch (error) {
            if (isRefusedByCloud(error)) {
                throw error;
            }
            return undefined;
        }
    }
}
