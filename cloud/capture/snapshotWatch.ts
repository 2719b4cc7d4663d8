// Looks for a capture's snapshots in the cloud while production is closed, until every one of them is there.
import { fullBudget, take as takeOf } from "../../logic/capture/looks";
import { clockTolerance, HeldSnapshot } from "../../logic/capture/state";
import { isRefusedByCloud } from "../refused";
import { questions, tagged, taggedServerSnapshot, volumeSnapshot } from "./snapshots";

/** The cloud's last word on a snapshot: waiting does not mend it. */
export class FailedSnapshot extends Error {}

/** A failing look that will not mend. */
export function isHopeless(error: unknown): boolean {
    return error instanceof FailedSnapshot || isRefusedByCloud(error);
}

export interface WatchArgs {
    stack: string;
    token: string;
    /** That are captured by a snapshot of their own. */
    servers: string[];
    log: (line: string) => void;
}

/**
 * Looks for a capture's snapshots while production is closed: answers source → id of those that are requested for good, the first that was
 * seen of each source. A volume's content is fixed at the request, a server's only when its snapshot is available. No function of the provider
 * tells more than ids of several snapshots in one question (getSnapshot has one, or refuses), so a look is one question for all ids, and one for
 * each that is new; EC2's are held to a budget. What could not be asked is not seen yet.
 */
export function watchRequests(
    { stack, token, servers, log }: WatchArgs,
    cloud = questions,
    clock = Date.now,
): (since: Date) => Promise<Record<string, string>> {
    const sayOnce = once(log);
    let budget = fullBudget(clock());
    const granted = (wanted: number): number => {
        const taken = takeOf(budget, wanted, clock());
        budget = taken.left;
        return taken.granted;
    };
    const { known, seen, failed, take } = sightings(sayOnce);
    return async (since) => {
        const { ids } =
            granted(1) === 1
                ? await cloud.snapshotIds({ owners: ["self"], filters: tagged(stack, token, "token") })
                : { ids: [] };
        const unknown = ids.filter((id) => !known.has(id));
        const asked = await Promise.allSettled([
            ...unknown.slice(0, granted(unknown.length)).map((id) => volumeSnapshot(id, cloud)),
            ...servers
                .filter((server) => seen[server] === undefined)
                .map((server) => taggedServerSnapshot(stack, token, server, cloud)),
        ]);
        const found = asked.flatMap((one) => (one.status === "fulfilled" && one.value ? [one.value] : []));
        found
            .filter(({ source, state }) => state !== "pending" || !servers.includes(source))
            .sort((a, b) => a.startTime.localeCompare(b.startTime) || a.id.localeCompare(b.id))
            .forEach((one) => take(one, since));
        if (failed.length > 0) {
            // Said at each look, since production is opened for it only when it stays so.
            throw new FailedSnapshot(`${failed.join("; ")} failed in the cloud`);
        }
        for (const { reason } of asked.filter((one) => one.status === "rejected")) {
            if (isRefusedByCloud(reason)) {
                throw reason as Error;
            }
            sayOnce(`a snapshot could not be asked for, which is tried again: ${messageOf(reason)}`);
        }
        return { ...seen };
    };
}

/** What was seen so far: of each source the first snapshot that counts. */
function sightings(sayOnce: (line: string) => void) {
    const known = new Set<string>();
    const seen: Record<string, string> = {};
    const failed: string[] = [];
    const take = (found: HeldSnapshot, since: Date) => {
        known.add(found.id);
        if (Date.parse(found.startTime) < since.getTime() - clockTolerance) {
            sayOnce(
                `snapshot ${found.id} of ${found.source} was started at ${found.startTime}, before production was closed: it does not count (is this machine's clock right?)`,
            );
        } else if (seen[found.source] === undefined && found.state === "error") {
            failed.push(`the snapshot ${found.id} of ${found.source}`);
        } else if (seen[found.source] === undefined) {
            seen[found.source] = found.id;
        } else if (seen[found.source] !== found.id) {
            sayOnce(
                `a second snapshot of ${found.source} was requested (${found.id}; the answer to the first request was lost?): ${seen[found.source]} counts, the other may be deleted by hand`,
            );
        }
    };
    return { known, seen, failed, take };
}

function once(log: (line: string) => void): (line: string) => void {
    const said = new Set<string>();
    return (line) => {
        if (!said.has(line)) {
            said.add(line);
            log(line);
        }
    };
}

function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
