// DB instances: created, restored, modified and deleted as on RDS. Creating and deleting go on after the answer.
import { CloudError } from "../api";
import type { DbInstance, Request } from "../api";
import type { CloudContext, Handlers } from "../service";
import { latestRestorableTime } from "./backups";
import { caCertificate } from "./ca";
import {
    checkIdentifier,
    checkPassword,
    checkSizes,
    invalidCombination,
    invalidParameter,
    subnetOfGroup,
} from "./checks";
import { deleteInstance } from "./deleting";
import { changePassword, makeServer, setBackups } from "./making";
import type { Names } from "./making";
import { stopServer } from "./postgres";
import { addressOf, instanceOf, port, requireAvailable, shownOf, statusOf } from "./records";
import type { DatabaseRecords, InstanceRecord } from "./records";
import { contentFor } from "./restoring";
import type { Content } from "./restoring";
import { checkSettings } from "./settings";
import { removeStorage } from "./storage";

export function instanceHandlers(context: CloudContext, records: DatabaseRecords, names: Names): Handlers {
    return {
        CreateDbInstance: (request) => createInstance(context, records, names, normalised(request)),
        DescribeDbInstance: async ({ identifier }) => view(context, records, instanceOf(records, identifier)),
        async ModifyDbInstance(request) {
            const record = instanceOf(records, request.identifier);
            checkModification(context, records, record, request); // one that is busy is refused at once, not waited for
            return context.exclusive(`database ${record.identifier}`, () => modifyInstance(context, records, request));
        },
        async DeleteDbInstance(request) {
            await deleteInstance(context, records, names, request);
            return {};
        },
    };
}

export function view(context: CloudContext, records: DatabaseRecords, record: InstanceRecord): DbInstance {
    return {
        ...shownOf(record),
        address: addressOf(record.identifier),
        status: statusOf(records, record),
        latestRestorableTime: latestRestorableTime(context, record),
        caCertificate: caCertificate(),
    };
}

/** RDS keeps identifiers in lower case. */
const normalised = (request: Request<"CreateDbInstance">): Request<"CreateDbInstance"> => ({
    ...request,
    identifier: request.identifier.toLowerCase(),
});

async function createInstance(
    context: CloudContext,
    records: DatabaseRecords,
    names: Names,
    request: Request<"CreateDbInstance">,
): Promise<DbInstance> {
    checkIdentifier("DBInstanceIdentifier", request.identifier, 63);
    checkSizes(request);
    refuseTaken(records, request.identifier);
    const content = await contentFor(context, records, request);
    refuseTaken(records, request.identifier); // it may have been taken meanwhile
    const record = newRecord(context, request, content);
    records.instances[record.identifier] = record;
    try {
        await content.copy();
    } catch (error) {
        delete records.instances[record.identifier];
        await removeStorage(record.identifier);
        throw error;
    }
    makeInBackground(context, names, record);
    return view(context, records, record);
}

function refuseTaken(records: DatabaseRecords, identifier: string): void {
    if (records.instances[identifier] !== undefined) {
        throw new CloudError("DBInstanceAlreadyExists", `DB instance already exists: ${identifier}`);
    }
}

