// Which manifests an `up` publishes: of what it has taken, and of what earlier ones have.
import * as pulumi from "@pulumi/pulumi";
import { CaptureManifest } from "../../contract/production";
import { endedWell } from "../../logic/capture/state";
import type { PlannedCapture } from "./plan";

/** A manifest is what it was when the capture was taken; the inventory has moved on since. */
export function manifests(
    planned: PlannedCapture[],
    taken: Record<string, pulumi.Output<CaptureManifest>>,
): Record<string, pulumi.Input<CaptureManifest>> {
    const entries = planned.flatMap((plan): [string, pulumi.Input<CaptureManifest>][] => {
        const { token } = plan.capture;
        const manifest = recordedManifest(plan) ?? (taken[token] && asOfNow(taken[token], plan));
        return manifest === undefined ? [] : [[token, manifest]];
    });
    return Object.fromEntries(entries);
}

export function recordedManifest(plan: PlannedCapture): CaptureManifest | undefined {
    const { recorded, decision } = plan;
    if (recorded === undefined || !endedWell(recorded)) {
        return recorded?.state === "void" ? recorded : undefined;
    }
    const lost = decision.kind === "void";
    return {
        ...sinceThen(recorded, plan),
        state: lost ? "void" : "complete",
        reasons: lost ? decision.reasons : [],
        lost: lost || undefined,
    };
}

/** What the engine read of hosts may be of a run that failed later, and published nothing of it. */
function asOfNow(read: pulumi.Output<CaptureManifest>, plan: PlannedCapture): pulumi.Output<CaptureManifest> {
    return read.apply((manifest) => (manifest.state === "complete" ? sinceThen(manifest, plan) : manifest));
}

function sinceThen(recorded: CaptureManifest, { capture, opened }: PlannedCapture): CaptureManifest {
    // What was opened once, or given up, is no final capture any longer, whatever the configuration says next.
    const givenUp = capture.reopen && opened.length === 0 ? [`nobody yet, by "reopen: true"`] : [];
    const since = recorded.final ? [...opened, ...givenUp] : [];
    const names = (recorded.openedSince ?? []).map(nameOf);
    const openedSince = [...(recorded.openedSince ?? []), ...since.filter((one) => !names.includes(nameOf(one)))];
    const final = recorded.final && openedSince.length === 0;
    return {
        ...recorded,
        final,
        openedSince: openedSince.length > 0 ? openedSince : undefined,
        stayUntil: final ? recorded.stayUntil : undefined,
    };
}

/** "connect" of "connect at …": a host is named once, as it was found first. */
function nameOf(opened: string): string {
    return opened.split(" ")[0];
}
