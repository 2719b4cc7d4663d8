// Makes the run that closes production for one capture: which hosts, which databases are asked, what must be right before, what must
// be visible in the cloud before production opens again.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { lastSnapshotTimes } from "../cloud/snapshots";
import { isHopeless, watchRequests } from "../cloud/snapshotWatch";
import { CaptureConfig, ProductionConfig } from "../config/schema";
import { HostDatabase, onHost, serverFindings, ServerMethod, serverOf, sessionsOf } from "../databases";
import { CaptureDecision, outsideWindow } from "../logic/captureState";
import { byProduct, DatabaseRole, inOrder, ProductId, products } from "../products";
import { CaptureRun, CaptureRunArgs } from "../remote/captureRun";
import { NamedSide, volumeIdsOf } from "./sides";

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
            databases: hostDatabases(parts, product),
        })),
        log,
        mayClose: () => windowFindings(capture, new Date()),
        refusal:
            decision.kind === "begin"
                ? undefined
                : `capture ${capture.token}: this run may not close production (${decision.kind})`,
        databases: inOrder.flatMap((product) => askedDatabases(parts, product)),
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
function askedDatabases({ config, side, instances }: RunParts, product: ProductId): CaptureRunArgs["databases"] {
    const { databases, target } = side.hosts[product];
    return databases.flatMap((database) => {
        const server = serverOf(database);
        const asked = sessionsOf(
            database,
            instances.find(({ dbInstanceIdentifier }) => dbInstanceIdentifier === server),
        );
        return asked === undefined
            ? []
            : [
                  {
                      through: target,
                      target: {
                          ...{ host: asked.host, port: asked.port, database: asked.name, user: asked.user },
                          ...credentials({ config, side }, product, database),
                      },
                      roles: [asked.user],
                      restorable: asked.restorable,
                  },
              ];
    });
}

/** What a host does about its product's databases while it is closed. */
function hostDatabases({ capture, config, side }: RunParts, product: ProductId): HostDatabase[] {
    const { databases, dataVolumes } = side.hosts[product];
    const folder = dumpMount(product, dataVolumes);
    return databases.flatMap(
        (database) =>
            onHost(database, {
                ...{ token: capture.token, folder },
                ...credentials({ config, side }, product, database),
            }) ?? [],
    );
}

function credentials(
    { config, side }: Pick<RunParts, "config" | "side">,
    product: ProductId,
    { role }: { role: DatabaseRole },
) {
    return { password: side.databasePasswords[product]?.[role], ca: config.databaseCaCertificate };
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
    return instances.flatMap(({ dbInstanceIdentifier: server, engine, backupRetentionPeriod }) =>
        serverFindings({ server, engine, backupRetentionPeriod }, serverMethod, database),
    );
}
