// Time limits of what is asked around a closed window: nothing may wait for an answer that never comes.
import type { ClosedWindow } from "./window/types";

/** Rejects when it takes longer; the work itself goes on, and whoever began it ends it. */
export async function within<T>(work: Promise<T>, seconds: number, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`${what}: no answer within ${seconds} s`)), seconds * 1000);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Nothing that is asked while production is closed may outlive the window, however it ended. */
export function whileClosed<T>(
    window: Pick<ClosedWindow, "calledOff" | "deadline">,
    aborted: () => string | undefined,
    work: Promise<T>,
): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_resolve, reject) => {
        timer = setInterval(() => {
            const { calledOff, deadline } = window;
            const late = deadline !== undefined && Date.now() > deadline.getTime();
            const reason = calledOff ?? aborted() ?? (late ? "not done before the window's deadline" : undefined);
            if (reason !== undefined) {
                reject(new Error(reason));
            }
        }, 100);
    });
    return Promise.race([work, over]).finally(() => clearInterval(timer));
}

export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
