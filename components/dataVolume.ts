// One data volume of a product, attached and mounted: blank in phase install, made from a captured snapshot in phase migrate.
// Changing the snapshot switches volumes: the product is stopped, the old volume unmounted and detached, the new one attached
// and mounted. What phase migrate gives up stays in the cloud: the blank volume beside a restored one holds people's data too.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { restoredSpeed, VolumeSpeed } from "../logic/volumeSpeed";
import { ProductId } from "../products";
import { HostCommand, Runner } from "./runner";

export interface DataVolumeArgs {
    product: ProductId;
    /** Absolute path, for example "/var/lib/rstudio-connect". */
    mount: string;
    /** Of its place (logic/devices.ts). */
    deviceName: string;
    zone: string;
    instance: aws.ec2.Instance;
    runner: Runner;
    /** GiB */
    size: number;
    kmsKeyId?: string;
    /** Absent: a blank volume. `folder` is the part of its file system that holds the data. */
    restored?: {
        token: string;
        snapshotId: string;
        folder?: string;
        /** Of the volume that was captured. */
        speed?: VolumeSpeed;
    };
    /** MiB/s at which what is restored is fetched from the snapshot, whoever reads it; as somebody asks for it when absent. */
    initializationRate?: number;
    /** What lies on it is people's: it stays in the account when nothing wants it any longer. */
    retain: boolean;
    /** The engine neither deletes nor replaces it. */
    protect: boolean;
    tags: Record<string, string>;
}

export class DataVolume extends pulumi.ComponentResource {
    readonly mount: string;
    readonly folder?: string;
    readonly volume: aws.ebs.Volume;
    /** Replaced whenever the volume is switched. */
    readonly mounted: HostCommand;

    constructor(name: string, args: DataVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:DataVolume", name, {}, opts);
        const { restored } = args;
        this.mount = args.mount;
        this.folder = restored?.folder;
        // A capture's volume carries its token in the name, so that a newer capture makes a new volume beside it.
        const volumeName = restored ? `${name}-${restored.token}` : `${name}-blank`;
        this.volume = new aws.ebs.Volume(
            volumeName,
            {
                availabilityZone: args.zone,
                size: args.size,
                ...restoredSpeed(restored?.speed, args.size),
                encrypted: true,
                kmsKeyId: args.kmsKeyId,
                snapshotId: restored?.snapshotId,
                // Only together: the provider refuses it for a blank one (internal/service/ec2/ebs_volume.go).
                ...(restored && { volumeInitializationRate: args.initializationRate }),
                tags: {
                    ...args.tags,
                    Name: volumeName,
                    "posit:product": args.product,
                    "posit:mount": args.mount,
                    ...(restored && { "posit:capture": restored.token }),
                },
            },
            {
                parent: this,
                retainOnDelete: args.retain,
                protect: args.protect,
                // It matters at the creation only: a changed one would be a ModifyVolume without a change (the same file).
                ignoreChanges: restored ? ["volumeInitializationRate"] : [],
            },
        );
        const attachment = new aws.ec2.VolumeAttachment(
            `${name}-attachment`,
            { volumeId: this.volume.id, instanceId: args.instance.id, deviceName: args.deviceName },
            // Both volumes claim the same device, so the old one must go first. (Never forceDetach: it loses data.)
            { parent: this, deleteBeforeReplace: true, deletedWith: args.instance },
        );
        this.mounted = args.runner.run(
            `${name}-mount`,
            {
                script: "mount",
                product: args.product,
                repeat: "once",
                variables: {
                    VOLUME_ID: this.volume.id,
                    MOUNT: args.mount,
                    FOLDER: restored?.folder ?? "",
                    FILESYSTEM: "ext4",
                    FRESH: restored === undefined,
                },
                triggers: [attachment.id],
            },
            { parent: this, dependsOn: [attachment] },
        );
        this.registerOutputs({ volumeId: this.volume.id });
    }
}
