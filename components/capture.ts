// One closed window: a snapshot of every data volume (and database server) of production, taken while every product is proved
// quiet, adopted when they exist already, never taken twice, never deleted. The window itself lives in remote/captureRun.ts, around
// the creation of these snapshots; this file hangs it on their hooks.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CaptureManifest } from "../contract/production";
import { HostMarker } from "../logic/captureState";
import { buildManifest, TakenSnapshot } from "../logic/manifest";
import { captureNames, captureTags } from "../logic/names";
import { ProductId } from "../products";
import { HostAddress } from "../remote/connection";
import { CaptureRun } from "../remote/captureRun";
import { answerOf, Runner } from "./runner";
import { tryAgain } from "./tryAgain";

export interface CaptureSource {
    product: ProductId;
    /** The host to close, and to read the marker from. */
    target: HostAddress;
    volumes: { volumeId: string; mount: string }[];
    database: { server: string; name: string; role: string };
}

export type DatabaseMethod = "pointInTime" | "snapshot";

export interface CaptureArgs {
    token: string;
    /** Production opens again as soon as every snapshot is requested; false keeps it closed behind a notice. */
    reopen: boolean;
    stack: string;
    region: string;
    sources: CaptureSource[];
    databaseMethod: DatabaseMethod;
    /** Snapshots that exist already under this token, by volume or server: they are adopted. */
    existing: Record<string, string>;
    /** Closes and opens production when something has to be created; throws where this run may not. */
    run: CaptureRun;
    /** Postgres version by server. */
    engineVersions: Record<string, string>;
    versions: pulumi.Input<Record<ProductId, string>>;
    inventoryDigest: pulumi.Input<string>;
    /** What comes before everything, even before the warm-up. */
    after: pulumi.Resource[];
    tags: Record<string, string>;
}

/** A copy of that much data may take long; it goes on after production is open again. */
const copyTimeout = { create: "48h" };

export class Capture extends pulumi.ComponentResource {
    readonly manifest: pulumi.Output<CaptureManifest>;

    constructor(name: string, args: CaptureArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Capture", name, {}, opts);
        const warmUps = this.warmUps(args);
        const guarded = this.guarded(name, args, warmUps);
        const volumes = args.sources.flatMap((source) =>
            source.volumes.map((volume) => this.volumeSnapshot(args, source, volume, guarded)),
        );
        const servers = args.databaseMethod === "snapshot" ? this.serverSnapshots(args, guarded) : [];
        const after = [...volumes.map((taken) => taken.resource), ...servers.map((taken) => taken.resource)];
        const markers = args.sources.map((source) =>
            answerOf<HostMarker>(
                new Runner({ target: source.target, dependsOn: after }).run(
                    captureNames(args.token).record(source.product),
                    {
                        script: "record",
                        product: source.product,
                        repeat: "idempotent",
                        variables: { TOKEN: args.token },
                    },
                    { parent: this },
                ),
            ),
        );
        const taken = pulumi.all(volumes.map(({ resource, product, mount }) => describe(resource, product, mount)));
        const serverIds = pulumi.all(
            servers.map(({ resource, server }) =>
                resource.dbSnapshotIdentifier.apply((identifier) => ({ server, identifier })),
            ),
        );
        this.manifest = pulumi
            .all([taken, serverIds, pulumi.all(markers), args.versions, args.inventoryDigest])
            .apply(([snapshots, serverSnapshots, hostMarkers, versions, inventoryDigest]) =>
                buildManifest({
                    token: args.token,
                    final: !args.reopen,
                    region: args.region,
                    snapshots,
                    serverSnapshots,
                    databaseMethod: args.databaseMethod,
                    databases: args.sources.map(({ product, database }) => ({ product, ...database })),
                    engineVersions: args.engineVersions,
                    markers: hostMarkers,
                    versions,
                    inventoryDigest,
                }),
            );
        this.registerOutputs({ manifest: this.manifest });
    }

