// The manifest of a capture: what was taken, from which versions, in which closed window. Gates read it, people commit to it.
import type { CaptureManifest, SharedHomes } from "../../contract/production";
import { carriedOf, DatabaseConfig, serverDatabases, ServerMethod } from "../../databases";
import type { PerProduct, ProductId } from "../../products/ids";
import type { VolumeSpeed } from "../volumeSpeed";
import { isFinal, markerFindings, openedSince } from "./ending";
import { HostMarker, notedSnapshots } from "./state";

export interface TakenSnapshot {
    product: ProductId;
    mount: string;
    /** As the resource says; the hosts' notes have the last word. */
    snapshotId: string;
    volumeId: string;
    /** GiB */
    size: number;
    folder?: string;
}

/** Of a server, for whoever restores it. */
export type ServerDescription = Pick<
    CaptureManifest["databases"][number],
    "engineVersion" | "storageEncrypted" | "kmsKeyId" | "settings"
>;

export interface ManifestParts {
    token: string;
    region: string;
    snapshots: TakenSnapshot[];
    /** Servers that have a snapshot. */
    servers: string[];
    serverMethod: ServerMethod;
    /** Those of the products, as they were configured when it was taken. */
    databases: { product: ProductId; database: DatabaseConfig }[];
    /** What the cloud says of each managed server when it is captured. */
    descriptions: Record<string, ServerDescription>;
    /** By volume, as far as the cloud said it. */
    speeds: Record<string, VolumeSpeed>;
    markers: HostMarker[];
    versions: Partial<PerProduct<string>>;
    inventoryDigest: string;
    sharedHomes?: SharedHomes;
}

export function buildManifest(parts: ManifestParts): CaptureManifest {
    const moment = momentOf(parts.markers);
    const noted = notedSnapshots(parts.markers, [...parts.snapshots.map(({ volumeId }) => volumeId), ...parts.servers]);
    const onServers = serverDatabases(parts.databases);
    const onVolumes = parts.databases.map(({ product, database }) =>
        carriedOf(product, database, notedBy(product, parts.markers)),
    );
    const reasons = [
        ...parts.markers.flatMap(markerFindings),
        ...noted.reasons,
        ...(onServers.length > 0 && parts.serverMethod === "pointInTime" && !moment
            ? ["no moment was noted that the databases can be restored to"]
            : []),
        ...onVolumes.flatMap(({ missing }) => missing ?? []),
    ];
    const complete = reasons.length === 0;
    const final = complete && isFinal(parts.markers);
    const opened = complete ? openedSince(parts.markers) : [];
    const times = parts.markers.flatMap((marker) => (marker.closedAt ? [marker.closedAt] : []));
    return {
        token: parts.token,
        state: complete ? "complete" : "void",
        reasons,
        final,
        openedSince: opened.length > 0 ? opened : undefined,
        region: parts.region,
        takenAt: times.sort()[0],
        closedSeconds: closedSeconds(parts.markers),
        phases: Object.fromEntries(parts.markers.flatMap(phases)),
        waited: Object.fromEntries(parts.markers.flatMap(waited)),
        stayUntil: final ? parts.markers.flatMap(({ stayUntil }) => stayUntil ?? []).sort()[0] : undefined,
        volumes: parts.snapshots.map((taken) => ({
            ...taken,
            snapshotId: noted.snapshots[taken.volumeId] ?? taken.snapshotId,
            speed: parts.speeds[taken.volumeId],
        })),
        databases: [...new Set(onServers.map(({ server }) => server))].map((server) => ({
            server,
            method: parts.serverMethod,
            snapshotIdentifier: noted.snapshots[server],
            restoreTime: parts.serverMethod === "pointInTime" ? moment : undefined,
            ...(parts.descriptions[server] ?? { engineVersion: "" }),
            databases: onServers.flatMap(({ server: of, ...database }) => (of === server ? [database] : [])),
        })),
        volumeDatabases: onVolumes.flatMap(({ entry }) => entry ?? []),
        sharedHomes: parts.sharedHomes,
        quiet: Object.fromEntries(
            parts.markers.flatMap(({ product, quiet, notes }) =>
                product && quiet
                    ? [
                          [
                              product,
                              {
                                  ...quiet,
                                  ...(notes?.databaseSessions && { databaseSessions: notes.databaseSessions }),
                              },
                          ],
                      ]
                    : [],
            ),
        ),
        versions: parts.versions,
        inventoryDigest: parts.inventoryDigest,
    };
}

function notedBy(product: ProductId, markers: HostMarker[]): NonNullable<HostMarker["databases"]> {
    return markers.flatMap((marker) => (marker.product === product ? (marker.databases ?? []) : []));
}

/** One moment, noted on every host; another one on some host would be another window's. */
function momentOf(markers: HostMarker[]): string | undefined {
    const moments = new Set(markers.map((marker) => marker.notes?.pointInTime));
    return moments.size === 1 ? [...moments][0] : undefined;
}

const seconds = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;

function phases(marker: HostMarker): [ProductId, CaptureManifest["phases"][ProductId]][] {
    const { product, closedAt, stoppedAt, frozenAt, thawingAt, openedAt } = marker;
    if (!product || !closedAt || !stoppedAt || !frozenAt || !thawingAt || !openedAt) {
        return [];
    }
    const phase = {
        ...between("question", marker.askedAt, marker.answeredAt),
        stop: seconds(closedAt, stoppedAt),
        proveQuiet: seconds(stoppedAt, frozenAt),
        ...between("secondSync", marker.quietAt, marker.syncedAt),
        request: seconds(frozenAt, thawingAt),
        start: seconds(thawingAt, openedAt),
    };
    return [[product, phase]];
}

/** A part that only newer hosts tell of. */
function between<K extends string>(name: K, from: unknown, to: unknown): Partial<Record<K, number>> {
    return typeof from === "string" && typeof to === "string"
        ? ({ [name]: seconds(from, to) } as Record<K, number>)
        : {};
}

function closedSeconds(markers: HostMarker[]): CaptureManifest["closedSeconds"] {
    return Object.fromEntries(
        markers.flatMap(({ product, closedAt, openedAt }) =>
            product && closedAt && openedAt ? [[product, seconds(closedAt, openedAt)]] : [],
        ),
    );
}

/** What users went through where a product did not simply answer again; a slow start voids nothing. */
function waited(marker: HostMarker): [ProductId, { health: string; seconds?: number }][] {
    const { product, closedAt, openedAt, health } = marker;
    if (!product || !closedAt || health === undefined || health === "ok") {
        return [];
    }
    return [[product, { health, ...(openedAt && { seconds: seconds(closedAt, openedAt) }) }]];
}
