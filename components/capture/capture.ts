// One closed window: a snapshot of every data volume (and database server) of production, taken while every product is proved
// quiet, adopted when they exist already, never taken twice, never deleted. The window itself lives in remote/, around the creation of
// these snapshots; hooks.ts hangs it there.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { freeServerSnapshotIdentifier } from "../../cloud/capture/snapshots";
import { CaptureManifest, SharedHomes } from "../../contract/production";
import { serverDatabases } from "../../databases";
import { buildManifest, ServerDescription } from "../../logic/capture/manifest";
import { captureNames, captureTagNames, captureTags } from "../../logic/names";
import { receiptDigest } from "../../logic/receipt";
import { mapProducts, ProductId } from "../../products";
import { answerOf, everyInput, Runner } from "../runner";
import { closingHooks, measuringHooks, waitForRate } from "./hooks";
import { ClosedRunArgs } from "./run";
import { CaptureSource, databasesOf, describe, distinctVolumes } from "./sources";

export interface CaptureArgs extends Omit<ClosedRunArgs, "serverWarmUps"> {
    region: string;
    /** Snapshots that exist already under this token, by volume or server: they are adopted. */
    existing: Record<string, string>;
    /** Of a capture that was taken already: its warm-up snapshots that still exist, by volume or server. No further one is taken. */
    warmUps?: Record<string, string>;
    /** Its manifest, where that was published already: what hosts answered then stands, and nobody dials them. */
    recorded?: CaptureManifest;
    /** It waits for its maintenance window: nothing is closed or captured yet. */
    waits?: boolean;
    /** By server. */
    descriptions: Record<string, ServerDescription>;
    /** Named in the manifest, and left where they are. */
    sharedHomes?: SharedHomes;
    /** What comes before everything, even before the warm-up. */
    after: pulumi.Resource[];
    tags: Record<string, string>;
}

/** A copy of that much data may take long; it goes on after production is open again. */
const copyTimeout = { create: "48h" };

interface TakenVolume {
    resource: aws.ebs.Snapshot;
    volumeId: string;
    product: ProductId;
    mount: string;
}

export class Capture extends pulumi.ComponentResource {
    /** Of a capture that does not wait. */
    readonly manifest?: pulumi.Output<CaptureManifest>;

    constructor(name: string, args: CaptureArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Capture", name, {}, opts);
        const warmUps = this.warmUps(args);
        if (args.waits) {
            this.registerOutputs({});
            return;
        }
        const measured: Record<string, number> = {};
        const serverWarmUps = args.serverMethod === "snapshot" ? this.serverWarmUps(args, warmUps, measured) : [];
        const guarded = this.guarded(name, { ...args, serverWarmUps: measured }, [...warmUps, ...serverWarmUps]);
        const volumes = args.sources.flatMap((source) =>
            distinctVolumes(source)
                .filter(({ volumeId }) => isPart(args, volumeId))
                .map((volume) => this.volumeSnapshot(args, source, volume, guarded)),
        );
        const servers = args.serverMethod === "snapshot" ? this.serverSnapshots(args, guarded) : [];
        this.manifest = this.readManifest(args, volumes, servers);
        this.sayState(args, volumes, this.manifest);
        this.registerOutputs({ manifest: this.manifest });
    }

    /** What every host and the cloud say of it, once everything is taken. */
    private readManifest(
        args: CaptureArgs,
        volumes: TakenVolume[],
        servers: { resource: aws.rds.Snapshot; server: string }[],
    ): pulumi.Output<CaptureManifest> {
        const markers = this.markers(
            args,
            [...volumes, ...servers].map(({ resource }) => resource),
        );
        const taken = pulumi.all(
            args.sources.flatMap(({ product, volumes: places }) =>
                places.flatMap((place) => {
                    const of = volumes.find(({ volumeId }) => volumeId === place.volumeId);
                    return of ? [describe(of.resource, product, place)] : [];
                }),
            ),
        );
        return pulumi.all([taken, pulumi.all(markers), args.inventory]).apply(
            ([snapshots, hostMarkers, inventory]) =>
                args.recorded ??
                buildManifest({
                    token: args.capture.token,
                    region: args.region,
                    snapshots,
                    servers: servers.map(({ server }) => server),
                    serverMethod: args.serverMethod,
                    databases: databasesOf(args.sources),
                    descriptions: args.descriptions,
                    speeds: args.speeds,
                    markers: hostMarkers,
                    versions: mapProducts(inventory, ({ version }) => version),
                    inventoryDigest: receiptDigest(inventory),
                    sharedHomes: args.sharedHomes,
                }),
        );
    }

    private markers({ capture: { token }, sources, recorded }: CaptureArgs, after: pulumi.Resource[]) {
        return sources.map(({ product, target }) =>
            answerOf(
                new Runner({ target, dependsOn: after }).ask(
                    captureNames(token).record(product),
                    { script: "record", product, repeat: "idempotent", variables: { TOKEN: token } },
                    { parent: this, ignoreChanges: recorded ? everyInput : [] },
                ),
            ),
        );
    }

    /** On the snapshots themselves, for whoever finds them without this stack. What was never proved stays "unproven". */
    private sayState(
        { capture: { token } }: CaptureArgs,
        volumes: TakenVolume[],
        manifest: pulumi.Output<CaptureManifest>,
    ): void {
        for (const { resource, product, mount } of volumes) {
            new aws.ec2.Tag(
                captureNames(token).state(product, mount),
                {
                    resourceId: resource.id,
                    key: captureTagNames.state,
                    // AWS may have taken a second one (remote/capture/run.ts), which is no part of it.
                    value: pulumi
                        .all([manifest, resource.id])
                        .apply(([{ state, volumes: parts }, id]) =>
                            parts.some(({ snapshotId }) => snapshotId === id) ? state : "void",
                        ),
                },
                { parent: this, retainOnDelete: true },
            );
        }
    }

