// What hosts themselves remember of a capture's token, of those that can be asked.
import * as pulumi from "@pulumi/pulumi";
import type { CaptureManifest } from "../../contract/production";
import { endedWell, HostMarker } from "../../logic/capture/state";
import { byProduct, ProductId } from "../../products";
import { messageOf } from "../../remote/limits";
import { HostQuestions } from "../questions";
import { NamedSide, sideVolumeIds } from "../sides";

/** Taken from a side that serves no more: its snapshots are released from state and stay in the cloud. */
export function standsElsewhere({ side, recorded }: { side: NamedSide; recorded?: CaptureManifest }): boolean {
    const volumes = sideVolumeIds(side);
    return recorded !== undefined && recorded.volumes.some(({ volumeId }) => !volumes.includes(volumeId));
}

/** How its window ended is known for good. */
export function isRecorded(recorded: CaptureManifest | undefined): recorded is CaptureManifest {
    return recorded?.state === "void" || recorded?.state === "complete";
}

/**
 * What the hosts themselves remember of a token. How a window ended is asked once, of every host; whether a final capture's hosts still
 * stay is asked at each run, of those that answer: one that does not keeps what was recorded.
 */
export async function rememberedOf(
    token: string,
    side: NamedSide,
    recorded: CaptureManifest | undefined,
    questions: Pick<HostQuestions, "marker">,
): Promise<{ markers: HostMarker[]; unasked: string[] }> {
    if (!isRecorded(recorded)) {
        const { markers, silent } = await markersOf(token, side, questions);
        const unasked = silent.map(({ product, why }) => `${product} can't be asked what it remembers of it: ${why}`);
        return { markers, unasked };
    }
    if (!endedWell(recorded) || !recorded.final || standsElsewhere({ side, recorded })) {
        return { markers: [], unasked: [] };
    }
    return { markers: await stillRemembered(token, side, questions), unasked: [] };
}

/** Of the hosts that can be asked; the others are named. */
export async function stillRemembered(
    token: string,
    side: NamedSide,
    questions: Pick<HostQuestions, "marker">,
): Promise<HostMarker[]> {
    const { markers, silent } = await markersOf(token, side, questions);
    for (const { product, why } of silent) {
        void pulumi.log.warn(
            `capture ${token}: ${product} can't be asked whether it still stays closed, so what was recorded of it is kept: ${why}`,
        );
    }
    return markers;
}

async function markersOf(
    token: string,
    side: NamedSide,
    questions: Pick<HostQuestions, "marker">,
): Promise<{ markers: HostMarker[]; silent: { product: ProductId; why: string }[] }> {
    const answers = await Promise.all(
        byProduct(side.hosts).map(([product, host]) =>
            questions.marker(host, product, token).then(
                (marker) => ({ marker }),
                (error: unknown) => ({ product, why: messageOf(error) }),
            ),
        ),
    );
    return {
        markers: answers.flatMap((answer) => ("marker" in answer ? [answer.marker] : [])),
        silent: answers.flatMap((answer) => ("marker" in answer ? [] : [answer])),
    };
}
