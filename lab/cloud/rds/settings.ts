// A server's settings beside those that the cloud acts on, under the names of the SDK: RDS's defaults, and what a restore takes from its source.
import { CloudError } from "../api";
import type { Thing } from "../api";

export type Settings = Record<string, unknown>;

/** API reference of CreateDBInstance; windows and CA are AWS's to choose, these are examples. */
export const newSettings = (major: string): Settings => ({
    ...{ storageType: "gp3", iops: 3000, storageThroughput: 125, multiAz: false, networkType: "IPV4" },
    ...{ publiclyAccessible: false, copyTagsToSnapshot: false, autoMinorVersionUpgrade: true },
    ...{ parameterGroupName: defaultParameterGroup(major), optionGroupName: `default:postgres-${major}` },
    ...{ caCertIdentifier: "rds-ca-rsa2048-g1", licenseModel: "postgresql-license" },
    ...{ backupWindow: "03:10-03:40", maintenanceWindow: "sun:05:10-sun:05:40" },
    ...{ engineLifecycleSupport: "open-source-rds-extended-support", databaseInsightsMode: "standard" },
    ...{ iamDatabaseAuthenticationEnabled: false, performanceInsightsEnabled: false, monitoringInterval: 0 },
});

const defaultParameterGroup = (major: string): string => `default.postgres${major}`;

/**
 * RestoreDBInstanceToPointInTime and …FromDBSnapshot (API model 2014-10-31): what these are not told has its default, whatever the source has. Of
 * growth and logs the model says nothing: that there are none, and that all else is the source's, is assumed.
 */
export function restoredSettings(source: Settings, major: string): Settings {
    const { storageType, iops, storageThroughput, multiAz, publiclyAccessible, parameterGroupName, ...rest } =
        newSettings(major);
    const { copyTagsToSnapshot, iamDatabaseAuthenticationEnabled } = rest;
    return {
        ...rest,
        ...source,
        ...{ storageType, iops, storageThroughput, multiAz, publiclyAccessible, parameterGroupName },
        ...{ copyTagsToSnapshot, iamDatabaseAuthenticationEnabled },
        ...{ maxAllocatedStorage: 0, enabledCloudwatchLogsExports: [] },
    };
}

export function checkSettings(settings: Settings, things: Readonly<Record<string, Thing>>): void {
    const { parameterGroupName: name } = settings;
    const known = Object.values(things).some(
        ({ type, id }) => type === "aws:rds/parameterGroup:ParameterGroup" && id === name,
    );
    if (typeof name === "string" && !name.startsWith("default.") && !known) {
        throw new CloudError("DBParameterGroupNotFound", `DBParameterGroup not found: ${name}`);
    }
}
