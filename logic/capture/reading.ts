// When production's inventory is read anew, and when what was read stands.
import type { Inventory } from "../../contract/production";
import type { CaptureDecision } from "./state";

/**
 * Another word each time that production must be looked at again, otherwise `undefined`: whoever mended what was refused is heard by the next run
 * that would close production and, where no capture is there, by the next run of all. A capture that is there never asks: its hosts may be closed.
 * @param last what the last inventory found
 */
export function readingOf(
    captures: { token: string; kind: CaptureDecision["kind"] }[],
    last: Pick<Inventory["findings"][number], "verdict">[],
    now: Date,
): string | undefined {
    const begins = captures.find(({ kind }) => kind === "begin");
    const isThere = captures.some(({ kind }) => kind !== "begin" && kind !== "waiting");
    const mayBeMended = !isThere && last.some(({ verdict }) => verdict === "refused");
    return begins || mayBeMended ? `${begins?.token ?? "refused"} at ${now.toISOString()}` : undefined;
}
