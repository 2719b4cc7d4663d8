// Work on several hosts at once, with every finding in one error.

/** All of them, or one error with every finding that comes within `grace` ms of the first. */
export async function settled<T>(work: Promise<T>[], grace?: number): Promise<T[]> {
    const reasons = new Set<string>();
    const all = Promise.allSettled(
        work.map((one) =>
            one.catch((error: Error) => {
                reasons.add(error.message);
                throw error;
            }),
        ),
    );
    if (grace !== undefined) {
        const firstFailure = Promise.all(work).catch(() => new Promise((resolve) => setTimeout(resolve, grace)));
        await Promise.race([all, firstFailure]);
    } else {
        await all;
    }
    if (reasons.size > 0) {
        throw new Error([...reasons].join("\n"));
    }
    return Promise.all(work);
}
