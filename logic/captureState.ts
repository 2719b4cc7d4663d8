// Decides what becomes of a capture from what hosts and cloud say, before anything is registered: nothing there, it may begin;
// complete, it is adopted; anything between, it is void for ever. Pulumi's state is not asked.
import type { CaptureConfig } from "../config/schema";
import type { CaptureManifest } from "../contract/production";
import type { ProductId } from "../products/ids";

/** What a host remembers of a capture (hosts/record.sh). Times are ISO 8601 by the host's clock. */
export interface HostMarker {
    token: string;
    product?: ProductId;
    state: string;
    armedAt?: string;
    closedAt?: string;
    frozenAt?: string;
    openedAt?: string;
    openedBy?: string;
    /** Proofs of quiet, by kind. */
    quiet?: Record<string, unknown>;
    notes?: Record<string, string>;
}

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
        return recorded.final !== !capture.reopen
            ? {
                  kind: "void",
                  reasons: [
                      `token ${capture.token} was used with reopen: ${!recorded.final}; a new capture needs a new token`,
                  ],
              }
            : { kind: "adopt" };
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
