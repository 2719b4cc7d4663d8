// Requests are counted as EC2 counts them: a bucket for each name, filled again with time.
import { bucketOf, usedByOthers } from "./timing";
import type { Operation } from "./operations";

export interface Buckets {
    /** Whether there was one left. */
    take(operation: Operation, now?: number): boolean;
}

export function createBuckets(): Buckets {
    const left = new Map<string, { tokens: number; at: number }>();
    return {
        take(operation, now = Date.now()) {
            const found = bucketOf(operation);
            if (!found) return true;
            const share = 1 - usedByOthers;
            const [capacity, refill] = [found.bucket.capacity * share, found.bucket.refill * share];
            const before = left.get(found.name) ?? { tokens: capacity, at: now };
            const tokens = Math.min(capacity, before.tokens + ((now - before.at) / 1000) * refill);
            const taken = tokens >= 1;
            left.set(found.name, { tokens: taken ? tokens - 1 : tokens, at: now });
            return taken;
        },
    };
}