    /**
     * One snapshot of every volume while everything serves: it proves permission and quota before production is closed, and makes the
     * one that counts a small difference. It goes with its capture.
     */
    private warmUps(args: CaptureArgs): pulumi.Resource[] {
        return args.sources.flatMap(({ product, volumes }) =>
            volumes.map(
                ({ volumeId, mount }) =>
                    new aws.ebs.Snapshot(
                        captureNames(args.token).warmUp(product, mount),
                        {
                            volumeId,
                            description: `Warm-up for capture ${args.token}: ${product} ${mount}`,
                            tags: { ...args.tags, "posit:warm-up": args.token },
                        },
                        {
                            parent: this,
                            dependsOn: args.after,
                            customTimeouts: copyTimeout,
                            hooks: { onError: [waitForRate(captureNames(args.token).warmUp(product, mount))] },
                        },
                    ),
            ),
        );
    }

    /** Options of everything that may exist only if production was closed for it. */
    private guarded(name: string, args: CaptureArgs, warmUps: pulumi.Resource[]): pulumi.CustomResourceOptions {
        const close = new pulumi.ResourceHook(`${name}-close`, () => args.run.close());
        const opened = new pulumi.ResourceHook(`${name}-opened`, () => args.run.finished());
        const abort = new pulumi.ErrorHook(`${name}-abort`, async (failure) => {
            await args.run.abort(`${failure.name}: ${failure.errors[0] ?? failure.failedOperation}`);
            return false;
        });
        return {
            parent: this,
            dependsOn: warmUps,
            retainOnDelete: true,
            customTimeouts: copyTimeout,
            hooks: { beforeCreate: [close], afterCreate: [opened], onError: [abort] },
        };
    }

    private volumeSnapshot(
        args: CaptureArgs,
        source: CaptureSource,
        volume: CaptureSource["volumes"][number],
        guarded: pulumi.CustomResourceOptions,
    ) {
        const { product } = source;
        const resource = new aws.ebs.Snapshot(
            captureNames(args.token).volume(product, volume.mount),
            {
                volumeId: volume.volumeId,
                description: `Capture ${args.token}: ${product} ${volume.mount}`,
                tags: { ...args.tags, ...captureTags(args.stack, args.token, product, volume.mount) },
            },
            { ...guarded, import: args.existing[volume.volumeId] },
        );
        return { resource, product, mount: volume.mount };
    }

    private serverSnapshots(args: CaptureArgs, guarded: pulumi.CustomResourceOptions) {
        const identifiers = [...new Set(args.sources.map((source) => source.database.server))];
        return identifiers.map((server) => {
            const resource = new aws.rds.Snapshot(
                captureNames(args.token).server(server),
                {
                    dbInstanceIdentifier: server,
                    dbSnapshotIdentifier: captureNames(args.token).serverSnapshotIdentifier(server),
                    tags: { ...args.tags, ...captureTags(args.stack, args.token) },
                },
                { ...guarded, import: args.existing[server] },
            );
            return { resource, server };
        });
    }
}

/** AWS allows a volume one snapshot in 15 s, whoever takes it, and a magnetic one only one pending; both pass. */
function waitForRate(name: string): pulumi.ErrorHook {
    return tryAgain(`${name}-rate`, {
        passing: /SnapshotCreationPerVolumeRateExceeded|ConcurrentSnapshotLimitExceeded/,
        tries: 60,
        pause: () => 5_000,
        says: `${name}: another snapshot of this volume was taken just now; AWS allows the next one in some seconds`,
    });
}

function describe(resource: aws.ebs.Snapshot, product: ProductId, mount: string): pulumi.Output<TakenSnapshot> {
    return pulumi.all([resource.id, resource.volumeSize, resource.volumeId]).apply(([snapshotId, size, volumeId]) => ({
        product,
        mount,
        snapshotId,
        size,
        volumeId,
    }));
}
