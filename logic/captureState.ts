// Decides what becomes of a capture from what hosts and cloud say, before anything is registered: nothing there, it may begin;
// complete, it is adopted; anything between, it is void for ever. Pulumi's state is not asked.
import type { CaptureConfig } from "../config/schema";
import type { HostMarker } from "../contract/host";
import type { CaptureManifest } from "../contract/production";

export type { HostMarker };

export type CaptureDecision =
    { kind: "begin" } | { kind: "adopt" } | { kind: "waiting"; reason: string } | { kind: "void"; reasons: string[] };

export interface CaptureEvidence {
    capture: CaptureConfig;
    now: Date;
    /** Volume ids and servers that must have a snapshot. */
    expected: string[];
    /** Those that have one under this token. */
    held: string[];
    /** Empty when a complete manifest was recorded already. */
    markers: HostMarker[];
    recorded?: CaptureManifest;
}

export function decideCapture(evidence: CaptureEvidence): CaptureDecision {
    const { capture, recorded, markers, expected, held } = evidence;
    const missing = expected.filter((source) => !held.includes(source));
    if (recorded?.state === "void") {
        return { kind: "void", reasons: recorded.reasons };
    }
    if (recorded?.state === "complete") {
        return missing.length === 0
            ? { kind: "adopt" }
            : { kind: "void", reasons: missing.map((source) => `the snapshot of ${source} is gone from the account`) };
    }
    const begun = markers.filter((marker) => marker.closedAt !== undefined);
    if (begun.length === 0 && held.length === 0) {
        return waiting(capture, evidence.now) ?? { kind: "begin" };
    }
    const reasons = [
        ...missing.map((source) => `no snapshot of ${source}`),
        ...markers.flatMap((marker) => markerFindings(marker, capture.reopen)),
    ];
    return reasons.length === 0 ? { kind: "adopt" } : { kind: "void", reasons };
}

/** A token names one capture for ever; settings that it was not taken with would be a lie about it. */
export function changedSettings(capture: CaptureConfig, recorded: CaptureManifest | undefined): string[] {
    if (recorded?.state !== "complete") {
        return [];
    }
    const method = recorded.databases[0]?.method;
    const changed = [
        // The other way round is how a cutover is given up.
        ...(!recorded.final && !capture.reopen ? ["reopen: true"] : []),
        ...(method !== undefined && capture.database !== "auto" && method !== capture.database
            ? [`database: ${method}`]
            : []),
    ];
    return changed.map(
        (taken) =>
            `posit:captures: token ${capture.token} was used for a capture with ${taken}. Set that again; another capture needs a new token`,
    );
}

/** Final captures that nobody wants to serve any more: taken out of the configuration, or asked to reopen. */
export function givenUpCaptures(captures: CaptureConfig[], recorded: Record<string, CaptureManifest>): string[] {
    return Object.values(recorded)
        .filter(({ final }) => final)
        .filter(({ token }) => captures.find((capture) => capture.token === token)?.reopen ?? true)
        .map(({ token }) => token);
}

/** What must be there of a capture: what was recorded when it was taken, whatever serves now. */
export function expectedSnapshots(recorded: CaptureManifest | undefined, now: string[]): string[] {
    return recorded === undefined
        ? now
        : [
              ...recorded.volumes.map((volume) => volume.volumeId),
              ...recorded.databases.filter(({ method }) => method === "snapshot").map(({ server }) => server),
          ];
}

function waiting(capture: CaptureConfig, now: Date): CaptureDecision | undefined {
    if (capture.notBefore && now < new Date(capture.notBefore)) {
        return { kind: "waiting", reason: `its maintenance window begins at ${capture.notBefore}` };
    }
    if (capture.notAfter && now > new Date(capture.notAfter)) {
        return { kind: "waiting", reason: `its maintenance window ended at ${capture.notAfter}; set a new one` };
    }
    return undefined;
}

/** Why a host's memory makes its capture void. A final capture's host may have been opened since, by a person or by serving. */
export function markerFindings(marker: HostMarker, reopen: boolean): string[] {
    const who = marker.product ?? "a host";
    if (!marker.closedAt) {
        return [`${who} was never closed for it`];
    }
    if (!marker.frozenAt || !marker.quiet) {
        return [`${who} was not proved quiet`];
    }
    if (reopen && marker.openedBy !== "complete") {
        return [
            marker.openedBy
                ? `${who} was opened by "${marker.openedBy}" instead of by completion`
                : `${who} did not say that it opened`,
        ];
    }
    return [];
}
