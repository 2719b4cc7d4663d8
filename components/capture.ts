// One closed window: a snapshot of every data volume (and database server) of production, taken while every product is proved
// quiet, adopted when they exist already, never taken twice, never deleted. The window itself lives in remote/captureRun.ts, around
// the creation of these snapshots; this file hangs it on their hooks.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CaptureManifest, SharedHomes } from "../contract/production";
import { DatabaseConfig, serverDatabases, ServerMethod } from "../databases";
import { buildManifest, ManifestParts, ServerDescription, TakenSnapshot } from "../logic/manifest";
import { captureNames, captureTagNames, captureTags } from "../logic/names";
import { PerProduct, ProductId } from "../products";
import { HostAddress } from "../remote/connection";
import { CaptureRun } from "../remote/captureRun";
import { answerOf, everyInput, Runner } from "./runner";
import { tryAgain } from "./tryAgain";

export interface CaptureSource {
    product: ProductId;
    /** The host to close, and to read the marker from. */
    target: HostAddress;
    /** One entry for each place of data; several may lie on one volume. */
    volumes: { volumeId: string; mount: string; folder?: string }[];
    databases: DatabaseConfig[];
}

export interface CaptureArgs {
    token: string;
    stack: string;
    region: string;
    sources: CaptureSource[];
    /** Of databases on managed servers. */
    serverMethod: ServerMethod;
    /** Snapshots that exist already under this token, by volume or server: they are adopted. */
    existing: Record<string, string>;
    /** Take a snapshot of every volume beforehand. */
    warmUp: boolean;
    /** Of a capture that was taken already: its warm-up snapshots that still exist, by volume. No further one is taken. */
    warmUps?: Record<string, string>;
    /** Its manifest, where that was published already: what hosts answered then stands, and nobody dials them. */
    recorded?: CaptureManifest;
    /** It waits for its maintenance window: nothing is closed or captured yet. */
    waits?: boolean;
    /** Closes and opens production when something has to be created; throws where this run may not. */
    run: CaptureRun;
    /** By server. */
    descriptions: Record<string, ServerDescription>;
    versions: pulumi.Input<PerProduct<string>>;
    inventoryDigest: pulumi.Input<string>;
    /** Named in the manifest, and left where they are. */
    sharedHomes?: SharedHomes;
    /** What comes before everything, even before the warm-up. */
    after: pulumi.Resource[];
    tags: Record<string, string>;
}

