// Makes the run that closes production for one capture: which hosts, which databases are asked, what must be right before, what must
// be visible in the cloud before production opens again.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { lastSnapshotTimes } from "../../cloud/capture/snapshots";
import { isHopeless, watchRequests } from "../../cloud/capture/snapshotWatch";
import { CaptureConfig, ProductionConfig } from "../../config/schema";
import { ServerMethod, volumeMethods } from "../../logic/capture/methods";
import { CaptureDecision, outsideWindow } from "../../logic/capture/state";
import { byProduct, inOrder, ProductId, products } from "../../products";
import { CaptureRun, CaptureRunArgs } from "../../remote/capture/run";
import { HostDatabase } from "../../remote/window/window";
import { NamedSide, volumeIdsOf } from "../sides";

interface RunParts {
    capture: CaptureConfig;
    config: ProductionConfig;
    side: NamedSide;
    /** The servers of RDS. */
    instances: aws.rds.GetInstanceResult[];
    serverMethod: ServerMethod;
    decision: CaptureDecision;
    stack: string;
}

export function runOf(parts: RunParts): CaptureRun {
    const { capture, side, instances, serverMethod, decision } = parts;
    const servers =
        serverMethod === "snapshot" ? instances.map(({ dbInstanceIdentifier }) => dbInstanceIdentifier) : [];
    const volumeIds = volumeIdsOf(side);
    const log = (line: string) => void pulumi.log.info(`capture ${capture.token}: ${line}`);
    const run = new CaptureRun({
        ...capture,
        hosts: byProduct(side.hosts).map(([product, { target, layout }]) => ({
            product,
            target,
            layout,
            database: hostDatabase(parts, product),
        })),
        log,
        mayClose: () => windowFindings(capture, new Date()),
        refusal:
            decision.kind === "begin"
                ? undefined
                : `capture ${capture.token}: this run may not close production (${decision.kind})`,
        databases: inOrder.flatMap((product) => askedDatabase(parts, product)),
        preflight: () => preflight(capture, serverMethod, instances, volumeIds),
        notePointInTime: serverMethod === "pointInTime" && instances.length > 0,
        expected: [...volumeIds, ...servers],
        requested: watchRequests({ stack: parts.stack, token: capture.token, servers, log }),
        hopeless: isHopeless,
    });
    run.alsoCheck(async () => windowFindings(capture, new Date()));
    return run;
}

/** Asked again before hosts are armed, and right before the freeze: warm-ups and the drain may have taken hours. */
function windowFindings(capture: CaptureConfig, now: Date): string[] {
    const reason = outsideWindow(capture, now);
    return reason === undefined
        ? []
        : [
              `${reason}. ${capture.warmUp ? "The warm-up is done: " : ""}\`pulumi up\` again inside it closes production for seconds`,
          ];
}

/** Those that answer over the network; one on the host itself is stopped with its product. */
function askedDatabase({ config, side, instances }: RunParts, product: ProductId): CaptureRunArgs["databases"] {
    const { database, target } = side.hosts[product];
    if (database.kind === "sqlite" || database.kind === "local") {
        return [];
    }
    const instance = instances.find(
        ({ dbInstanceIdentifier }) => database.kind === "rds" && dbInstanceIdentifier === database.server,
    );
    return [
        {
            through: target,
            target: {
                host: database.kind === "rds" ? (instance?.address ?? database.server) : database.host,
                port: database.kind === "rds" ? instance?.port : database.port,
                database: database.name,
                user: database.user,
                password: side.databasePasswords[product],
                ca: config.databaseCaCertificate,
            },
            roles: [database.user],
            restorable: database.kind === "rds",
        },
    ];
}

/** What a host does about its product's database while it is closed. */
function hostDatabase({ capture, config, side }: RunParts, product: ProductId): HostDatabase | undefined {
    const { database, dataVolumes } = side.hosts[product];
    switch (database.kind) {
        case "external":
            return {
                method: volumeMethods[database.kind],
                path: `${dumpMount(product, dataVolumes)}/.posit-capture/${capture.token}.dump`,
                host: database.host,
                port: database.port,
                name: database.name,
                user: database.user,
                password: side.databasePasswords[product],
                ca: config.databaseCaCertificate,
            };
        case "local":
            return { method: volumeMethods[database.kind], path: database.dataDirectory };
        default:
            return undefined;
    }
}

/** The product's own data directory; homes are other people's. */
function dumpMount(product: ProductId, volumes: { mount: string }[]): string {
    const own = products[product].dataMounts;
    return own[own.length - 1] ?? volumes[0].mount;
}

/** AWS refuses a snapshot of a volume sooner after the last one, whoever took that. */
const snapshotPause = 16_000;

async function preflight(
    { token, database }: CaptureConfig,
    serverMethod: ServerMethod,
    instances: aws.rds.GetInstanceResult[],
    volumeIds: string[],
): Promise<string[]> {
    const newest = Math.max(0, ...(await lastSnapshotTimes(volumeIds)).map((time) => Date.parse(time)));
    const pause = newest + snapshotPause - Date.now();
    if (pause > 0) {
        void pulumi.log.info(`capture ${token}: ${Math.ceil(pause / 1000)} s more until AWS allows a snapshot`);
        await new Promise((resolve) => setTimeout(resolve, pause));
    }
    const clusters = instances
        .filter(({ engine }) => engine !== "postgres")
        .map(
            ({ dbInstanceIdentifier, engine }) =>
                `database server ${dbInstanceIdentifier} is ${engine}, which this version does not capture: move the databases to RDS for PostgreSQL first`,
        );
    const withoutBackups = instances
        .filter(({ backupRetentionPeriod }) => serverMethod === "pointInTime" && backupRetentionPeriod === 0)
        .map(
            ({ dbInstanceIdentifier }) =>
                `database server ${dbInstanceIdentifier} keeps no backups, so it can't be restored to a moment: give it a backup retention of a day or more, or set database: ${database === "auto" ? "snapshot" : "auto"} on the capture`,
        );
    return [...clusters, ...withoutBackups];
}
