// Where each name leads a user who asks for the first time, and what answers there.
import { exchange } from "./http";
import type { Names } from "./names";
import type { Target } from "./prober";

export interface Answered {
    product: string;
    /** Empty when the name leads nowhere. */
    address: string;
    /** HTTP status, or why there was none. */
    answer: string;
}

const patienceMs = 3000;

export function where(names: Names, targets: Target[]): Promise<Answered[]> {
    return Promise.all(
        targets.map(async ({ product, url }) => {
            const address = await names.address(new URL(url).hostname).catch(() => "");
            const answer = await exchange(names, { url, timeoutMs: patienceMs }).then(
                ({ status }) => String(status),
                (error: NodeJS.ErrnoException) => error.code ?? error.name,
            );
            return { product, address, answer };
        }),
    );
}