    /**
     * One snapshot of every volume while everything serves: it proves permission and quota before production is closed, and makes the
     * one that counts a small difference. It goes with its capture.
     */
    private warmUps(args: CaptureArgs): pulumi.Resource[] {
        const wanted = ({ volumeId }: { volumeId: string }) =>
            args.warmUps === undefined ? args.capture.warmUp : volumeId in args.warmUps;
        return args.sources.flatMap((source) =>
            distinctVolumes(source)
                .filter(wanted)
                .map(
                    ({ volumeId, mount, product }) =>
                        new aws.ebs.Snapshot(
                            captureNames(args.capture.token).warmUp(product, mount),
                            {
                                volumeId,
                                description: `Warm-up for capture ${args.capture.token}: ${product} ${mount}`,
                                tags: {
                                    ...args.tags,
                                    [captureTagNames.warmUp]: args.capture.token,
                                    [captureTagNames.stack]: args.stack,
                                },
                            },
                            {
                                parent: this,
                                import: args.warmUps?.[volumeId],
                                dependsOn: args.after,
                                customTimeouts: copyTimeout,
                                hooks: {
                                    onError: [waitForRate(captureNames(args.capture.token).warmUp(product, mount))],
                                },
                            },
                        ),
                ),
        );
    }

    /**
     * One snapshot of every server, in the run that closes production only, as short before it as can be: on a server in one zone RDS stops writes
     * for some seconds meanwhile, also for who works there. What it takes says how long production must be closed for the one that counts.
     */
    private serverWarmUps(
        args: CaptureArgs,
        after: pulumi.Resource[],
        measured: Record<string, number>,
    ): pulumi.Resource[] {
        const { capture, stack, tags, warmUps } = args;
        const names = captureNames(capture.token);
        const wanted = (server: string) => (warmUps === undefined ? capture.warmUp : server in warmUps);
        return this.serversOf(args)
            .filter(wanted)
            .map(
                (server) =>
                    new aws.rds.Snapshot(
                        names.serverWarmUp(server),
                        {
                            dbInstanceIdentifier: server,
                            dbSnapshotIdentifier:
                                warmUps?.[server] ?? freeServerSnapshotIdentifier(names.serverWarmUpIdentifier(server)),
                            tags: { ...tags, [captureTagNames.warmUp]: capture.token, [captureTagNames.stack]: stack },
                        },
                        {
                            parent: this,
                            import: warmUps?.[server],
                            dependsOn: [...args.after, ...after],
                            customTimeouts: copyTimeout,
                            // A name that was free when it was made.
                            ignoreChanges: ["dbSnapshotIdentifier"],
                            hooks: measuringHooks(
                                names.serverWarmUp(server),
                                (seconds) => (measured[server] = seconds),
                            ),
                        },
                    ),
            );
    }

    private serversOf(args: CaptureArgs): string[] {
        const servers = serverDatabases(databasesOf(args.sources)).map(({ server }) => server);
        return [...new Set(servers)].filter((server) => isPart(args, server));
    }

    /** Options of everything that may exist only if production was closed for it. */
    private guarded(
        name: string,
        args: CaptureArgs & Pick<ClosedRunArgs, "serverWarmUps">,
        warmUps: pulumi.Resource[],
    ): pulumi.CustomResourceOptions {
        return {
            parent: this,
            dependsOn: [...args.after, ...warmUps],
            retainOnDelete: true,
            customTimeouts: copyTimeout,
            hooks: closingHooks(name, args),
        };
    }

    private volumeSnapshot(
        args: CaptureArgs,
        source: CaptureSource,
        { volumeId, mount }: CaptureSource["volumes"][number],
        guarded: pulumi.CustomResourceOptions,
    ): TakenVolume {
        const { product } = source;
        const resource = new aws.ebs.Snapshot(
            captureNames(args.capture.token).volume(product, mount),
            {
                volumeId,
                description: `Capture ${args.capture.token}: ${product} ${mount}`,
                tags: { ...args.tags, ...captureTags(args.stack, args.capture.token, product, mount) },
            },
            // Its state's tag changes once, by a resource of its own.
            { ...guarded, import: args.existing[volumeId], ignoreChanges: ["tags", "tagsAll"] },
        );
        return { resource, volumeId, product, mount };
    }

    private serverSnapshots(args: CaptureArgs, guarded: pulumi.CustomResourceOptions) {
        return this.serversOf(args).map((server) => {
            const resource = new aws.rds.Snapshot(
                captureNames(args.capture.token).server(server),
                {
                    dbInstanceIdentifier: server,
                    // One that is there already may have been named by an older version of this program.
                    dbSnapshotIdentifier:
                        args.existing[server] ?? captureNames(args.capture.token).serverSnapshotIdentifier(server),
                    tags: { ...args.tags, ...captureTags(args.stack, args.capture.token) },
                },
                { ...guarded, import: args.existing[server] },
            );
            return { resource, server };
        });
    }
}

/** What production has got since a capture was recorded is no part of it. */
function isPart({ recorded, existing }: CaptureArgs, source: string): boolean {
    return !recorded || source in existing;
}
