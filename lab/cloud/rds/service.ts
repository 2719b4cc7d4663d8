// RDS in the one-machine cloud: real PostgreSQL servers, their snapshots and point-in-time restores as one service.
import type { Tags } from "../api";
import type { CloudContext, Service } from "../service";
import { refreshBase } from "./backups";
import { ensureCa } from "./ca";
import { deleteInBackground } from "./deleting";
import { instanceHandlers, makeInBackground } from "./instances";
import { startAgain, stopInOrder } from "./making";
import type { Names } from "./making";
import { processOf, stopServer } from "./postgres";
import { emptyDatabases } from "./records";
import type { InstanceRecord } from "./records";
import { snapshotHandlers } from "./snapshots";

const watchMilliseconds = 5000;

export function databaseService(context: CloudContext, names: Names): Service {
    const records = context.records("rds", emptyDatabases());
    const instances = (): InstanceRecord[] => Object.values(records.instances);
    const available = (): InstanceRecord[] => instances().filter((record) => record.status === "available");
    const alone = (record: InstanceRecord, work: () => Promise<void>): Promise<void> =>
        context.exclusive(`database ${record.identifier}`, work);
    let watch: NodeJS.Timeout | undefined;
    let stopping = false;

    const care = (record: InstanceRecord): Promise<void> =>
        alone(record, async () => {
            if (!stopping && record.status === "available") {
                await keepRunning(context, names, record);
                await refreshBase(context, record);
            }
        }).catch((error: Error) => context.log(`database server ${record.identifier}: ${error.message}`));

    return {
        handlers: { ...instanceHandlers(context, records, names), ...snapshotHandlers(context, records) },
        async start() {
            await ensureCa();
            await Promise.all(available().map(care));
            for (const record of instances()) {
                if (record.status === "creating") {
                    makeInBackground(context, names, record);
                } else if (record.status === "deleting") {
                    deleteInBackground(context, records, names, record);
                }
            }
            watch = setInterval(() => void Promise.all(available().map(care)), watchMilliseconds);
        },
        async stop() {
            stopping = true;
            clearInterval(watch);
            await Promise.all(instances().map((record) => alone(record, () => stopInOrder(context, record))));
        },
        members: () =>
            instances().map(({ identifier, resourceId, subnetId, privateIp, vpcSecurityGroupIds }) => ({
                id: identifier,
                namespace: context.namespaceName(resourceId),
                subnetId,
                address: privateIp,
                securityGroupIds: vpcSecurityGroupIds,
            })),
        tagged: (id): { tags: Tags } | undefined =>
            records.instances[id] ?? instances().find(({ resourceId }) => resourceId === id) ?? records.snapshots[id],
    };
}

/** A server that ended by itself is started again, as RDS does. */
async function keepRunning(context: CloudContext, names: Names, record: InstanceRecord): Promise<void> {
    if (processOf(context, record.identifier) === undefined) {
        context.log(`database server ${record.identifier} doesn't run; starting it`);
        await stopServer(context, record.identifier); // forgets the old process
        await startAgain(context, names, record);
    }
}
