// What the cloud does wrong on purpose: refuses a call, or answers it late. Set by the fault rehearsal, gone with a restart.
import { CloudError } from "./api";
import type { Disturbance } from "./api";

export interface Disturbances {
    /** Replaces all that were set before. */
    set(disturbances: Disturbance[]): void;
    /** Before the call is worked on; answers what is put into its request. Throws when it is to be refused. */
    meet(action: string): Promise<Record<string, unknown>>;
}

export function createDisturbances(): Disturbances {
    let active: (Disturbance & { seen: number })[] = [];
    return {
        set: (disturbances) => (active = disturbances.map((one) => ({ ...one, seen: 0 }))),
        async meet(action) {
            const added: Record<string, unknown> = {};
            for (const one of active.filter((candidate) => candidate.action === action)) {
                const turn = one.seen++;
                if (turn < (one.skip ?? 0) || turn >= (one.skip ?? 0) + (one.times ?? Infinity)) continue;
                if (one.delayMilliseconds) await new Promise((resolve) => setTimeout(resolve, one.delayMilliseconds));
                if (one.refusal) throw new CloudError(one.refusal.code, one.refusal.message);
                Object.assign(added, one.request);
            }
            return added;
        },
    };
}
