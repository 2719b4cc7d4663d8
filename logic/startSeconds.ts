// How long a product may take to answer after its start: one number, wherever something waits for that. A capture says it for the products
// that it was taken of, and for their copies.

export const defaultStartSeconds = 300;

interface Patient {
    token: string;
    startSeconds: number;
}

/** The named capture's; where none is at hand the longest that any grants, since waiting costs nothing that giving up would not. */
export function startSecondsOf(captures: Patient[], token?: string): number {
    const named = captures.find((capture) => capture.token === token);
    const longest = Math.max(0, ...captures.map(({ startSeconds }) => startSeconds));
    return named?.startSeconds ?? (longest || defaultStartSeconds);
}
