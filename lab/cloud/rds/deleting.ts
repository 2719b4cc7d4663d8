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
    context.background(
        `deleting database server ${identifier}`,
        () => context.exclusive(`database ${identifier}`, () => removeServer(context, records, names, record)),
        () => undefined, // it stays "deleting"; the daemon's next start goes on with it
    );
}

async function removeServer(
    context: CloudContext,
    records: DatabaseRecords,
    names: Names,
    record: InstanceRecord,
): Promise<void> {
    const { identifier, finalSnapshotIdentifier } = record;
    if (finalSnapshotIdentifier !== undefined) {
        const copied = record.properties.copyTagsToSnapshot === true ? record.tags : {};
        const snapshot =
            records.snapshots[finalSnapshotIdentifier] ??
            (await addSnapshot(context, records, record, finalSnapshotIdentifier, copied));
        context.save();
        await context.waitFor("the final snapshot is complete", () => Date.now() >= snapshot.completesAt, 3600);
    }
    await stopServer(context, identifier);
    await names.withdraw(addressOf(identifier));
    await context.removeNamespace(context.namespaceName(record.resourceId));
    await removeStorage(identifier);
    delete records.instances[identifier];
    await context.applySecurityGroups();
}
