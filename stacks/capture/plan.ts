// Decides what becomes of each capture in the configuration before anything is registered, from what the hosts' markers and the
// cloud's tags say: begin a window, adopt what is there, wait for the maintenance window, or refuse as void.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Closing } from "../../components/capture/run";
import { CaptureConfig, ProductionConfig } from "../../config/schema";
import { CaptureManifest, OwnProduction } from "../../contract/production";
import { heldServerSnapshots, heldServerWarmUps, heldVolumeSnapshots } from "../../cloud/capture/snapshots";
import { volumeSpeeds } from "../../cloud/capture/volumes";
import { serverOf, ServerMethod, settingsSeen } from "../../databases";
import { openedSince } from "../../logic/capture/ending";
import { chooseMethods, dumpFindings, mayDump, MethodChoice, serverMethodOf } from "../../logic/capture/methods";
import { rehearsedDumps } from "../../logic/capture/rehearsed";
import {
    CaptureDecision,
    decideCapture,
    HeldSnapshot,
    HostMarker,
    outsideMaintenance,
} from "../../logic/capture/state";
import type { ServerDescription } from "../../logic/capture/manifest";
import type { VolumeSpeed } from "../../logic/volumeSpeed";
import { byProduct } from "../../products";
import { closingOf } from "./closing";
import { chosenToDump, dumpedBefore, withDumped } from "./dumped";
import { dryRunsOf } from "./dryRuns";
import { isRecorded, rememberedOf } from "./markers";
import { HostQuestions, realQuestions } from "../questions";
import { sideDatabases, NamedSide, sideVolumeIds } from "../sides";

export interface PlannedCapture {
    capture: CaptureConfig;
    side: NamedSide;
    decision: CaptureDecision;
    /** What hosts remember; of a recorded capture only while it is final. */
    markers: HostMarker[];
    /** Of one whose hosts stayed: who was opened since. */
    opened: string[];
    /** Of one that was taken already: its warm-up snapshots that still exist, by volume id or server. */
    warmUps?: Record<string, string>;
    /** How each database is captured, and why so. */
    methods: MethodChoice[];
    /** Environments that have the server which its dumps are loaded into. */
    prepared: string[];
    /** How, if one of them had. */
    methodsIfPrepared: MethodChoice[];
    serverMethod: ServerMethod;
    descriptions: Record<string, ServerDescription>;
    /** By volume, as far as the cloud said it. */
    speeds: Record<string, VolumeSpeed>;
    /** How production is closed for it. */
    closing: Closing;
    /** The manifest of an earlier `up`. */
    recorded?: CaptureManifest;
}

/** What an environment that may restore from here has published. */
export interface EnvironmentSeen {
    name: string;
    /** Token of the capture that it has. */
    restored?: string;
    /** Token of the one whose server stands there. */
    prepared?: string;
}

/**
 * A capture keeps the sources it was taken from, so the manifest of an earlier `up` comes before the configuration's `current`.
 * @param environments that may restore from here
 */
