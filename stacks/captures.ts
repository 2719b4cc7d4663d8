// Decides what becomes of each capture in the configuration before anything is registered, from what the hosts' markers and the
// cloud's tags say: begin a window, adopt what is there, wait for the maintenance window, or refuse as void.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CaptureConfig, ProductionConfig } from "../config/schema";
import { CaptureManifest, OwnProduction } from "../contract/production";
import { heldServerSnapshot, heldVolumeSnapshots, lastSnapshotTimes } from "../cloud/snapshots";
import { DatabaseMethod } from "../components/capture";
import { CaptureDecision, decideCapture, expectedSnapshots, HostMarker } from "../logic/captureState";
import { captureNames } from "../logic/names";
import { productIds } from "../products";
import { CaptureRun } from "../remote/captureRun";
import { ask } from "../remote/ask";
import { NamedSide } from "./sides";

export interface PlannedCapture {
    config: CaptureConfig;
    side: NamedSide;
    decision: CaptureDecision;
    /** Ids of snapshots that exist already, by volume id or server. */
    existing: Record<string, string>;
    databaseMethod: DatabaseMethod;
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
    const servers = [...new Set(productIds.map((product) => side.hosts[product].database.server))];
    const recordedServers = recorded?.databases.map(({ server }) => server) ?? [];
    const databaseMethod: DatabaseMethod = capture.database;
    const [volumes, serverSnapshots, markers, instances] = await Promise.all([
        heldVolumeSnapshots(stack, capture.token),
        heldServers([...new Set([...servers, ...recordedServers])], capture.token, databaseMethod),
        recorded?.state === "complete" ? [] : readMarkers(capture.token, side),
        Promise.all(servers.map((server) => aws.rds.getInstance({ dbInstanceIdentifier: server }))),
    ]);
    const volumeIds = productIds.flatMap((product) => side.hosts[product].dataVolumes.map((volume) => volume.volumeId));
    const decision = decideCapture({
        capture,
        now: new Date(),
        expected: expectedSnapshots(recorded, [...volumeIds, ...(databaseMethod === "snapshot" ? servers : [])]),
        held: [...volumes.map((volume) => volume.volumeId), ...Object.keys(serverSnapshots)],
        markers,
        recorded,
    });
    const existing = {
        ...Object.fromEntries(volumes.map((volume) => [volume.volumeId, volume.snapshotId])),
        ...serverSnapshots,
    };
    return {
        config: capture,
        side,
        decision,
        existing,
        databaseMethod,
        engineVersions: Object.fromEntries(
            instances.map((instance) => [instance.dbInstanceIdentifier, instance.engineVersion]),
        ),
        run: captureRun(capture, config, side, instances, decision, stack),
        recorded,
    };
}

function captureRun(
    capture: CaptureConfig,
    config: ProductionConfig,
    side: NamedSide,
    instances: aws.rds.GetInstanceResult[],
    decision: CaptureDecision,
    stack: string,
): CaptureRun {
    const addressOf = new Map(instances.map((instance) => [instance.dbInstanceIdentifier, instance.address]));
    const servers = capture.database === "snapshot" ? [...addressOf.keys()] : [];
    const volumeIds = productIds.flatMap((product) => side.hosts[product].dataVolumes.map((volume) => volume.volumeId));
    return new CaptureRun({
        token: capture.token,
        hosts: productIds.map((product) => ({ product, target: side.hosts[product].target })),
        reopen: capture.reopen,
        maxClosedSeconds: capture.maxClosedSeconds,
        force: capture.force,
        drainSeconds: capture.drainSeconds,
        log: (line) => void pulumi.log.info(`capture ${capture.token}: ${line}`),
        refusal:
            decision.kind === "begin"
                ? undefined
                : `capture ${capture.token}: this run may not close production (${decision.kind})`,
        databases: productIds.map((product) => {
            const { server, name, user } = side.hosts[product].database;
            const password = side.databasePasswords[product];
            return {
                through: side.hosts[product].target,
                target: {
                    host: addressOf.get(server) ?? server,
                    database: name,
                    user,
                    password,
                    ca: config.databaseCaCertificate,
                },
                roles: [user],
            };
        }),
        preflight: () => preflight(capture, instances, volumeIds),
        notePointInTime: capture.database === "pointInTime",
        expected: [...volumeIds, ...servers],
        requested: (since) => requestedSince(stack, capture, servers, since),
    });
}

/** AWS refuses a snapshot of a volume sooner after the last one, whoever took that. */
const snapshotPause = 16_000;

async function preflight(
    capture: CaptureConfig,
    instances: aws.rds.GetInstanceResult[],
    volumeIds: string[],
): Promise<string[]> {
    const newest = Math.max(0, ...(await lastSnapshotTimes(volumeIds)).map((time) => Date.parse(time)));
    const pause = newest + snapshotPause - Date.now();
    if (pause > 0) {
        void pulumi.log.info(`capture ${capture.token}: ${Math.ceil(pause / 1000)} s more until AWS allows a snapshot`);
        await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return instances
        .filter((instance) => capture.database === "pointInTime" && instance.backupRetentionPeriod === 0)
        .map(
            ({ dbInstanceIdentifier }) =>
                `database server ${dbInstanceIdentifier} keeps no backups, so it can't be restored to a moment: give it a backup retention of a day or more, or set database: snapshot on the capture`,
        );
}

/** Clocks of cloud and runner may differ a little; a snapshot of this token can't be older than the window anyway. */
const clockTolerance = 2_000;

async function requestedSince(
    stack: string,
    capture: CaptureConfig,
    servers: string[],
    since: Date,
): Promise<string[]> {
    const [volumes, serverSnapshots] = await Promise.all([
        heldVolumeSnapshots(stack, capture.token),
        heldServers(servers, capture.token, capture.database),
    ]);
    const fresh = volumes.filter(
        (held) =>
            (held.state === "pending" || held.state === "completed") &&
            Date.parse(held.startTime) >= since.getTime() - clockTolerance,
    );
    return [...fresh.map((held) => held.volumeId), ...Object.keys(serverSnapshots)];
}

/** Server snapshots of that token that are safe by now: an RDS snapshot fixes its content only when it is available. */
async function heldServers(servers: string[], token: string, method: DatabaseMethod): Promise<Record<string, string>> {
    if (method !== "snapshot") {
        return {};
    }
    const found = await Promise.all(
        servers.map(async (server): Promise<[string, string] | undefined> => {
            const identifier = captureNames(token).serverSnapshotIdentifier(server);
            const held = await heldServerSnapshot(identifier);
            return held?.status === "available" ? [server, identifier] : undefined;
        }),
    );
    return Object.fromEntries(found.filter((entry) => entry !== undefined));
}

/** What the hosts themselves remember of a token. */
async function readMarkers(token: string, side: NamedSide): Promise<HostMarker[]> {
    return Promise.all(
        productIds.map((product) =>
            ask<HostMarker>(side.hosts[product].target, { script: "record", product, variables: { TOKEN: token } }),
        ),
    );
}
