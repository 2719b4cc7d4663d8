// Decides what becomes of each capture in the configuration before anything is registered, from what the hosts' markers and the
// cloud's tags say: begin a window, adopt what is there, wait for the maintenance window, or refuse as void.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CaptureConfig, ProductionConfig } from "../config/schema";
import { CaptureManifest, OwnProduction } from "../contract/production";
import { HeldSnapshot, heldServerSnapshots, heldVolumeSnapshots } from "../cloud/snapshots";
import { chooseMethods, MethodChoice, ServerMethod, serverMethodOf } from "../logic/captureMethods";
import { CaptureDecision, decideCapture, expectedSnapshots, HostMarker } from "../logic/captureState";
import { ProductId, productIds } from "../products";
import { CaptureRun } from "../remote/captureRun";
import { ask } from "../remote/ask";
import { runOf } from "./captureRuns";
import { databasesOf, NamedSide, volumeIdsOf } from "./sides";

export interface PlannedCapture {
    config: CaptureConfig;
    side: NamedSide;
    decision: CaptureDecision;
    /** Ids of snapshots that exist already, by volume id or server. */
    existing: Record<string, string>;
    /** Of one that was taken already: its warm-up snapshots that still exist, by volume id. */
    warmUps?: Record<string, string>;
    /** How each database is captured, and why so. */
    methods: MethodChoice[];
    serverMethod: ServerMethod;
    engineVersions: Record<string, string>;
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
): Promise<PlannedCapture> {
    const recorded = own?.captures[capture.token];
    const stack = pulumi.getStack();
    const servers = [
        ...new Set(productIds.flatMap((product) => serverOf(side, product)).filter((server) => server !== undefined)),
    ];
    const recordedServers = recorded?.databases.map(({ server }) => server) ?? [];
    const instances = await Promise.all(servers.map((server) => aws.rds.getInstance({ dbInstanceIdentifier: server })));
    const methods = chooseMethods(
        capture,
        databasesOf(side),
        Object.fromEntries(instances.map((instance) => [instance.dbInstanceIdentifier, instance])),
    );
    // What was captured one way is read that way for ever, whatever would be chosen today.
    const serverMethod = recorded?.databases[0]?.method ?? serverMethodOf(methods);
    const snapshotted = serverMethod === "snapshot" ? servers : [];
    const [volumes, warmUps, serverSnapshots, markers] = await Promise.all([
        heldVolumeSnapshots(stack, capture.token),
        heldVolumeSnapshots(stack, capture.token, "warmUp"),
        serverMethod === "snapshot"
            ? heldServerSnapshots([...new Set([...servers, ...recordedServers])], capture.token)
            : {},
        recorded?.state === "complete" ? [] : readMarkers(capture.token, side),
    ]);
    const decision = decideCapture({
        capture,
        now: new Date(),
        expected: expectedSnapshots(recorded, [...volumeIdsOf(side), ...snapshotted]),
        held: [...volumes.map((volume) => volume.volumeId), ...Object.keys(serverSnapshots)],
        markers,
        recorded,
    });
    return {
        config: capture,
        side,
        decision,
        existing: { ...byVolume(volumes), ...serverSnapshots },
        warmUps: decision.kind === "begin" ? undefined : byVolume(warmUps),
        methods,
        serverMethod,
        engineVersions: Object.fromEntries(
            instances.map((instance) => [instance.dbInstanceIdentifier, instance.engineVersion]),
        ),
        run: runOf({ capture, config, side, instances, serverMethod, decision, stack }),
        recorded,
    };
}

function byVolume(held: HeldSnapshot[]): Record<string, string> {
    return Object.fromEntries(held.map(({ volumeId, snapshotId }) => [volumeId, snapshotId]));
}

function serverOf(side: NamedSide, product: ProductId): string | undefined {
    const { database } = side.hosts[product];
    return database.kind === "rds" ? database.server : undefined;
}

/** What the hosts themselves remember of a token. */
async function readMarkers(token: string, side: NamedSide): Promise<HostMarker[]> {
    return Promise.all(
        productIds.map((product) =>
            ask<HostMarker>(side.hosts[product].target, { script: "record", product, variables: { TOKEN: token } }),
        ),
    );
}
