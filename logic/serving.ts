// Which side serves, and whether that is a move: forward to a new side, or back to the one that was retired.
import type { Serving } from "../contract/production";

export interface ServingPlan {
    /** Key of the side that serves after this run. */
    side: string;
    /** The side that gave way to it; absent when nothing was ever moved. */
    retired?: string;
    direction: "forward" | "back";
}

/**
 * @param current key of the side that the configuration calls current.
 * @param serve "current" or a stack's full name.
 * @param last what the stack published at its last `up`.
 */
export function planServing({ current, serve, last }: { current: string; serve: string; last?: Serving }): ServingPlan {
    const side = serve === "current" ? current : serve;
    if (side !== current) {
        return { side, retired: current, direction: "forward" };
    }
    if (!last) {
        return { side, direction: "forward" };
    }
    if (last.side === side) {
        // Either nothing was moved, or a move back stands; after a rollout `current` names the new side, and nothing is left to move.
        const standing = last.direction === "back" ? last.retired : undefined;
        return standing === undefined ? { side, direction: "forward" } : { side, retired: standing, direction: "back" };
    }
    return { side, retired: last.side, direction: "back" };
}
