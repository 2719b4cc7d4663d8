// Looks at the cloud until every snapshot of a capture is requested for good, while production is closed. A look that fails has seen nothing
// yet; only the window's end, or a right that is missing, is a failure.
import { firstPause, nextPause } from "../../logic/capture/looks";
import { messageOf } from "../limits";
import type { ClosedWindow } from "../window/types";

export interface RequestsArgs {
    /** Volume ids and servers. */
    expected: string[];
    /** Source → id of those that are requested by now. */
    asked: () => Promise<Record<string, string>>;
    /** A failing look that will not mend. */
    hopeless?: (error: unknown) => boolean;
    log: (line: string) => void;
    window: Pick<ClosedWindow, "calledOff" | "deadline">;
    /** Somebody gave the capture up; whoever did has said why. */
    over: () => boolean;
}

/** Once may be a hiccup. */
const hopelessLooks = 3;
/** The hosts' own timers are near then, ms. */
const margin = 2_000;

/** Source → id, of each source the first that was seen. What it has when it is given up is incomplete. */
export async function seeRequests(args: RequestsArgs): Promise<Record<string, string>> {
    const { expected, window } = args;
    const began = Date.now();
    const look = looking(args);
    let pause = firstPause;
    let seen: Record<string, string> = {};
    for (;;) {
        const { found, trouble } = await look();
        seen = { ...found, ...seen };
        const missing = expected.filter((source) => seen[source] === undefined);
        if (window.calledOff !== undefined) {
            throw new Error(window.calledOff);
        }
        if (missing.length === 0 || args.over()) {
            return seen;
        }
        if (window.deadline && Date.now() > window.deadline.getTime() - margin) {
            const why = trouble === undefined ? "" : ` (the cloud's last words: ${trouble})`;
            throw new Error(`no snapshot of ${missing.join(", ")} was visible before the window's deadline${why}`);
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = nextPause(pause, { waited: Date.now() - began, failed: trouble !== undefined });
    }
}

/** One look after the other; says each trouble once. */
function looking({ asked, hopeless, log }: RequestsArgs) {
    let last = "";
    let without = 0;
    return async (): Promise<{ found: Record<string, string>; trouble?: string }> => {
        try {
            const found = await asked();
            without = 0;
            return { found };
        } catch (error) {
            const trouble = messageOf(error);
            without = hopeless?.(error) ? without + 1 : 0;
            if (without >= hopelessLooks) {
                throw error;
            }
            if (trouble !== last) {
                log(`the cloud can't be asked for the snapshots; that is tried again: ${trouble}`);
            }
            last = trouble;
            return { found: {}, trouble };
        }
    };
}
