// What counts as a backup of what serves. Does not prove that AWS lists what AWS Backup took, nor that a backup can be restored.
import assert from "node:assert/strict";
import { backupsOf } from "../../../cloud/backups";
import type { CloudQuestions } from "../../../cloud/capture/snapshots";
import { missingBackups } from "../../../logic/backups";

const now = new Date("2026-12-10T10:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 3600 * 1000).toISOString();

interface Snapshot {
    id: string;
    volume: string;
    days: number;
    tags?: string[];
    state?: string;
}

interface ServerSnapshot {
    server: string;
    type: string;
    days: number;
    status?: string;
}

function cloud(
    snapshots: Snapshot[],
    servers: Record<string, number> = {},
    serverSnapshots: ServerSnapshot[] = [],
): CloudQuestions {
    return {
        snapshotIds: async ({ filters = [] }: { filters?: { name: string; values: string[] }[] }) => ({
            ids: snapshots
                .filter(({ volume, tags = [], state = "completed" }) =>
                    filters.every(({ name, values }) =>
                        name === "volume-id"
                            ? values.includes(volume)
                            : name === "status"
                              ? values.includes(state)
                              : tags.includes(name.replace("tag:", "")) && values.includes("*"),
                    ),
                )
                .map(({ id }) => id),
        }),
        volumeSnapshot: async ({ snapshotIds = [], mostRecent }: { snapshotIds?: string[]; mostRecent?: boolean }) => {
            assert.equal(mostRecent, true);
            const days = snapshots.filter(({ id }) => snapshotIds.includes(id)).map((snapshot) => snapshot.days);
            return { startTime: daysAgo(Math.min(...days)) };
        },
        serverSnapshot: async ({ dbInstanceIdentifier, snapshotType, mostRecent }: Record<string, unknown>) => {
            assert.equal(mostRecent, true);
            const [newest] = serverSnapshots
                .filter(({ server, type }) => server === dbInstanceIdentifier && type === snapshotType)
                .sort((a, b) => a.days - b.days);
            if (!newest) throw new Error("Your query returned no results.");
            const { server, days, status = "available" } = newest;
            return { id: "x", dbInstanceIdentifier: server, status, snapshotCreateTime: daysAgo(days) };
        },
        server: async ({ dbInstanceIdentifier }: { dbInstanceIdentifier: string }) => {
            if (!(dbInstanceIdentifier in servers)) throw new Error("AccessDenied");
            return { backupRetentionPeriod: servers[dbInstanceIdentifier] };
        },
    } as unknown as CloudQuestions;
}

const volumes = { "Connect /data": "vol-1" };
const ask = async (snapshots: Snapshot[]) =>
    (await backupsOf({ volumes, servers: [] }, now, cloud(snapshots)))["Connect /data"];

describe("backups of what serves", () => {
    it("are snapshots of a volume that are not too old, whoever took them", async () => {
        assert.equal(await ask([{ id: "a", volume: "vol-1", days: 1 }]), "found");
        const weekly = [9, 2].map((days) => ({ id: String(days), volume: "vol-1", days }));
        assert.equal(await ask(weekly), "found");
    });

    it("are none where the newest is old, failed, of another volume, or of a capture", async () => {
        assert.equal(await ask([]), "none");
        assert.equal(await ask([{ id: "a", volume: "vol-1", days: 9 }]), "none");
        assert.equal(await ask([{ id: "a", volume: "vol-1", days: 1, state: "error" }]), "none");
        assert.equal(await ask([{ id: "a", volume: "vol-2", days: 1 }]), "none");
        const ours = ["posit:capture", "posit:warm-up"].map((tag) => ({
            id: tag,
            volume: "vol-1",
            days: 1,
            tags: [tag],
        }));
        assert.equal(await ask(ours), "none");
    });

    it("are of a server what RDS or AWS Backup took of it, and no setting", async () => {
        const foundOf = async (keeps: number, ...taken: Omit<ServerSnapshot, "server">[]) =>
            Object.values(
                await backupsOf(
                    { volumes: {}, servers: ["db"] },
                    now,
                    cloud(
                        [],
                        { db: keeps },
                        [...taken, { type: "manual", days: 0 }].map((one) => ({ server: "db", ...one })),
                    ),
                ),
            ).join();
        assert.equal(await foundOf(7, { type: "automated", days: 1 }), "found");
        assert.equal(await foundOf(0, { type: "awsbackup", days: 6 }, { type: "automated", days: 40 }), "found");
        assert.equal(await foundOf(7), "none yet");
        assert.equal(await foundOf(7, { type: "automated", days: 0, status: "creating" }), "none yet");
        assert.equal(await foundOf(7, { type: "automated", days: 9 }), "none yet");
        assert.equal(await foundOf(0), "none");
        const secret = await backupsOf({ volumes: {}, servers: ["secret"] }, now, cloud([]));
        assert.deepEqual(secret, { "database server secret": "not known" });
    });

    it("are missed in one sentence, with what to do", () => {
        assert.equal(missingBackups({ a: "found" }), undefined);
        assert.match(
            missingBackups({ a: "found", "Connect /data": "none", b: "not known", c: "none yet" })!,
            /no backup .* was found of Connect \/data, b \(can't be asked\), c \(it keeps backups, and none was seen yet\): put its volumes into a plan of AWS Backup.* servers keep/,
        );
    });
});
