// What both roles have in common when they ask: who asks, progress, permissions, and quotas with what is used of them.
import type { CloudAnswer } from "./answer";
import type { Cloud } from "./cloud";
import type { Caller, Counted, TriedPermission } from "./facts";
import { principalOf } from "./judges/caller";
import type { QuotaUse } from "./judges/quotas";
import type { Named } from "./permissions";
import { roleArn, SimulatedActions, simulated } from "./questions/iam";
import { quotaValue } from "./questions/serviceQuotas";
import { QuotaName, quotaKinds } from "./quotas";

export interface AccountAsking {
    cloud: Cloud;
    caller: Caller;
    region: string;
    /** By which the stack's own are known. */
    tags: Record<string, string>;
    /** Of everything that it makes: those, and the company's. */
    requestTags: Record<string, string>;
    now: Date;
    /** Said when a question is answered. */
    progress: (line: string) => void;
}

/** Says how long it took, since some take their time. */
export async function timed<T>({ progress }: AccountAsking, what: string, ask: Promise<T>): Promise<T> {
    const began = Date.now();
    const answer = await ask;
    progress(`${what}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
    return answer;
}

export function placeOfCaller({ caller, region }: AccountAsking): Named {
    return { account: caller.account, region, partition: caller.arn.split(":")[1] || "aws" };
}

/** What the caller's policies say; whose they are is told by its ARN. */
export async function simulatedFor(
    { cloud, caller }: AccountAsking,
    actions: SimulatedActions[],
): Promise<CloudAnswer<TriedPermission[]>> {
    const principal = principalOf(caller.arn);
    if (!principal) {
        return { unknown: `the policies of ${caller.arn} can't be simulated` };
    }
    const arn = "user" in principal ? { known: principal.user } : await roleArn(cloud, principal.role);
    return "known" in arn ? simulated(cloud, arn.known, actions) : arn;
}

export interface NeededQuota {
    quota: QuotaName;
    used: CloudAnswer<Counted>;
    needed: CloudAnswer<number>;
}

export function quotaUses({ cloud }: AccountAsking, needs: NeededQuota[]): Promise<QuotaUse[]> {
    return Promise.all(
        needs.map(async (need) => {
            const { service, code } = quotaKinds[need.quota];
            return { ...need, value: await quotaValue(cloud, service, code) };
        }),
    );
}

/** A number out of an answer; unknown as the answer is. */
export function counted<T>(answer: CloudAnswer<T>, count: (value: T) => number): CloudAnswer<Counted> {
    return "known" in answer ? { known: { count: count(answer.known), more: false } } : answer;
}

export function needed<T>(answer: CloudAnswer<T>, need: (value: T) => number): CloudAnswer<number> {
    return "known" in answer ? { known: Math.max(0, need(answer.known)) } : answer;
}
