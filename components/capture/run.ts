// Makes the run that closes production for one capture, from plain data, where its hooks are hung (hooks.ts): what must be right before, and
// what must be visible in the cloud before production opens again.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { lastSnapshotTimes } from "../../cloud/capture/snapshots";
import { tooManyPending } from "../../cloud/capture/volumes";
import { isHopeless, watchRequests } from "../../cloud/capture/snapshotWatch";
import { CaptureConfig } from "../../config/schema";
import { Inventory } from "../../contract/production";
import { serverFindings, ServerMethod } from "../../databases";
import { outsideMaintenance } from "../../logic/capture/state";
import { notCarried } from "../../logic/notCarried";
import type { VolumeSpeed } from "../../logic/volumeSpeed";
import { PerProduct } from "../../products";
import { ProbedDatabase } from "../../remote/capture/databases";
import { CaptureRun } from "../../remote/capture/run";
import { WindowHost } from "../../remote/window/types";
import { CaptureSource, volumeIdsOf } from "./sources";

/** How production is closed for a capture. */
export interface Closing {
    /** Why this run may not close it. */
    refusal?: string;
    hosts: WindowHost[];
    /** Those that answer over the network. */
    databases: ProbedDatabase[];
    /** What is wrong with how databases are to be captured. */
    findings: string[];
    /** Of RDS, those that are captured as servers. */
    servers: Pick<aws.rds.GetInstanceResult, "dbInstanceIdentifier" | "engine" | "backupRetentionPeriod">[];
}

export interface ClosedRunArgs {
    /** As it is configured, handed on whole. */
    capture: CaptureConfig;
    stack: string;
    sources: CaptureSource[];
    /** Of databases on RDS. */
    serverMethod: ServerMethod;
    closing: Closing;
    /** How fast volumes are, as far as the cloud said it. */
    speeds: Record<string, VolumeSpeed>;
    /** By server: how long a snapshot took while everything served, s; of those that this run took. */
    serverWarmUps: Record<string, number>;
    /** Production as it was just read. */
    inventory: pulumi.Output<PerProduct<Inventory>>;
}

export function runOf(args: ClosedRunArgs): CaptureRun {
    const { capture, stack, sources, serverMethod, inventory, closing } = args;
    const { servers, refusal, hosts, databases } = closing;
    const log = (line: string) => void pulumi.log.info(`capture ${capture.token}: ${line}`);
    const snapshotted =
        serverMethod === "snapshot" ? servers.map(({ dbInstanceIdentifier }) => dbInstanceIdentifier) : [];
    return new CaptureRun({
        options: capture,
        refusal,
        hosts,
        databases,
        log,
        preflight: () => preflight(args),
        checks: [
            async () => maintenanceFindings(capture, new Date()),
            async () => notCarried(await resolved(inventory), "refused"),
        ],
        mayClose: () => maintenanceFindings(capture, new Date()),
        notePointInTime: serverMethod === "pointInTime" && servers.length > 0,
        expected: [...volumeIdsOf(sources), ...snapshotted],
        requested: watchRequests({ stack, token: capture.token, servers: snapshotted, log }),
        hopeless: isHopeless,
    });
}

/** Asked again before hosts are armed, and right before the freeze: warm-ups and the drain may have taken hours. */
function maintenanceFindings(capture: CaptureConfig, now: Date): string[] {
    const reason = outsideMaintenance(capture, now);
    return reason === undefined
        ? []
        : [
              `${reason}. ${capture.warmUp ? "The warm-up is done: " : ""}\`pulumi up\` again inside it closes production for seconds`,
          ];
}

/** AWS refuses a snapshot of a volume sooner after the last one, whoever took that. */
const snapshotPause = 16_000;

async function preflight(args: ClosedRunArgs): Promise<string[]> {
    const { capture, serverMethod, sources, speeds, closing } = args;
    const { servers, findings } = closing;
    const { token, database } = capture;
    const pending = await tooManyPending(volumeIdsOf(sources), speeds);
    if (pending.length > 0) {
        return pending;
    }
    const newest = Math.max(0, ...(await lastSnapshotTimes(volumeIdsOf(sources))).map((time) => Date.parse(time)));
    const pause = newest + snapshotPause - Date.now();
    if (pause > 0) {
        void pulumi.log.info(`capture ${token}: ${Math.ceil(pause / 1000)} s more until AWS allows a snapshot`);
        await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return [
        ...findings,
        ...tooSlowFindings(capture, args.serverWarmUps),
        ...servers.flatMap(({ dbInstanceIdentifier: server, engine, backupRetentionPeriod }) =>
            serverFindings({ server, engine, backupRetentionPeriod }, serverMethod, database),
        ),
    ];
}

/** Production is closed until RDS has finished the snapshot that counts. */
function tooSlowFindings({ maxClosedSeconds }: CaptureConfig, warmUps: Record<string, number>): string[] {
    return Object.entries(warmUps).flatMap(([server, seconds]) => {
        const wanted = Math.ceil(2 * seconds);
        return wanted > maxClosedSeconds
            ? [
                  `a snapshot of database server ${server} took ${Math.ceil(seconds)} s while everything served, and production may be closed for ${maxClosedSeconds} s: set maxClosedSeconds: ${wanted} at least on the capture, or another way with database: …`,
              ]
            : [];
    });
}

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
    return new Promise((resolve) => output.apply((value) => resolve(value as T)));
}
