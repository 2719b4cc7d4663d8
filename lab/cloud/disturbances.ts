// What the cloud does wrong on purpose: refuses a call, answers it late, loses its answer, or does not know at once what it has made. Set by the
// fault rehearsal, gone with a restart.
import { type Action, CloudError } from "./api";
import type { Disturbance } from "./api";
import { operationOf } from "./operations";
import { refusalOf } from "./refusals";

export interface Disturbances {
    /** Replaces all that were set before. */
    set(disturbances: Disturbance[]): void;
    /** Before the call is worked on. Throws when it is to be refused. */
    meet(action: string, request: object, by?: "provider"): Promise<Met>;
    /** After it was: the ids that are new in its answer are not known to anybody for so long. */
    hide(request: object, answer: object, milliseconds: number): void;
}

export interface Met {
    /** What is put into the request. */
    request: Record<string, unknown>;
    /** Nobody is to hear the answer. */
    answerLost: boolean;
    /** For how long nobody knows the ids that are answered. */
    hideMilliseconds: number;
}

export function createDisturbances(): Disturbances {
    let active: (Disturbance & { seen: number; waiting: Set<string> })[] = [];
    const hidden = new Map<string, number>();
    return {
        set: (disturbances) => (active = disturbances.map((one) => ({ ...one, seen: 0, waiting: new Set() }))),
        async meet(action, request, by) {
            const met: Met = { request: {}, answerLost: false, hideMilliseconds: 0 };
            if (by === "provider") refuseHidden(hidden, request);
            for (const one of active.filter((each) => concerns(each, action, request, by))) {
                const turn = one.seen++;
                if (turn < (one.skip ?? 0) || turn >= (one.skip ?? 0) + (one.times ?? Infinity)) continue;
                if (one.everyOther && asksAgain(one.waiting, { action, request })) continue;
                if (one.delayMilliseconds) await new Promise((resolve) => setTimeout(resolve, one.delayMilliseconds));
                refuse(one, action, request);
                Object.assign(met.request, one.request);
                met.answerLost ||= one.answerLost === true;
                met.hideMilliseconds = Math.max(met.hideMilliseconds, one.hideMilliseconds ?? 0);
            }
            return met;
        },
        hide(request, answer, milliseconds) {
            const until = Date.now() + milliseconds;
            const asked = Object.values(request);
            for (const value of Object.values(answer)) {
                if (typeof value === "string" && knownPrefix(value) && !asked.includes(value)) hidden.set(value, until);
            }
        },
    };
}

function asksAgain(waiting: Set<string>, call: object): boolean {
    const same = JSON.stringify(call);
    if (waiting.delete(same)) return true;
    waiting.add(same);
    return false;
}

function concerns(
    { action: its, having, tag, by: whose }: Disturbance,
    action: string,
    request: { tags?: object },
    by?: "provider",
): boolean {
    return (
        (its === action || (its === "*" && by === "provider")) &&
        (whose === undefined || whose === by) &&
        (having === undefined || having in request) &&
        (tag === undefined || tag in (request.tags ?? {}))
    );
}

function refuse({ refuses, refusal }: Disturbance, action: string, request: object): void {
    if (refuses) throw refusalOf(refuses, operationOf(action as Action, request));
    if (refusal) throw new CloudError(refusal.code, refusal.message, refusal.givenUp);
}

/** EC2's words for an id that it does not know (yet). */
const unknownIds: Record<string, (id: string) => CloudError> = {
    "i-": (id) => new CloudError("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`),
    "vol-": (id) => new CloudError("InvalidVolume.NotFound", `The volume '${id}' does not exist.`),
    "snap-": (id) => new CloudError("InvalidSnapshot.NotFound", `The snapshot '${id}' does not exist.`),
    "vpc-": (id) => new CloudError("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`),
    "subnet-": (id) => new CloudError("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`),
    "sg-": (id) => new CloudError("InvalidGroup.NotFound", `The security group '${id}' does not exist`),
    "rtb-": (id) => new CloudError("InvalidRouteTableID.NotFound", `The routeTable ID '${id}' does not exist`),
    // The code is terraform-provider-aws's (internal/service/ec2/errors.go); the words are assumed.
    "tgw-attach-": (id) =>
        new CloudError(
            "InvalidTransitGatewayAttachmentID.NotFound",
            `Transit Gateway attachment ${id} was deleted or does not exist.`,
        ),
};

const knownPrefix = (id: string) => Object.keys(unknownIds).find((prefix) => id.startsWith(prefix));

function refuseHidden(hidden: Map<string, number>, request: object): void {
    for (const value of Object.values(request).flat()) {
        const until = typeof value === "string" ? (hidden.get(value) ?? 0) : 0;
        if (until > Date.now()) throw unknownIds[knownPrefix(String(value)) ?? "i-"](String(value));
    }
}
