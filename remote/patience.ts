// Waiting with an end: whatever a host, a disk or a database keeps for itself, whoever waits goes on.

/** Rejects with `late` when the work takes longer; the work itself goes on, and what becomes of it is nobody's concern then. */
export async function within<T>(seconds: number, work: Promise<T>, late: string): Promise<T> {
    work.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(late)), seconds * 1000);
    });
    try {
        return await Promise.race([work, over]);
    } finally {
        clearTimeout(timer);
    }
}

export function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
