// Where a product's data comes from: its volumes, homes that other hosts share, a database that came along on a volume.
import * as pulumi from "@pulumi/pulumi";
import { SharedHomes } from "../contract/production";
import type { LoadedDatabase } from "../databases";
import { mountSlug } from "../logic/names";
import type { Secret } from "../logic/secret";
import { ProductId, withRole } from "../products";
import { DataVolume } from "./dataVolume";
import { databaseVariables, PlannedAddress } from "./postgresVariables";
import type { ProductArgs } from "./product";
import { HostCommand, Runner } from "./runner";

/** What the product always has, and what else production kept on volumes of its own; one below another waits for it. */
export function dataVolumes(
    parent: pulumi.Resource,
    name: string,
    args: ProductArgs,
    accounts: HostCommand,
): DataVolume[] {
    const { devices, restored } = args;
    const volumes = new Map<string, DataVolume>();
    for (const { mount, device } of [...devices].sort((a, b) => a.mount.length - b.mount.length)) {
        const place = restored?.mounts.find((candidate) => candidate.mount === mount);
        const above = [...volumes].filter(([other]) => mount.startsWith(`${other}/`)).map(([, { mounted }]) => mounted);
        const volume = new DataVolume(
            `${name}-${mountSlug(mount)}`,
            {
                product: args.product,
                mount,
                deviceName: device,
                zone: args.zone,
                instance: args.host.instance,
                runner: runnerOf(args).after(accounts, ...above),
                size: place?.size ?? args.volumeSize,
                kmsKeyId: args.kmsKeyId,
                restored: place &&
                    restored && {
                        token: restored.token,
                        snapshotId: place.snapshotId,
                        folder: place.folder,
                        speed: place.speed,
                    },
                initializationRate: args.initializationRate,
                retain: restored !== undefined,
                protect: args.deletionProtection,
                tags: args.tags,
            },
            { parent },
        );
        volumes.set(mount, volume);
    }
    return devices.map(({ mount }) => volumes.get(mount)!);
}

/** Read-only until this environment serves. */
export function mountHomes(
    parent: pulumi.Resource,
    name: string,
    product: ProductId,
    { source, type, options, mount }: SharedHomes,
    runner: Runner,
): HostCommand {
    return runner.run(
        `${name}-shared-homes`,
        {
            script: "shared-homes",
            product,
            repeat: "once",
            variables: { SOURCE: source, TYPE: type, OPTIONS: options, MOUNT: mount },
            triggers: [source, type, options, mount],
        },
        { parent },
    );
}

export interface LoadedFrom {
    loaded: LoadedDatabase;
    target: PlannedAddress;
    password?: Secret<string>;
}

/** A database that came along on a volume goes to this environment's server before the product sees it. */
export function loadDatabases(
    parent: pulumi.Resource,
    name: string,
    args: ProductArgs,
    { token, databases }: NonNullable<ProductArgs["restored"]>,
    runner: Runner,
): HostCommand[] {
    return databases.map(({ loaded, target, password }) =>
        runner.run(
            `${name}-${withRole("load-database", loaded.role)}`,
            {
                script: "load-database",
                product: args.product,
                repeat: "once",
                triggers: [token],
                variables: {
                    KIND: loaded.kind,
                    SOURCE: loaded.path,
                    ENGINE_VERSION: loaded.engineVersion,
                    ...databaseVariables(target, password, args.databaseCa),
                },
            },
            { parent },
        ),
    );
}

/** Knows where this product has its data, and listens. */
export function runnerOf(args: ProductArgs): Runner {
    return args.host.runner.on({ dataMounts: args.devices.map(({ mount }) => mount), port: args.listenPort });
}
