// Nothing that is asked while production is closed may outlive the window, however it ended.
import type { ClosedWindow } from "./types";

/** Rejects as soon as the window is called off, aborted or over; the work itself goes on. */
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
