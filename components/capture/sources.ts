// What of production a capture takes: volumes, each once whatever lies on it, and databases, on servers or with their volumes.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DatabaseConfig } from "../../config/schema";
import { ManifestParts, TakenSnapshot } from "../../logic/capture/manifest";
import { volumeMethods } from "../../logic/capture/methods";
import { ProductId } from "../../products";
import { HostAddress } from "../../remote/connection";

export interface CaptureSource {
    product: ProductId;
    /** The host to read the marker from. */
    target: HostAddress;
    /** One entry for each place of data; several may lie on one volume. */
    volumes: { volumeId: string; mount: string; folder?: string }[];
    database: DatabaseConfig;
}

export function volumeIdsOf(sources: CaptureSource[]): string[] {
    return [...new Set(sources.flatMap(({ volumes }) => volumes.map(({ volumeId }) => volumeId)))];
}

/** A volume is captured once, whatever lies on it; named by the first place of data on it. */
export function distinctVolumes({ product, volumes }: CaptureSource) {
    return volumes
        .filter(({ volumeId }, index) => volumes.findIndex((other) => other.volumeId === volumeId) === index)
        .map((volume) => ({ ...volume, product }));
}

export function onServers(sources: CaptureSource[]): ManifestParts["databases"] {
    return sources.flatMap(({ product, database }) =>
        database.kind === "rds" ? [{ product, server: database.server, name: database.name, role: database.user }] : [],
    );
}

export function onVolumes(sources: CaptureSource[]): ManifestParts["volumeDatabases"] {
    return sources.flatMap(({ product, database }): ManifestParts["volumeDatabases"] => {
        switch (database.kind) {
            case "rds":
                return [];
            case "sqlite":
                return [{ product, method: volumeMethods[database.kind], name: "", role: "" }];
            default:
                return [{ product, method: volumeMethods[database.kind], name: database.name, role: database.user }];
        }
    });
}

/** One of a source's places, as the manifest has it. */
export function describe(
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