/** A copy of that much data may take long; it goes on after production is open again. */
const copyTimeout = { create: "48h" };

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
        const guarded = this.guarded(name, args, warmUps);
        const volumes = args.sources.flatMap((source) =>
            distinctVolumes(source)
                .filter(({ volumeId }) => isPart(args, volumeId))
                .map((volume) => this.volumeSnapshot(args, source, volume, guarded)),
        );
        const servers = args.serverMethod === "snapshot" ? this.serverSnapshots(args, guarded) : [];
        const after = [...volumes.map((taken) => taken.resource), ...servers.map((taken) => taken.resource)];
        const markers = args.sources.map((source) =>
            answerOf(
                new Runner({ target: source.target, dependsOn: after }).ask(
                    captureNames(args.token).record(source.product),
                    {
                        script: "record",
                        product: source.product,
                        repeat: "idempotent",
                        variables: { TOKEN: args.token },
                    },
                    { parent: this, ignoreChanges: args.recorded ? everyInput : [] },
                ),
            ),
        );
        const taken = pulumi.all(
            args.sources.flatMap(({ product, volumes: places }) =>
                places.flatMap((place) => {
                    const of = volumes.find(({ volumeId }) => volumeId === place.volumeId);
                    return of ? [describe(of.resource, product, place)] : [];
                }),
            ),
        );
        this.manifest = pulumi.all([taken, pulumi.all(markers), args.versions, args.inventoryDigest]).apply(
            ([snapshots, hostMarkers, versions, inventoryDigest]) =>
                args.recorded ??
                buildManifest({
                    token: args.token,
                    region: args.region,
                    snapshots,
                    servers: servers.map(({ server }) => server),
                    serverMethod: args.serverMethod,
                    databases: databasesOf(args.sources),
                    descriptions: args.descriptions,
                    markers: hostMarkers,
                    versions,
                    inventoryDigest,
                    sharedHomes: args.sharedHomes,
                }),
        );
        this.sayState(args, volumes, this.manifest);
        this.registerOutputs({ manifest: this.manifest });
    }

    /** On the snapshots themselves, for whoever finds them without this stack. What was never proved stays "unproven". */
    private sayState(
        { token }: CaptureArgs,
        volumes: { resource: aws.ebs.Snapshot; product: ProductId; mount: string }[],
        manifest: pulumi.Output<CaptureManifest>,
    ): void {
        for (const { resource, product, mount } of volumes) {
            new aws.ec2.Tag(
                captureNames(token).state(product, mount),
                {
                    resourceId: resource.id,
                    key: captureTagNames.state,
                    // AWS may have taken a second one (remote/captureRun.ts), which is no part of it.
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
            args.warmUps === undefined ? args.warmUp : volumeId in args.warmUps;
        return args.sources.flatMap((source) =>
            distinctVolumes(source)
                .filter(wanted)
                .map(
                    ({ volumeId, mount, product }) =>
                        new aws.ebs.Snapshot(
                            captureNames(args.token).warmUp(product, mount),
                            {
                                volumeId,
                                description: `Warm-up for capture ${args.token}: ${product} ${mount}`,
                                tags: {
                                    ...args.tags,
                                    [captureTagNames.warmUp]: args.token,
                                    [captureTagNames.stack]: args.stack,
                                },
                            },
                            {
                                parent: this,
                                import: args.warmUps?.[volumeId],
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
        const opened = new pulumi.ResourceHook(`${name}-opened`, (taken) => args.run.finished(takenBy(taken)));
        const abort = new pulumi.ErrorHook(`${name}-abort`, async (failure) => {
            await args.run.abort(`${failure.name}: ${failure.errors[0] ?? failure.failedOperation}`);
            return false;
        });
        return {
            parent: this,
            dependsOn: [...args.after, ...warmUps],
            retainOnDelete: true,
            customTimeouts: copyTimeout,
            hooks: { beforeCreate: [close], afterCreate: [opened], onError: [abort] },
        };
    }

    private volumeSnapshot(
        args: CaptureArgs,
        source: CaptureSource,
        { volumeId, mount }: CaptureSource["volumes"][number],
        guarded: pulumi.CustomResourceOptions,
    ) {
        const { product } = source;
        const resource = new aws.ebs.Snapshot(
            captureNames(args.token).volume(product, mount),
            {
                volumeId,
                description: `Capture ${args.token}: ${product} ${mount}`,
                tags: { ...args.tags, ...captureTags(args.stack, args.token, product, mount) },
            },
            // Its state's tag changes once, by a resource of its own.
            { ...guarded, import: args.existing[volumeId], ignoreChanges: ["tags", "tagsAll"] },
        );
        return { resource, volumeId, product, mount };
    }

    private serverSnapshots(args: CaptureArgs, guarded: pulumi.CustomResourceOptions) {
        const servers = serverDatabases(databasesOf(args.sources)).map(({ server }) => server);
        const identifiers = [...new Set(servers)].filter((server) => isPart(args, server));
        return identifiers.map((server) => {
            const resource = new aws.rds.Snapshot(
                captureNames(args.token).server(server),
                {
                    dbInstanceIdentifier: server,
                    // One that is there already may have been named by an older version of this program.
                    dbSnapshotIdentifier:
                        args.existing[server] ?? captureNames(args.token).serverSnapshotIdentifier(server),
                    tags: { ...args.tags, ...captureTags(args.stack, args.token) },
                },
                { ...guarded, import: args.existing[server] },
            );
            return { resource, server };
        });
    }
}

/** What the cloud took for a resource in the end. */
function takenBy({ id, newInputs }: pulumi.ResourceHookArgs): { id: string; source?: string } | undefined {
    const source: unknown = newInputs?.volumeId ?? newInputs?.dbInstanceIdentifier;
    return id ? { id, ...(typeof source === "string" && { source }) } : undefined;
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

/** What production has got since a capture was recorded is no part of it. */
function isPart({ recorded, existing }: CaptureArgs, source: string): boolean {
    return !recorded || source in existing;
}

/** A volume is captured once, whatever lies on it; named by the first place of data on it. */
function distinctVolumes({ product, volumes }: CaptureSource) {
    return volumes
        .filter(({ volumeId }, index) => volumes.findIndex((other) => other.volumeId === volumeId) === index)
        .map((volume) => ({ ...volume, product }));
}

function databasesOf(sources: CaptureSource[]): ManifestParts["databases"] {
    return sources.flatMap(({ product, databases }) => databases.map((database) => ({ product, database })));
}

function describe(
    resource: aws.ebs.Snapshot,
    product: ProductId,
    { mount, folder }: CaptureSource["volumes"][number],
): pulumi.Output<TakenSnapshot> {
    return pulumi.all([resource.id, resource.volumeSize, resource.volumeId]).apply(([snapshotId, size, volumeId]) => ({
        product,
        mount,
        ...(folder !== undefined && { folder }),
        snapshotId,
        size,
        volumeId,
    }));
}
