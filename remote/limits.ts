// Waiting with an end: whatever a host, a disk, a database or the cloud keeps for itself, whoever waits for it goes on.

/** Rejects with `late` when the work takes longer; the work itself goes on, and whoever began it ends it. */
export async function inTime<T>(work: Promise<T>, seconds: number, late: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(late)), seconds * 1000);
    });
    return Promise.race([work, over]).finally(() => clearTimeout(timer));
}

/** The same of a question, whose answer did not come. */
export function within<T>(work: Promise<T>, seconds: number, what: string): Promise<T> {
    return inTime(work, seconds, `${what}: no answer within ${seconds} s`);
}

export function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
