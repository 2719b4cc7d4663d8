// What the commands ask a host, and how stubbornly: each question has a time limit, and a connection that breaks on the way is dialled
// again, since all that is asked may be asked twice.
import { setTimeout as pause } from "node:timers/promises";
import type { HostState, Reopened } from "../contract/host";
import { ProductId } from "../products/ids";
import { ask, askState } from "../remote/ask";
import { ConnectionError } from "../remote/connection";
import type { ScriptRequest } from "../remote/script";
import type { AnswerOf, ScriptName } from "../remote/scripts";
import { RecoveryHost } from "./hostsFile";

export interface OpenHow {
    /** What becomes of a host that stays closed on purpose. */
    staying: "leave" | "open";
    /** How long its product may take to answer again. */
    startSeconds: number;
}

export interface Questions {
    state(host: RecoveryHost, product: ProductId): Promise<HostState>;
    reopen(host: RecoveryHost, product: ProductId, how: OpenHow): Promise<Reopened>;
    /** Starts a retired host, and comes back when its product answers; throws when it does not. */
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
        const variables = { REASON: "by-hand", STAYING: staying, WAIT_SECONDS: startSeconds } as const;
        return act(host, { script: "reopen", product, layout: host.layout, variables }, startSeconds);
    },
    revive: async (host, product, token, startSeconds) => {
        const variables = { ACTION: "revive", TOKEN: token, START_SECONDS: startSeconds } as const;
        await act(host, { script: "serve", product, layout: host.layout, variables }, startSeconds);
    },
};

function act<S extends ScriptName>(
    host: RecoveryHost,
    request: ScriptRequest<S>,
    startSeconds: number,
): Promise<AnswerOf<S>> {
    const seconds = thawSeconds + startSeconds;
    return stubborn({ tries: 5, seconds }, () => ask(host, request, { seconds, dialSeconds }));
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
