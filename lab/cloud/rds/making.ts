// Brings a server up from what its record says, in the background of the answer to the caller, and again after the daemon
// or the machine was restarted: each step may have been done already.
import { sleep } from "../run";
import type { CloudContext } from "../service";
import { latestRestorable } from "./backups";
import {
    configure,
    initialise,
    majorOf,
    open,
    processOf,
    query,
    startServer,
    stopServer,
    untilWritable,
} from "./postgres";
import { addressOf } from "./records";
import type { InstanceRecord } from "./records";
import { heartbeatTable, populate, setPassword } from "./roles";
import { dropBases, endRestore, makeStorage, takeBase } from "./storage";

/** Given by the name service. */
export interface Names {
    announce(name: string, address: string): Promise<void>;
    withdraw(name: string): Promise<void>;
}

const startSeconds = 120;
const recoverySeconds = 1800; // replays all the log since the last base

export async function makeServer(context: CloudContext, names: Names, record: InstanceRecord): Promise<void> {
    const { identifier, making } = record;
    if (making === undefined) {
        return;
    }
    if (making.origin.kind === "new") {
        await stopServer(context, identifier); // of a try that was cut short
        await makeStorage(identifier);
        await initialise(context, identifier, majorOf(record.engineVersion));
    }
    const recoverTo = making.origin.kind === "pointInTime" ? making.origin.restoreTime : undefined;
    await connectToNetwork(context, names, record);
    await writeConfiguration(record, recoverTo);
    await startServer(context, identifier, majorOf(record.engineVersion), context.namespaceName(record.resourceId));
    await untilWritable(context, identifier, recoverySeconds);
    if (making.fails) {
        throw new Error("The storage of the source could not be read to its end.");
    }
    await setRoles(context, record);
    await endRestore(identifier);
    await open(context, identifier);
    // The first base is the start of what is restorable; its log should begin after any restore's end.
    await query(context, identifier, "CHECKPOINT");
    if (record.backupRetentionPeriod > 0) {
        await takeBase(identifier);
    }
    delete record.making;
    record.status = "available";
    context.save();
}

async function setRoles(context: CloudContext, record: InstanceRecord): Promise<void> {
    const { identifier, username, dbName, making } = record;
    if (making?.origin.kind === "new") {
        await query(context, identifier, populate(username, making.password ?? "", dbName), "template1");
        await query(context, identifier, heartbeatTable);
    } else if (making?.password !== undefined) {
        await changePassword(context, record, making.password, making.passwordMilliseconds);
    }
}

/** RDS sets a master's password in its own time: a server may be "available" and still have the old one. */
export async function changePassword(
    context: CloudContext,
    { identifier, username }: InstanceRecord,
    password: string,
    laterMilliseconds = 0,
): Promise<void> {
    const change = (): Promise<unknown> => query(context, identifier, setPassword(username, password));
    if (laterMilliseconds === 0) {
        await change();
        return;
    }
    context.background(`the new password of ${identifier}`, async () => {
        await sleep(laterMilliseconds);
        await change();
    });
}

/** Starts a server that was available before. */
export async function startAgain(context: CloudContext, names: Names, record: InstanceRecord): Promise<void> {
    await connectToNetwork(context, names, record);
    await writeConfiguration(record);
    await startServer(
        context,
        record.identifier,
        majorOf(record.engineVersion),
        context.namespaceName(record.resourceId),
    );
    await untilWritable(context, record.identifier, startSeconds);
    await open(context, record.identifier);
    delete record.archivedUntil;
}

export async function stopInOrder(context: CloudContext, record: InstanceRecord): Promise<void> {
    if (processOf(context, record.identifier) !== undefined) {
        record.archivedUntil = latestRestorable(context, record);
        await stopServer(context, record.identifier);
    }
}

const writeConfiguration = ({ identifier, backupRetentionPeriod }: InstanceRecord, recoverTo?: string): Promise<void> =>
    configure(identifier, addressOf(identifier), { backups: backupRetentionPeriod > 0, recoverTo });

/** Turned on, what is restorable begins now; turned off, all of it is dropped. */
export async function setBackups(context: CloudContext, record: InstanceRecord, days: number): Promise<void> {
    const [before, { identifier }] = [record.backupRetentionPeriod, record];
    record.backupRetentionPeriod = days;
    if (before > 0 !== days > 0) {
        await writeConfiguration(record);
        await open(context, identifier);
        await query(context, identifier, "CHECKPOINT");
        await (days > 0 ? takeBase(identifier) : dropBases(identifier));
    }
}

async function connectToNetwork(context: CloudContext, names: Names, record: InstanceRecord): Promise<void> {
    const namespace = context.namespaceName(record.resourceId);
    await context.createNamespace(namespace, record.subnetId, record.privateIp);
    await context.applySecurityGroups();
    await names.announce(addressOf(record.identifier), record.privateIp);
}
