// The provider asks the cloud as AWS's SDK does: what was throttled is asked again, so that a busy account shows as slowness, and only after
// many tries as an error.
import { callCloud } from "../cloud/client";
import { CloudError } from "../cloud/api";
import type { Action, Request, Response } from "../cloud/api";

/** Of the provider's `max_retries` (terraform-provider-aws's documentation). */
const tries = 25;

/** EC2's code, and those of the services that speak the older protocol (error codes in the API references of EC2, RDS and Route 53). */
const throttled = ["RequestLimitExceeded", "Throttling", "ThrottlingException"];

export async function ask<A extends Action>(action: A, request: Request<A>): Promise<Response<A>> {
    for (let attempt = 0; ; attempt++) {
        try {
            return await callCloud(action, request, undefined, "provider");
        } catch (error) {
            const again = error instanceof CloudError && throttled.includes(error.code) && !error.givenUp;
            if (!again || attempt === tries) {
                throw error;
            }
            await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds(attempt)));
        }
    }
}

/** aws-sdk-go-v2, aws/retry: a random part of 1, 2, 4 … seconds, twenty at most. */
export const pauseMilliseconds = (attempt: number, chance = Math.random()): number =>
    Math.min(20_000, chance * 1000 * 2 ** Math.min(attempt, 10));
