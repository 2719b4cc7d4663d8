// Decides what becomes of a capture from what hosts and cloud say, before anything is registered: nothing there, it may begin;
// complete, it is adopted; anything between, it is void for ever. Pulumi's state is not asked.
import type { CaptureConfig } from "../../config/schema";
import type { HostMarker } from "../../contract/host";
import type { CaptureManifest } from "../../contract/production";
import { markerFindings, openedStraight } from "./ending";

export type { HostMarker };

/** What the cloud has under a capture's token, whoever asked for it. */
export interface HeldSnapshot {
    /** Of a volume's snapshot; of a server's, its identifier. */
    id: string;
    /** Volume id or server. */
    source: string;
    /** pending | completed | error | … (EC2's words, for servers too). */
    state: string;
    /** ISO 8601; the moment whose content it has. Empty where the cloud does not tell yet. */
    startTime: string;
}

export type CaptureDecision =
    | { kind: "begin" }
    | {
          kind: "adopt";
          /** Source → id: exactly these are the capture. */
          snapshots: Record<string, string>;
          /** Ids that are still being copied. */
          pending: string[];
          /** What carries the token and is not the capture. */
          extras: HeldSnapshot[];
      }
    | {
          kind: "waiting";
          reason: string;
          /** Who can't be asked now and must be when it begins, with the reason. */
          unasked: string[];
      }
    /** Some hosts can't be asked what they remember, and without their word nothing can be decided: this run stops. */
    | { kind: "unknown"; reasons: string[] }
    | {
          kind: "void";
          reasons: string[];
          /** All that is wrong is that the cloud does not have it: perhaps another account was asked. */
          lost?: boolean;
      };

export interface CaptureEvidence {
    capture: CaptureConfig;
    now: Date;
    /** Volume ids and servers that must have a snapshot; of a recorded capture its manifest tells. */
    expected: string[];
    held: HeldSnapshot[];
    /** Of every host that could be asked; not asked for where the window's end was recorded already. */
    markers: HostMarker[];
    /** Those that could not, each with the reason. */
    unasked?: string[];
    recorded?: CaptureManifest;
}

/** Clocks of cloud, runner and hosts may differ; EC2 tells whole seconds only. Ids decide, times are a second opinion. ms */
export const clockTolerance = 5_000;

export function decideCapture(evidence: CaptureEvidence): CaptureDecision {
    const { capture, recorded, markers, expected, held, unasked = [] } = evidence;
    if (recorded && endedWell(recorded)) {
        return decided(recordedSnapshots(recorded), held, []);
    }
    if (recorded?.state === "void") {
        return { kind: "void", reasons: recorded.reasons };
    }
    const untouched = markers.every(({ closedAt, state }) => closedAt === undefined && state !== "unreadable");
    const outside = outsideMaintenance(capture, evidence.now);
    // Whatever a host that can't be asked remembers: outside its maintenance window this capture closes nothing, and is asked for again inside it.
    if (untouched && held.length === 0 && outside !== undefined) {
        return { kind: "waiting", reason: outside, unasked };
    }
    if (unasked.length > 0) {
        return { kind: "unknown", reasons: unasked };
    }
    if (untouched && held.length === 0) {
        return { kind: "begin" };
    }
    const noted = notedSnapshots(markers, expected);
    return decided(noted.snapshots, held, [
        ...(markers.length === 0 ? ["no host remembers it"] : []),
        ...markers.flatMap(markerFindings),
        ...noted.reasons,
        ...untimely(noted.snapshots, held, markers),
    ]);
}

/** How its window ended never changes; that its snapshots are there may. */
export function endedWell({ state, lost }: CaptureManifest): boolean {
    return state === "complete" || (state === "void" && lost === true);
}

function decided(snapshots: Record<string, string>, held: HeldSnapshot[], findings: string[]): CaptureDecision {
    const own = Object.entries(snapshots).map(([source, id]) => ({ source, id, found: find(held, source, id) }));
    const gone = own.filter(({ found }) => !found);
    const reasons = [...findings, ...own.flatMap(({ source, id, found }) => snapshotFinding(source, id, found))];
    return reasons.length > 0
        ? { kind: "void", reasons, ...(gone.length === reasons.length && { lost: true }) }
        : {
              kind: "adopt",
              snapshots,
              pending: own.flatMap(({ id, found }) => (found?.state === "pending" ? [id] : [])),
              extras: held.filter(({ id }) => !Object.values(snapshots).includes(id)),
          };
}

function find(held: HeldSnapshot[], source: string, id: string): HeldSnapshot | undefined {
    // RDS tells servers' names in lower case, however they are written here.
    return held.find((snapshot) => snapshot.id === id && snapshot.source.toLowerCase() === source.toLowerCase());
}

function snapshotFinding(source: string, id: string, found: HeldSnapshot | undefined): string[] {
    switch (found?.state) {
        case "pending":
        case "completed":
            return [];
        case undefined:
            return [`the snapshot ${id} of ${source} is gone from the account`];
        case "error":
            return [`the snapshot ${id} of ${source} failed in the cloud (state error; is its KMS key enabled?)`];
        default:
            return [`the snapshot ${id} of ${source} can't be restored (state ${found?.state})`];
    }
}

