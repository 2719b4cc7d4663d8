// What the commands ask a host, and how stubbornly: each question has a time limit, and a connection that breaks on the way is dialled
// again, since all that is asked may be asked twice.
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { HostState } from "../contract/host";
import { ProductId } from "../products/ids";
import { ask, askState } from "../remote/ask";
import { ConnectionError } from "../remote/connection";
import { ScriptRequest } from "../remote/script";
import { RecoveryHost } from "./hostsFile";

const reopened = z.object({
    /** opened: just now. open: it was. down: although nothing keeps it closed. staying: on purpose, and left so. */
    state: z.enum(["opened", "open", "retired", "down", "staying"]),
    /** What to know about it. */
    note: z.string().default(""),
    /** Of one that stays, or is retired. */
    token: z.string().default(""),
    since: z.string().default(""),
    until: z.string().default(""),
});
export type Reopened = z.infer<typeof reopened>;

export interface OpenHow {
    /** What becomes of a host that stays closed on purpose. */
    staying: "leave" | "open";
    /** How long its product may take to answer again. */
    startSeconds: number;
}

export interface Questions {
    state(host: RecoveryHost, product: ProductId): Promise<HostState>;
    reopen(host: RecoveryHost, product: ProductId, how: OpenHow): Promise<Reopened>;
    /** Starts a retired host, and comes back when its units were told. */
    revive(host: RecoveryHost, product: ProductId, token: string, startSeconds: number): Promise<void>;
}

const lookSeconds = 20;
/** What a thaw may take beside the product's start: it waits its turn for so long, should another one be under way. */
const thawSeconds = 75;
const dialSeconds = 10;

/** By SSH. */
export const askHosts: Questions = {
    state: (host, product) =>
        stubborn({ tries: 2, seconds: lookSeconds }, () =>
            askState(host, product, host.layout, lookSeconds, dialSeconds),
        ),
    reopen: (host, product, { staying, startSeconds }) => {
        const variables = { REASON: "by-hand", STAYING: staying, WAIT_SECONDS: String(startSeconds) };
        return act(host, { script: "reopen", product, variables }, startSeconds, reopened);
    },
    revive: async (host, product, token, startSeconds) => {
        const variables = { ACTION: "revive", TOKEN: token, START_SECONDS: String(startSeconds) };
        await act(host, { script: "serve", product, variables }, startSeconds, z.unknown());
    },
};

function act<T>(host: RecoveryHost, request: ScriptRequest, startSeconds: number, schema: z.ZodType<T>): Promise<T> {
    const seconds = thawSeconds + startSeconds;
    return stubborn({ tries: 5, seconds }, () =>
        ask(host, { ...request, layout: host.layout }, { schema, seconds, dialSeconds }),
    );
}

/**
 * Once more while it is the connection that fails, and may not fail again; with growing pauses, as a bastion takes its time to restart.
 * No try begins after `seconds`.
 */
export async function stubborn<T>(
    { tries, seconds, firstPause = 1000 }: { tries: number; seconds: number; firstPause?: number },
    work: () => Promise<T>,
): Promise<T> {
    const begun = Date.now();
    for (let attempt = 1; ; attempt += 1) {
        try {
            return await work();
        } catch (error) {
            const over = attempt >= tries || Date.now() - begun > seconds * 1000;
            if (over || !(error instanceof ConnectionError && error.passing)) {
                throw error;
            }
            await pause(firstPause * 2 ** (attempt - 1));
        }
    }
}
