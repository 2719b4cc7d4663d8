// What the hosts of a side were found to be, by their own account, and what that asks for: pure.
import type { HostMarker, HostState } from "../contract/host";
import type { ProductId } from "../products/ids";

export interface HostReport {
    product: ProductId;
    instanceId: string;
    /** Where it is reached by people who look after it. */
    address: string;
    /** What the record of a name says that leads to it. */
    publicAddress: string;
    /** Its own account; absent when it could not be asked. */
    state?: HostState;
    /** Why it could not be asked. */
    unknown?: string;
    /** Of one that could not be asked: what the cloud says of its instance, such as "stopped" or "gone". */
    cloud?: string;
    /** What it remembers of the capture that is to be served. */
    marker?: HostMarker;
}

export interface SideReport {
    /** "listed" or a stack's full name. */
    key: string;
    /** In the order in which products start. */
    hosts: HostReport[];
}

/** Words of the cloud for an instance that runs nothing and never will again. */
const goneStates = ["terminated", "gone"];
/** And for one that will run nothing unless a person starts it. */
const restingStates = ["stopped", ...goneStates];

export function isResting({ cloud }: HostReport): boolean {
    return cloud !== undefined && restingStates.includes(cloud);
}

export function isGone({ cloud }: HostReport): boolean {
    return cloud !== undefined && goneStates.includes(cloud);
}

/** It must be taken down before another side serves; also where something still runs or is armed, or its way down was broken off. */
export function isUp({ state }: HostReport): boolean {
    if (!state) {
        return false;
    }
    switch (state.side) {
        case "serving":
        case "staying":
        case "closed":
            return true;
        case "retired":
            return isHalfway(state) || state.running.length + state.timers.length > 0;
        case "quarantined":
        case "built":
            return isHalfway(state);
    }
}

/** Retired, or not opened, or not in full: where its side is to serve, there is work on it. */
export function isDown({ state }: HostReport): boolean {
    return state !== undefined && (["retired", "quarantined", "built"].includes(state.side) || isHalfway(state));
}

/** Serves, and something of the product runs. */
export function isServing({ state }: HostReport): boolean {
    return state?.side === "serving" && state.running.length > 0 && !isHalfway(state);
}

/** It was on its way from one side to another, and that was broken off. */
function isHalfway({ state }: HostState): boolean {
    return state === "halfway";
}
