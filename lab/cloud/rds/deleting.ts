// Deleting a DB instance: refused while protected or busy, with a last snapshot unless that is waived.
import { CloudError } from "../api";
import type { Request } from "../api";
import type { CloudContext } from "../service";
import { checkIdentifier, invalidCombination } from "./checks";
import type { Names } from "./making";
import { stopServer } from "./postgres";
import { addressOf, instanceOf, statusOf } from "./records";
import type { DatabaseRecords, InstanceRecord } from "./records";
import { addSnapshot, refuseTakenSnapshot } from "./snapshots";
import { removeStorage } from "./storage";

type DeleteRequest = Request<"DeleteDbInstance">;

export async function deleteInstance(
    context: CloudContext,
    records: DatabaseRecords,
    names: Names,
    request: DeleteRequest,
): Promise<void> {
    const record = instanceOf(records, request.identifier);
    checkDeletion(records, record, request);
    record.status = "deleting";
    record.finalSnapshotIdentifier = request.skipFinalSnapshot
        ? undefined
        : request.finalSnapshotIdentifier?.toLowerCase();
    deleteInBackground(context, records, names, record);
}

function checkDeletion(records: DatabaseRecords, record: InstanceRecord, request: DeleteRequest): void {
    const { identifier } = record;
    const status = statusOf(records, record);
    if (status === "deleting") {
        throw new CloudError("InvalidDBInstanceState", `Instance ${identifier} is already being deleted.`);
    }
    if (record.deletionProtection) {
        throw invalidCombination(
            "Cannot delete protected DB Instance, please disable deletion protection and try again.",
        );
    }
    if (request.skipFinalSnapshot && request.finalSnapshotIdentifier !== undefined) {
        throw invalidCombination(
            "FinalDBSnapshotIdentifier can not be specified when deleting with SkipFinalSnapshot.",
        );
    }
    if (!request.skipFinalSnapshot && request.finalSnapshotIdentifier === undefined) {
        throw invalidCombination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
    }
    if (request.finalSnapshotIdentifier !== undefined) {
        checkIdentifier("FinalDBSnapshotIdentifier", request.finalSnapshotIdentifier, 255);
        refuseTakenSnapshot(records, request.finalSnapshotIdentifier.toLowerCase());
    }
    // What never became a server can only go without a snapshot.
    const deletable = status === "available" || (status === "failed" && request.skipFinalSnapshot);
    if (!deletable) {
        throw new CloudError("InvalidDBInstanceState", `Cannot delete ${identifier} while it is ${status}.`);
    }
}

export function deleteInBackground(
    context: CloudContext,
    records: DatabaseRecords,
    names: Names,
    record: InstanceRecord,
): void {
    const { identifier } = record;
    const alone = <T>(work: () => Promise<T>): Promise<T> => context.exclusive(`database ${identifier}`, work);
    // When this fails it stays "deleting"; the daemon's next start goes on with it.
    context.background(`deleting database server ${identifier}`, async () => {
        const completesAt = await alone(() => takeFinalSnapshot(context, records, record));
        await context.waitFor("the final snapshot is complete", () => Date.now() >= completesAt, 3600);
        await alone(() => removeServer(context, records, names, record));
    });
}

/** Milliseconds since 1970: when it will be complete. */
async function takeFinalSnapshot(
    context: CloudContext,
    records: DatabaseRecords,
    record: InstanceRecord,
): Promise<number> {
    const { finalSnapshotIdentifier } = record;
    if (finalSnapshotIdentifier === undefined) {
        return 0;
    }
    const tags = record.properties.copyTagsToSnapshot === true ? record.tags : {};
    const taken = records.snapshots[finalSnapshotIdentifier];
    const snapshot = taken ?? (await addSnapshot(context, records, record, finalSnapshotIdentifier, tags));
    context.save();
    return snapshot.completesAt;
}

async function removeServer(
    context: CloudContext,
    records: DatabaseRecords,
    names: Names,
    record: InstanceRecord,
): Promise<void> {
    const { identifier } = record;
    await stopServer(context, identifier);
    await names.withdraw(addressOf(identifier));
    await context.removeNamespace(context.namespaceName(record.resourceId));
    await removeStorage(identifier);
    delete records.instances[identifier];
    await context.applySecurityGroups();
}
