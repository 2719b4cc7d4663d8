// The manifest of a capture: what was taken, from which versions, in which closed window. Gates read it, people commit to it.
import type { CaptureManifest } from "../contract/production";
import type { ProductId } from "../products/ids";
import { HostMarker, markerFindings } from "./captureState";

export interface TakenSnapshot {
    product: ProductId;
    mount: string;
    snapshotId: string;
    volumeId: string;
    /** GiB */
    size: number;
}

export interface ManifestParts {
    token: string;
    final: boolean;
    region: string;
    snapshots: TakenSnapshot[];
    serverSnapshots: { server: string; identifier: string }[];
    databaseMethod: "pointInTime" | "snapshot";
    databases: { product: ProductId; server: string; name: string; role: string }[];
    engineVersions: Record<string, string>;
    markers: HostMarker[];
    versions: Partial<Record<ProductId, string>>;
    inventoryDigest: string;
}

export function buildManifest(parts: ManifestParts): CaptureManifest {
    const moment = momentOf(parts.markers);
    const reasons = [
        ...parts.markers.flatMap((marker) => markerFindings(marker, !parts.final)),
        ...(parts.databaseMethod === "pointInTime" && !moment
            ? ["no moment was noted that the databases can be restored to"]
            : []),
    ];
    const times = parts.markers.flatMap((marker) => (marker.closedAt ? [marker.closedAt] : []));
    return {
        token: parts.token,
        state: reasons.length === 0 ? "complete" : "void",
        reasons,
        final: parts.final,
        region: parts.region,
        takenAt: times.sort()[0],
        closedSeconds: closedSeconds(parts.markers),
        volumes: parts.snapshots,
        databases: [...new Set(parts.databases.map((database) => database.server))].map((server) => ({
            server,
            method: parts.databaseMethod,
            snapshotIdentifier: parts.serverSnapshots.find((snapshot) => snapshot.server === server)?.identifier,
            restoreTime: parts.databaseMethod === "pointInTime" ? moment : undefined,
            engineVersion: parts.engineVersions[server] ?? "",
            databases: parts.databases
                .filter((database) => database.server === server)
                .map(({ product, name, role }) => ({ product, name, role })),
        })),
        versions: parts.versions,
        inventoryDigest: parts.inventoryDigest,
    };
}

/** One moment, noted on every host; another one on some host would be another window's. */
function momentOf(markers: HostMarker[]): string | undefined {
    const moments = new Set(markers.map((marker) => marker.notes?.pointInTime));
    return moments.size === 1 ? [...moments][0] : undefined;
}

function closedSeconds(markers: HostMarker[]): CaptureManifest["closedSeconds"] {
    return Object.fromEntries(
        markers.flatMap((marker) =>
            marker.product && marker.closedAt && marker.openedAt
                ? [[marker.product, (Date.parse(marker.openedAt) - Date.parse(marker.closedAt)) / 1000]]
                : [],
        ),
    );
}