export async function planCapture(
    capture: CaptureConfig,
    config: ProductionConfig,
    side: NamedSide,
    own: OwnProduction | undefined,
    questions: Pick<HostQuestions, "marker" | "dryRun" | "databaseFacts"> = realQuestions,
    environments: EnvironmentSeen[] = [],
): Promise<PlannedCapture> {
    const recorded = own?.captures[capture.token];
    const servers = serversOf(side);
    // What was recorded stands also where its server is gone by now.
    const asked = isRecorded(recorded) ? [] : servers;
    const [instances, speeds, { markers, unasked }] = await Promise.all([
        Promise.all(asked.map((server) => aws.rds.getInstance({ dbInstanceIdentifier: server }))),
        volumeSpeeds(isRecorded(recorded) ? [] : sideVolumeIds(side), (line) => void pulumi.log.warn(line)),
        rememberedOf(capture.token, side, recorded, questions),
    ]);
    const facts = Object.fromEntries(servers.map((server, index) => [server, instances[index]]));
    const dryRuns =
        unasked.length === 0 && mayBegin(capture, recorded, markers) && servers.length > 0 && mayDump(capture)
            ? await dryRunsOf({ token: capture.token, config, side, places: facts, questions })
            : {};
    const restored = environments.flatMap((one) => one.restored ?? []);
    const known = {
        dryRuns,
        rehearsed: rehearsedDumps(sideDatabases(side), Object.values(own?.captures ?? {}), restored),
    };
    const prepared = environments.filter((one) => one.prepared === capture.token).map(({ name }) => name);
    const methodsIf = (stands: boolean) =>
        chooseMethods({ ...capture, prepared: stands }, sideDatabases(side), asked.length > 0 ? facts : {}, known);
    const methods = methodsIf(prepared.length > 0);
    // What was captured one way is read that way for ever, whatever would be chosen today.
    const dumped = dumpedBefore(recorded, markers) ?? chosenToDump(side, methods);
    const taken = withDumped(side, dumped, facts);
    const captured = serversOf(taken);
    const serverMethod =
        recorded?.databases[0]?.method ?? takenMethod(markers, notedBy(markers), captured) ?? serverMethodOf(methods);
    const snapshotted = serverMethod === "snapshot" ? captured : [];
    const { held, warmUps } = await heldOf(capture.token, snapshotted, markers, recorded);
    const decision = decideCapture({
        capture,
        now: new Date(),
        expected: [...sideVolumeIds(side), ...snapshotted],
        held,
        markers,
        unasked,
        recorded,
    });
    const remaining = instances.filter((_instance, index) => captured.includes(servers[index]));
    return {
        capture,
        side: taken,
        decision,
        markers,
        opened: openedSince(markers),
        warmUps: decision.kind === "adopt" ? warmUps : undefined,
        methods,
        prepared,
        methodsIfPrepared: methodsIf(true),
        serverMethod,
        descriptions: descriptionsOf(asked, instances),
        speeds,
        closing: {
            ...closingOf({ capture, config, side: taken, instances: remaining, decision, dryRuns }),
            findings: dumpFindings(capture, methods, dryRuns),
        },
        recorded,
    };
}

/** Nobody has closed anything for it yet, as far as is known, and it may. */
function mayBegin(capture: CaptureConfig, recorded: CaptureManifest | undefined, markers: HostMarker[]): boolean {
    return (
        !isRecorded(recorded) &&
        markers.every(({ closedAt }) => closedAt === undefined) &&
        outsideMaintenance(capture, new Date()) === undefined
    );
}

/** What the cloud has under its token; warm-ups by volume or server. */
async function heldOf(
    token: string,
    servers: string[],
    markers: HostMarker[],
    recorded: CaptureManifest | undefined,
): Promise<{ held: HeldSnapshot[]; warmUps: Record<string, string> }> {
    const stack = pulumi.getStack();
    const noted = notedBy(markers);
    const identifiers = recorded
        ? recorded.databases.flatMap(({ snapshotIdentifier }) => snapshotIdentifier ?? [])
        : servers.flatMap((server) => noted[server] ?? []);
    const snapshotted = recorded
        ? recorded.databases.flatMap(({ server, snapshotIdentifier }) => (snapshotIdentifier ? [server] : []))
        : servers;
    const [volumes, warmUps, serverSnapshots, serverWarmUps] = await Promise.all([
        heldVolumeSnapshots(stack, token),
        heldVolumeSnapshots(stack, token, "warmUp"),
        heldServerSnapshots(stack, token, recorded ? [] : servers, identifiers),
        heldServerWarmUps(stack, token, snapshotted),
    ]);
    return { held: [...volumes, ...serverSnapshots], warmUps: newest([...warmUps, ...serverWarmUps]) };
}

function notedBy(markers: HostMarker[]): Record<string, string> {
    return Object.fromEntries(markers.flatMap(({ notes }) => Object.entries(notes?.snapshots ?? {})));
}

/** Under the names that the configuration has, whatever case RDS answers in. */
function descriptionsOf(servers: string[], instances: aws.rds.GetInstanceResult[]): Record<string, ServerDescription> {
    return Object.fromEntries(
        servers.map((server, index) => {
            const { engineVersion, storageEncrypted, kmsKeyId } = instances[index];
            // The look-up has "" for a server that is not encrypted.
            const settings = settingsSeen(instances[index]);
            return [server, { engineVersion, storageEncrypted, ...(kmsKeyId && { kmsKeyId }), settings }];
        }),
    );
}

/** By source; of two the one that was asked for last, whose answer came (the first one's may have been lost). */
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
    const databases = byProduct(sideDatabases(side)).flatMap(([, own]) => own);
    return [...new Set(databases.flatMap((database) => serverOf(database) ?? []))];
}