function newRecord(context: CloudContext, request: Request<"CreateDbInstance">, content: Content): InstanceRecord {
    const { identifier, allocatedStorage, properties } = request;
    if (allocatedStorage !== undefined && allocatedStorage < content.allocatedStorage) {
        throw invalidCombination(
            `The allocated storage of ${identifier} (${allocatedStorage}) can't be less than its source's (${content.allocatedStorage}).`,
        );
    }
    const { availabilityZone: wantedZone, dbName, ...settings } = properties;
    const subnetId = subnetOfGroup(context, request.subnetGroupName, wantedZone);
    const { vpcId, availabilityZone } = context.subnets[subnetId];
    checkSettings(settings, context.things);
    const groups = request.vpcSecurityGroupIds;
    context.checkSecurityGroups(groups, vpcId);
    return {
        identifier,
        resourceId: context.newId("db"),
        engineVersion: content.engineVersion,
        instanceClass: request.instanceClass,
        allocatedStorage: allocatedStorage ?? content.allocatedStorage,
        username: content.username,
        port,
        vpcSecurityGroupIds: groups.length > 0 ? groups : [context.vpcs[vpcId].defaultSecurityGroupId],
        subnetGroupName: request.subnetGroupName,
        ...storageOf(request, content),
        deletionProtection: request.deletionProtection ?? false,
        availabilityZone,
        ...(typeof dbName === "string" && dbName !== "" && { dbName }),
        properties: { ...content.properties, ...settings },
        tags: request.tags,
        status: "creating",
        subnetId,
        privateIp: context.allocateAddress(subnetId),
        making: {
            origin: content.origin,
            password: request.password,
            ...(request.endsIn === "failed" && { fails: true }),
            ...(request.passwordMilliseconds !== undefined && { passwordMilliseconds: request.passwordMilliseconds }),
        },
    };
}

/** A restore takes the source's encryption, key and days of backups: its API knows none of the three. */
function storageOf(
    request: Request<"CreateDbInstance">,
    content: Content,
): Pick<InstanceRecord, "storageEncrypted" | "kmsKeyId" | "backupRetentionPeriod"> {
    if (content.origin.kind !== "new") {
        const { storageEncrypted, kmsKeyId, backupRetentionPeriod } = content;
        return { storageEncrypted, kmsKeyId, backupRetentionPeriod };
    }
    const storageEncrypted = request.storageEncrypted ?? false;
    return {
        storageEncrypted,
        kmsKeyId: storageEncrypted ? (request.kmsKeyId ?? defaultKey) : undefined,
        backupRetentionPeriod: request.backupRetentionPeriod ?? content.backupRetentionPeriod,
    };
}

/** The account's own for RDS (alias/aws/rds). */
const defaultKey = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-0000000000d5";

export function makeInBackground(context: CloudContext, names: Names, record: InstanceRecord): void {
    const { identifier } = record;
    context.background(
        `making database server ${identifier}`,
        () => context.exclusive(`database ${identifier}`, () => makeServer(context, names, record)),
        (error) => {
            delete record.making;
            record.status = "failed";
            record.failure = error.message;
            void stopServer(context, identifier);
        },
    );
}

async function modifyInstance(
    context: CloudContext,
    records: DatabaseRecords,
    request: Request<"ModifyDbInstance">,
): Promise<DbInstance> {
    const record = instanceOf(records, request.identifier);
    checkModification(context, records, record, request);
    const { password, backupRetentionPeriod, vpcSecurityGroupIds } = request;
    if (password !== undefined) {
        await changePassword(context, record, password, request.passwordMilliseconds);
    }
    if (backupRetentionPeriod !== undefined) {
        await setBackups(context, record, backupRetentionPeriod);
    }
    record.deletionProtection = request.deletionProtection ?? record.deletionProtection;
    record.allocatedStorage = request.allocatedStorage ?? record.allocatedStorage;
    record.instanceClass = request.instanceClass ?? record.instanceClass;
    record.properties = { ...record.properties, ...request.properties };
    if (vpcSecurityGroupIds !== undefined) {
        record.vpcSecurityGroupIds = vpcSecurityGroupIds;
        await context.applySecurityGroups();
    }
    return view(context, records, record);
}

function checkModification(
    context: CloudContext,
    records: DatabaseRecords,
    record: InstanceRecord,
    request: Request<"ModifyDbInstance">,
): void {
    requireAvailable(records, record, "Cannot modify");
    checkSizes(request);
    checkSettings(request.properties ?? {}, context.things);
    if (request.password !== undefined) {
        checkPassword(request.password);
    }
    if (request.allocatedStorage !== undefined && request.allocatedStorage < record.allocatedStorage) {
        throw invalidParameter(
            `Requested storage size (${request.allocatedStorage}) cannot be less than the current storage size (${record.allocatedStorage})`,
        );
    }
    context.checkSecurityGroups(request.vpcSecurityGroupIds ?? [], context.subnets[record.subnetId].vpcId);
}