/** The ids that every host was told while it was closed. */
export function notedSnapshots(
    markers: HostMarker[],
    expected: string[],
): { snapshots: Record<string, string>; reasons: string[] } {
    const notes = markers.map((marker) => marker.notes?.snapshots ?? {});
    if (notes.every((note) => Object.keys(note).length === 0) && expected.length > 0) {
        const reason =
            "its hosts did not note which snapshots were requested while they were closed (its window ended before that, or an older version of this program took it)";
        return { snapshots: {}, reasons: [reason] };
    }
    const sources = [...new Set([...expected, ...notes.flatMap((note) => Object.keys(note))])];
    const said = sources.map((source) => ({ source, ids: [...new Set(notes.map((note) => note[source]))] }));
    const agreed = said.filter(({ ids }) => ids.length === 1 && ids[0] !== undefined);
    return {
        snapshots: Object.fromEntries(agreed.map(({ source, ids }) => [source, ids[0]])),
        reasons: said
            .filter((one) => !agreed.includes(one))
            .map(({ source, ids }) =>
                ids.length === 1
                    ? `no snapshot of ${source} was noted while production was closed`
                    : `its hosts do not agree which snapshot of ${source} was requested (${ids.map((id) => id ?? "none").join(", ")})`,
            ),
    };
}

/** The second opinion: each was started after the last host was frozen and before the first one opened or stayed. */
function untimely(snapshots: Record<string, string>, held: HeldSnapshot[], markers: HostMarker[]): string[] {
    const times = (of: (marker: HostMarker) => string | undefined) =>
        markers.map((marker) => Date.parse(of(marker) ?? "")).filter((time) => !Number.isNaN(time));
    const frozen = Math.max(...times(({ frozenAt }) => frozenAt));
    const ended = Math.min(...times(({ stayingSince, thawingAt }) => stayingSince ?? thawingAt));
    return Object.entries(snapshots).flatMap(([source, id]) => {
        const started = Date.parse(find(held, source, id)?.startTime ?? "");
        return started < frozen - clockTolerance || started > ended + clockTolerance
            ? [
                  `the snapshot ${id} of ${source} was started at ${new Date(started).toISOString()}, not while it was closed`,
              ]
            : [];
    });
}

/** A token names one capture for ever; settings that it was not taken with would be a lie about it. */
export function changedSettings(
    capture: CaptureConfig,
    recorded: CaptureManifest | undefined,
    markers: HostMarker[] = [],
): string[] {
    const taken = recorded && endedWell(recorded) ? settingsOf(recorded) : settingsBy(markers);
    const changed = [
        // The other way round is how a cutover is given up.
        ...(taken.reopen && !capture.reopen ? ["reopen: true"] : []),
        ...(taken.method !== undefined && capture.database !== "auto" && taken.method !== capture.database
            ? [`database: ${taken.method}`]
            : []),
    ];
    return changed.map(
        (setting) =>
            `posit:captures: token ${capture.token} was used for a capture with ${setting}. Set that again; another capture needs a new token`,
    );
}

interface TakenWith {
    reopen: boolean;
    method?: string;
}

/** A final one that was opened since was a final one. */
function settingsOf({ final, openedSince, databases, volumeDatabases }: CaptureManifest): TakenWith {
    const dumped = volumeDatabases.find((one) => "server" in one && one.server !== undefined);
    return {
        reopen: !final && (openedSince ?? []).length === 0,
        method: databases[0]?.method ?? dumped?.method,
    };
}

/** What hosts tell of one that nobody recorded; a void one is told as such. */
function settingsBy(markers: HostMarker[]): TakenWith {
    const complete = markers.length > 0 && markers.every((marker) => markerFindings(marker).length === 0);
    return {
        reopen: complete && markers.every(openedStraight),
        method: complete && markers.every(({ notes }) => notes?.pointInTime) ? "pointInTime" : undefined,
    };
}

/** Source → id of what a complete capture was recorded with. */
export function recordedSnapshots({ volumes, databases }: CaptureManifest): Record<string, string> {
    return Object.fromEntries([
        ...volumes.map(({ volumeId, snapshotId }) => [volumeId, snapshotId]),
        ...databases.flatMap(({ server, snapshotIdentifier }) =>
            snapshotIdentifier === undefined ? [] : [[server, snapshotIdentifier]],
        ),
    ]) as Record<string, string>;
}

/** Why a capture may not close production at that time; `undefined` when it may. */
export function outsideMaintenance(
    { notBefore, notAfter }: Pick<CaptureConfig, "notBefore" | "notAfter">,
    now: Date,
): string | undefined {
    if (notBefore && now < new Date(notBefore)) {
        return `its maintenance window begins at ${notBefore}`;
    }
    if (notAfter && now > new Date(notAfter)) {
        return `its maintenance window ended at ${notAfter}; set a new one`;
    }
    return undefined;
}
