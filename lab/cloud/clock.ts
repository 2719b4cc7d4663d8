// The time that AWS's answers take, and how many it gives: of the provider's calls, with TIMING=aws.
import type { Action } from "./api";
import { createBuckets } from "./buckets";
import { operationOf } from "./operations";
import { refusalOf } from "./refusals";
import { sleep } from "./run";
import { attachment, draw, latencyOf, type TimingMode, visibility } from "./timing";

export interface Clock {
    mode: TimingMode;
    /** Throws when the bucket is empty. Half of the time passes on the way, half on the way back. */
    begin(action: Action, request: object): Promise<{ request: object; end(): Promise<void> }>;
}

export function createClock(mode: TimingMode): Clock {
    const buckets = createBuckets();
    return {
        mode,
        async begin(action, request) {
            const operation = operationOf(action, request);
            if (this.mode === "fast" || operation.service === "STS") {
                return { request: {}, end: async () => undefined };
            }
            if (!buckets.take(operation)) {
                throw refusalOf("throttled", operation);
            }
            const half = (draw(latencyOf(operation)) * 1000) / 2;
            await sleep(half);
            return { request: lateness(action), end: () => sleep(half) };
        },
    };
}

/** What is there and not seen yet. */
function lateness(action: Action): object {
    if (action === "CreateSnapshot") return { hiddenMilliseconds: draw(visibility) * 1000 };
    if (action === "AttachVolume") return { attachingMilliseconds: draw(attachment) * 1000 };
    return {};
}
