// Production's servers as exported states tell of them: the manifests of captures have what each was when it was captured.
import { z } from "zod";
import { serverSettings } from "../../../databases";

const server = z.object({
    server: z.string(),
    storageEncrypted: z.boolean().optional(),
    kmsKeyId: z.string().optional(),
    settings: serverSettings.default({}),
});

const published = z.object({
    contract: z.object({ captures: z.record(z.string(), z.object({ databases: z.array(server) })) }),
});

const exported = z.object({
    deployment: z.object({
        resources: z.array(z.object({ type: z.string(), outputs: z.unknown().optional() })).nullish(),
    }),
});

/**
 * As parameters of CreateDBInstance. Of servers that differ the one that was captured last is taken for all: what is played knows one kind of them.
 * @param texts exports, as they followed each other.
 */
export function sourceIn(texts: string[]): Record<string, unknown> {
    const stacks = texts.flatMap((text) =>
        (exported.parse(JSON.parse(text)).deployment.resources ?? []).filter(
            ({ type }) => type === "pulumi:pulumi:Stack",
        ),
    );
    const servers = stacks.flatMap(({ outputs }) => {
        const read = published.safeParse(outputs);
        return read.success ? Object.values(read.data.contract.captures).flatMap(({ databases }) => databases) : [];
    });
    const last = servers.at(-1);
    return last === undefined ? { StorageEncrypted: true } : madeAs(last);
}

function madeAs({ storageEncrypted = true, kmsKeyId, settings }: z.infer<typeof server>): Record<string, unknown> {
    const parameters = {
        StorageEncrypted: storageEncrypted,
        KmsKeyId: kmsKeyId,
        DBInstanceClass: settings.instanceClass,
        AllocatedStorage: settings.allocatedStorage,
        MaxAllocatedStorage: settings.maxAllocatedStorage,
        StorageType: settings.storageType,
        Iops: settings.iops,
        StorageThroughput: settings.storageThroughput,
        MultiAZ: settings.multiAz,
        DBParameterGroupName: settings.parameterGroup,
        BackupRetentionPeriod: settings.backupRetention,
        Port: settings.port,
        AutoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
        EnableCloudwatchLogsExports: settings.logs,
    };
    return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}
