// Decides what becomes of each capture in the configuration before anything is registered, from what the hosts' markers and the
// cloud's tags say: begin a window, adopt what is there, wait for the maintenance window, or refuse as void.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CaptureConfig, ProductionConfig } from "../config/schema";
import { CaptureManifest, OwnProduction } from "../contract/production";
import { heldServerSnapshots, heldVolumeSnapshots } from "../cloud/snapshots";
import { openedSince } from "../logic/captureEnding";
import { serverOf, ServerMethod } from "../databases";
import { chooseMethods, MethodChoice, serverMethodOf } from "../logic/captureMethods";
import { CaptureDecision, decideCapture, endedWell, HeldSnapshot, HostMarker } from "../logic/captureState";
import type { ServerDescription } from "../logic/manifest";
import { byProduct, ProductId } from "../products";
import { CaptureRun } from "../remote/captureRun";
import { messageOf } from "../remote/limits";
import { runOf } from "./captureRuns";
import { HostQuestions, realQuestions } from "./questions";
import { databasesOf, NamedSide, volumeIdsOf } from "./sides";

export interface PlannedCapture {
    config: CaptureConfig;
    side: NamedSide;
    decision: CaptureDecision;
    /** What hosts remember; of a recorded capture only while it is final. */
    markers: HostMarker[];
    /** Of one whose hosts stayed: who was opened since. */
    opened: string[];
    /** Of one that was taken already: its warm-up snapshots that still exist, by volume id. */
    warmUps?: Record<string, string>;
    /** How each database is captured, and why so. */
    methods: MethodChoice[];
    serverMethod: ServerMethod;
    descriptions: Record<string, ServerDescription>;
    run: CaptureRun;
    /** The manifest of an earlier `up`. */
    recorded?: CaptureManifest;
}

/** A capture keeps the sources it was taken from, so the manifest of an earlier `up` comes before the configuration's `current`. */
export async function planCapture(
    capture: CaptureConfig,
    config: ProductionConfig,
    side: NamedSide,
    own: OwnProduction | undefined,
    questions: Pick<HostQuestions, "marker"> = realQuestions,
): Promise<PlannedCapture> {
    const recorded = own?.captures[capture.token];
    const stack = pulumi.getStack();
    const servers = serversOf(side);
    // What was recorded stands also where its server is gone by now.
    const asked = isRecorded(recorded) ? [] : servers;
    const [instances, { markers, unasked }] = await Promise.all([
        Promise.all(asked.map((server) => aws.rds.getInstance({ dbInstanceIdentifier: server }))),
        rememberedOf(capture.token, side, recorded, questions),
    ]);
    const methods = chooseMethods(
        capture,
        databasesOf(side),
        Object.fromEntries(instances.map((instance) => [instance.dbInstanceIdentifier, instance])),
    );
    const noted = Object.assign({}, ...markers.map(({ notes }) => notes?.snapshots)) as Record<string, string>;
    // What was captured one way is read that way for ever, whatever would be chosen today.
    const serverMethod =
        recorded?.databases[0]?.method ?? takenMethod(markers, noted, servers) ?? serverMethodOf(methods);
    const snapshotted = serverMethod === "snapshot" ? servers : [];
    const identifiers = recorded
        ? recorded.databases.flatMap(({ snapshotIdentifier }) => snapshotIdentifier ?? [])
        : snapshotted.flatMap((server) => noted[server] ?? []);
    const [volumes, warmUps, serverSnapshots] = await Promise.all([
        heldVolumeSnapshots(stack, capture.token),
        heldVolumeSnapshots(stack, capture.token, "warmUp"),
        heldServerSnapshots(stack, capture.token, recorded ? [] : snapshotted, identifiers),
    ]);
    const decision = decideCapture({
        capture,
        now: new Date(),
        expected: [...volumeIdsOf(side), ...snapshotted],
        held: [...volumes, ...serverSnapshots],
        markers,
        unasked,
        recorded,
    });
    return {
        config: capture,
        side,
        decision,
        markers,
        opened: openedSince(markers),
        warmUps: decision.kind === "adopt" ? newest(warmUps) : undefined,
        methods,
        serverMethod,
        descriptions: descriptionsOf(asked, instances),
        run: runOf({ capture, config, side, instances, serverMethod, decision, stack }),
        recorded,
    };
}

/** Under the names that the configuration has, whatever case RDS answers in. */
function descriptionsOf(servers: string[], instances: aws.rds.GetInstanceResult[]): Record<string, ServerDescription> {
    return Object.fromEntries(
        servers.map((server, index) => {
            const { engineVersion, storageEncrypted, kmsKeyId } = instances[index];
            // The look-up has "" for a server that is not encrypted.
            return [server, { engineVersion, storageEncrypted, ...(kmsKeyId && { kmsKeyId }) }];
        }),
    );
}

/** By volume; of two the one that was asked for last, whose answer came (the first one's may have been lost). */
function newest(held: HeldSnapshot[]): Record<string, string> {
    const sorted = [...held].sort((a, b) => a.startTime.localeCompare(b.startTime));
    return Object.fromEntries(sorted.map(({ source, id }) => [source, id]));
}

/** By what the hosts were told of one that nobody recorded. */
function takenMethod(
    markers: HostMarker[],
    noted: Record<string, string>,
    servers: string[],
): ServerMethod | undefined {
    if (markers.some(({ notes }) => notes?.pointInTime)) {
        return "pointInTime";
    }
    return servers.some((server) => noted[server] !== undefined) ? "snapshot" : undefined;
}

function serversOf(side: NamedSide): string[] {
    const databases = byProduct(databasesOf(side)).flatMap(([, own]) => own);
    return [...new Set(databases.flatMap((database) => serverOf(database) ?? []))];
}

/** Taken from a side that serves no more: its snapshots are released from state and stay in the cloud. */
export function standsElsewhere({ side, recorded }: Pick<PlannedCapture, "side" | "recorded">): boolean {
    const volumes = volumeIdsOf(side);
    return recorded !== undefined && recorded.volumes.some(({ volumeId }) => !volumes.includes(volumeId));
}

/** How its window ended is known for good. */
function isRecorded(recorded: CaptureManifest | undefined): recorded is CaptureManifest {
    return recorded?.state === "void" || recorded?.state === "complete";
}

/**
 * What the hosts themselves remember of a token. How a window ended is asked once, of every host; whether a final capture's hosts still
 * stay is asked at each run, of those that answer: one that does not keeps what was recorded.
 */
async function rememberedOf(
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
