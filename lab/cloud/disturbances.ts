// What the cloud does wrong on purpose: refuses a call, answers it late, or loses its answer. Set by the fault rehearsal, gone with a restart.
import { CloudError } from "./api";
import type { Disturbance } from "./api";

export interface Disturbances {
    /** Replaces all that were set before. */
    set(disturbances: Disturbance[]): void;
    /** Before the call is worked on. Throws when it is to be refused. */
    meet(action: string, request: object): Promise<Met>;
}

export interface Met {
    /** What is put into the request. */
    request: Record<string, unknown>;
    /** Nobody is to hear the answer. */
    answerLost: boolean;
}

export function createDisturbances(): Disturbances {
    let active: (Disturbance & { seen: number })[] = [];
    return {
        set: (disturbances) => (active = disturbances.map((one) => ({ ...one, seen: 0 }))),
        async meet(action, request) {
            const met: Met = { request: {}, answerLost: false };
            for (const one of active.filter((each) => concerns(each, action, request))) {
                const turn = one.seen++;
                if (turn < (one.skip ?? 0) || turn >= (one.skip ?? 0) + (one.times ?? Infinity)) continue;
                if (one.delayMilliseconds) await new Promise((resolve) => setTimeout(resolve, one.delayMilliseconds));
                if (one.refusal) throw new CloudError(one.refusal.code, one.refusal.message);
                Object.assign(met.request, one.request);
                met.answerLost ||= one.answerLost === true;
            }
            return met;
        },
    };
}

function concerns({ action: its, having, tag }: Disturbance, action: string, request: { tags?: object }): boolean {
    return (
        its === action &&
        (having === undefined || having in request) &&
        (tag === undefined || tag in (request.tags ?? {}))
    );
}
