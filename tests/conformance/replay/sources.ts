// The servers that production may have: as AWS makes them (`made`), and as the program reads them (`serverSettings`, of aws.rds.getInstance).
import { Shape, shapes } from "../../program/shapes";
import type { Configuration } from "../configurations";

export interface Source extends Configuration {
    /** What differs from an environment's server, as parameters of CreateDBInstance. */
    made: Record<string, unknown>;
}

const otherKey = "arn:aws:kms:us-east-1:210987654321:key/99999999-9999-4999-8999-999999999999";

const encrypted = { StorageEncrypted: true, KmsKeyId: otherKey };
const settings = {
    made: {
        ...{
            BackupRetentionPeriod: 14,
            DBParameterGroupName: "acme-15",
            StorageType: "io1",
            Iops: 3000,
            AllocatedStorage: 400,
        },
        ...{ MultiAZ: true, Port: 5433, MaxAllocatedStorage: 1000, EnableIAMDatabaseAuthentication: true },
        ...{ AutoMinorVersionUpgrade: false, EnableCloudwatchLogsExports: ["postgresql"], CopyTagsToSnapshot: false },
    },
    serverSettings: {
        ...{
            backupRetentionPeriod: 14,
            dbParameterGroups: ["acme-15"],
            storageType: "io1",
            iops: 3000,
            allocatedStorage: 400,
        },
        ...{ multiAz: true, port: 5433, maxAllocatedStorage: 1000, autoMinorVersionUpgrade: false },
        enabledCloudwatchLogsExports: ["postgresql"],
    },
};

const two: Shape = {
    ...shapes.plain,
    databases: { ...shapes.plain.databases, connect: { server: "acme-db-2", name: "connect", user: "connect" } },
};

const plain = { shape: shapes.plain, backupDays: 7, staging: {} };
const asEver = { made: { StorageEncrypted: true }, serverSettings: {} };

export const sources: Source[] = [
    { name: "as-the-environment", ...plain, ...asEver },
    { name: "another-key", ...plain, made: encrypted, serverSettings: { kmsKeyId: otherKey } },
    {
        name: "other-settings",
        ...plain,
        made: { ...encrypted, ...settings.made },
        serverSettings: { kmsKeyId: otherKey, ...settings.serverSettings },
    },
    {
        name: "other-settings-by-snapshot",
        ...plain,
        backupDays: 0,
        made: { ...encrypted, ...settings.made, BackupRetentionPeriod: 0 },
        serverSettings: { kmsKeyId: otherKey, ...settings.serverSettings, backupRetentionPeriod: 0 },
    },
    { name: "two-servers", ...plain, shape: two, made: encrypted, serverSettings: { kmsKeyId: otherKey } },
];

/** No environment takes this one: refused before anything is built. */
export const unencrypted: Source = {
    name: "unencrypted",
    ...plain,
    made: { StorageEncrypted: false },
    serverSettings: { storageEncrypted: false, kmsKeyId: "" },
};
