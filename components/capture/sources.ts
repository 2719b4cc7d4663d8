// What of production a capture takes: volumes, each once whatever lies on it, and databases, on servers or with their volumes.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DatabaseConfig } from "../../databases";
import { ManifestParts, TakenSnapshot } from "../../logic/capture/manifest";
import { ProductId } from "../../products";
import { HostAddress } from "../../remote/connection";

export interface CaptureSource {
    product: ProductId;
    /** The host to read the marker from. */
    target: HostAddress;
    /** One entry for each place of data; several may lie on one volume. */
    volumes: { volumeId: string; mount: string; folder?: string }[];
    databases: DatabaseConfig[];
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

export function databasesOf(sources: CaptureSource[]): ManifestParts["databases"] {
    return sources.flatMap(({ product, databases }) => databases.map((database) => ({ product, database })));
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
