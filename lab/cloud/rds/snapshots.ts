// DB snapshots: the content is fixed when the call is answered; completion takes a time in proportion to the data and is
// computed, so that nothing need run for it.
import { CloudError } from "../api";
import type { DbSnapshot, Request, Tags } from "../api";
import type { CloudContext, Handlers } from "../service";
import { completionMilliseconds } from "../timing";
import { checkIdentifier } from "./checks";
import { query } from "./postgres";
import { instanceOf, requireAvailable, snapshotOf, snapshotView } from "./records";
import type { DatabaseRecords, InstanceRecord, SnapshotRecord } from "./records";
import { removeSnapshot, takeSnapshot } from "./storage";

export function snapshotHandlers(context: CloudContext, records: DatabaseRecords): Handlers {
    return {
        async CreateDbSnapshot(request) {
            checkCreation(records, request); // a server that is busy is refused at once, not waited for
            const instance = instanceOf(records, request.dbInstanceIdentifier);
            return context.exclusive(`database ${instance.identifier}`, () =>
                createSnapshot(context, records, request),
            );
        },
        DescribeDbSnapshots: async ({ snapshotIdentifier, dbInstanceIdentifier }) => {
            const asked =
                snapshotIdentifier === undefined
                    ? Object.values(records.snapshots)
                    : [snapshotOf(records, snapshotIdentifier)];
            const server = dbInstanceIdentifier?.toLowerCase();
            return {
                snapshots: asked
                    .filter((snapshot) => server === undefined || snapshot.dbInstanceIdentifier === server)
                    .map((snapshot) => snapshotView(snapshot)),
            };
        },
        async DeleteDbSnapshot({ snapshotIdentifier }) {
            const snapshot = snapshotOf(records, snapshotIdentifier);
            if (Date.now() < snapshot.completesAt) {
                throw new CloudError(
                    "InvalidDBSnapshotState",
                    `Cannot delete the snapshot ${snapshotIdentifier} because it is not currently in the available or failed state.`,
                );
            }
            delete records.snapshots[snapshot.snapshotIdentifier];
            await removeSnapshot(snapshot.snapshotIdentifier);
            return {};
        },
    };
}

export function refuseTakenSnapshot(records: DatabaseRecords, identifier: string): void {
    if (records.snapshots[identifier] !== undefined) {
        throw new CloudError(
            "DBSnapshotAlreadyExists",
            `Cannot create the snapshot because a snapshot with the identifier ${identifier} already exists.`,
        );
    }
}

function checkCreation(
    records: DatabaseRecords,
    { snapshotIdentifier, dbInstanceIdentifier }: Request<"CreateDbSnapshot">,
): void {
    checkIdentifier("DBSnapshotIdentifier", snapshotIdentifier, 255);
    const instance = instanceOf(records, dbInstanceIdentifier);
    refuseTakenSnapshot(records, snapshotIdentifier.toLowerCase());
    requireAvailable(records, instance, "Cannot create a snapshot");
}

async function createSnapshot(
    context: CloudContext,
    records: DatabaseRecords,
    request: Request<"CreateDbSnapshot">,
): Promise<DbSnapshot> {
    checkCreation(records, request);
    const instance = instanceOf(records, request.dbInstanceIdentifier);
    const identifier = request.snapshotIdentifier.toLowerCase();
    return snapshotView(await addSnapshot(context, records, instance, identifier, request.tags, request.endsIn));
}

export async function addSnapshot(
    context: CloudContext,
    records: DatabaseRecords,
    instance: InstanceRecord,
    snapshotIdentifier: string,
    tags: Tags,
    endsIn?: "failed",
): Promise<SnapshotRecord> {
    await takeSnapshot(instance.identifier, snapshotIdentifier);
    const now = Date.now();
    const snapshot: SnapshotRecord = {
        snapshotIdentifier,
        dbInstanceIdentifier: instance.identifier,
        engineVersion: instance.engineVersion,
        allocatedStorage: instance.allocatedStorage,
        username: instance.username,
        snapshotCreateTime: new Date(now).toISOString(),
        tags,
        resourceId: instance.resourceId,
        backupRetentionPeriod: instance.backupRetentionPeriod,
        storageEncrypted: instance.storageEncrypted,
        kmsKeyId: instance.kmsKeyId,
        properties: instance.properties,
        ...(endsIn === "failed" && { fails: true }),
        completesAt: now + completionMilliseconds("serverSnapshot", await contentBytes(context, instance.identifier)),
    };
    records.snapshots[snapshotIdentifier] = snapshot;
    return snapshot;
}

async function contentBytes(context: CloudContext, identifier: string): Promise<number> {
    const text = "SELECT sum(pg_database_size(oid))::bigint AS bytes FROM pg_database";
    const rows = await query<{ bytes: string }>(context, identifier, text).catch(() => []);
    return Number(rows.at(0)?.bytes ?? 0);
}
