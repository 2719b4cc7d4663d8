// A server of RDS as its own settings describe it: what a capture notes of them, and what a restore must be told, since RDS would take a default
// instead of the source's (decision 29). Facts about the API are of botocore's model of RDS (2014-10-31), unless another source is named.
import { z } from "zod";
import { postgresPort } from "../products";

/** In a manifest. What RDS does not tell, or has none of, is absent. */
export const serverSettings = z.object({
    instanceClass: z.string().optional(),
    /** GiB */
    allocatedStorage: z.number().optional(),
    /** GiB that storage may grow to by itself. */
    maxAllocatedStorage: z.number().optional(),
    storageType: z.string().optional(),
    iops: z.number().optional(),
    /** MiB/s */
    storageThroughput: z.number().optional(),
    multiAz: z.boolean().optional(),
    availabilityZone: z.string().optional(),
    parameterGroup: z.string().optional(),
    /** Days of automated backups. */
    backupRetention: z.number().optional(),
    port: z.number().optional(),
    autoMinorVersionUpgrade: z.boolean().optional(),
    /** Logs that go to CloudWatch. */
    logs: z.array(z.string()).optional(),
});
export type ServerSettings = z.infer<typeof serverSettings>;

/** As the look-up names them; some are "" or 0 where there are none. */
export interface SeenServer {
    dbInstanceClass?: string;
    allocatedStorage?: number;
    maxAllocatedStorage?: number;
    storageType?: string;
    iops?: number;
    storageThroughput?: number;
    multiAz?: boolean;
    availabilityZone?: string;
    dbParameterGroups?: string[];
    backupRetentionPeriod?: number;
    port?: number;
    autoMinorVersionUpgrade?: boolean;
    enabledCloudwatchLogsExports?: string[];
}

export function settingsSeen(seen: SeenServer): ServerSettings {
    const logs = seen.enabledCloudwatchLogsExports ?? [];
    return {
        ...present({
            instanceClass: seen.dbInstanceClass,
            allocatedStorage: seen.allocatedStorage,
            maxAllocatedStorage: seen.maxAllocatedStorage,
            storageType: seen.storageType,
            iops: seen.iops,
            storageThroughput: seen.storageThroughput,
            availabilityZone: seen.availabilityZone,
            parameterGroup: seen.dbParameterGroups?.[0],
            port: seen.port,
        }),
        ...(seen.multiAz !== undefined && { multiAz: seen.multiAz }),
        ...(seen.autoMinorVersionUpgrade !== undefined && { autoMinorVersionUpgrade: seen.autoMinorVersionUpgrade }),
        ...(seen.backupRetentionPeriod !== undefined && { backupRetention: seen.backupRetentionPeriod }),
        ...(logs.length > 0 && { logs: [...logs].sort() }),
    };
}

function present<T extends object>(values: T): Partial<T> {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => Boolean(value))) as Partial<T>;
}

/** By the names that the provider has for them. */
export interface ToldRestore {
    parameterGroupName?: string;
    multiAz?: boolean;
    storageType?: string;
    iops?: number;
    storageThroughput?: number;
    maxAllocatedStorage?: number;
    enabledCloudwatchLogsExports?: string[];
    autoMinorVersionUpgrade?: boolean;
    port?: number;
}

/**
 * Without being told, a restored server has the engine's default parameter group, stands in one zone, on storage of type gp3, does not grow and
 * sends no logs; the provider asks for minor upgrades unless it hears otherwise. Its port is the one where this environment looks for it.
 */
export function toldToRestore(settings: ServerSettings = {}): ToldRestore {
    const { parameterGroup = "", multiAz, maxAllocatedStorage, logs, autoMinorVersionUpgrade, port } = settings;
    return {
        ...(parameterGroup !== "" && !parameterGroup.startsWith("default.") && { parameterGroupName: parameterGroup }),
        ...(multiAz && { multiAz }),
        ...storageTold(settings),
        ...(maxAllocatedStorage !== undefined && { maxAllocatedStorage }),
        ...(logs && { enabledCloudwatchLogsExports: logs }),
        ...(autoMinorVersionUpgrade === false && { autoMinorVersionUpgrade }),
        ...(port !== undefined && port !== postgresPort && { port: postgresPort }),
    };
}

/**
 * What a new server, which is told none of this, would not have of its source's, for people: what a restore is told. Its port is no loss, nor are
 * days of backups, which are the environment's own either way.
 */
export function notOnFresh(settings: ServerSettings): string[] {
    const told = toldToRestore(settings);
    return [
        ...(told.parameterGroupName ? [`parameter group ${told.parameterGroupName}`] : []),
        ...(told.multiAz ? ["a second zone (Multi-AZ)"] : []),
        ...(told.storageType ? [`storage ${told.storageType} with ${told.iops} IOPS`] : []),
        ...(told.maxAllocatedStorage ? [`storage that grows to ${told.maxAllocatedStorage} GiB`] : []),
        ...(told.enabledCloudwatchLogsExports
            ? [`logs in CloudWatch (${told.enabledCloudwatchLogsExports.join(", ")})`]
            : []),
        ...(told.autoMinorVersionUpgrade === false ? ["minor versions that stay"] : []),
    ];
}

/** GiB; RDS for PostgreSQL takes no IOPS and no throughput for a smaller gp3 (RDS User Guide, "gp3 storage"). */
const provisionedFrom = 400;

function storageTold({ storageType, iops, storageThroughput, allocatedStorage = 0 }: ServerSettings): ToldRestore {
    switch (storageType) {
        case "io1":
        case "io2":
            return iops === undefined ? {} : { storageType, iops };
        case "gp3":
            return allocatedStorage >= provisionedFrom && iops !== undefined && storageThroughput !== undefined
                ? { storageType, iops, storageThroughput }
                : {};
        default:
            return {};
    }
}
