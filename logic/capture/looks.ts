// How often the cloud is asked while production is closed. Every user waits for the answer, and AWS counts the questions of everybody in an account:
// DescribeSnapshots has a bucket of 100 for a region, which 20 a second fill again (EC2 developer guide, "Request throttling"). Pure.

/** Half of AWS's bucket is left to everybody else, the provider's own waiting included. */
const share = { most: 50, perSecond: 10 };

/** Questions that may be asked at that moment. */
export interface Budget {
    questions: number;
    /** ms */
    at: number;
}

export const fullBudget = (now: number): Budget => ({ questions: share.most, at: now });

/** As many of the wanted questions as the budget has; what is left over is asked at a later look. */
export function take(budget: Budget, wanted: number, now: number): { granted: number; left: Budget } {
    const there = Math.min(share.most, budget.questions + (Math.max(0, now - budget.at) / 1000) * share.perSecond);
    const granted = Math.min(wanted, Math.floor(there));
    return { granted, left: { questions: there - granted, at: now } };
}

/** Between two looks, ms: often at first, less often once it takes long, and after a look that failed: it may have been one too many. */
const pauses = { first: 250, often: 5_000, growth: 1.3, most: 1_000, failed: 2, mostFailed: 4_000 };

export const firstPause = pauses.first;

/** @param waited since the first look, ms. */
export function nextPause(pause: number, { waited, failed }: { waited: number; failed: boolean }): number {
    if (failed) {
        return Math.min(pauses.mostFailed, pause * pauses.failed);
    }
    const usual = Math.min(pause, pauses.most);
    return waited > pauses.often
        ? Math.min(pauses.most, usual * pauses.growth)
        : Math.max(pauses.first, usual / pauses.failed);
}
