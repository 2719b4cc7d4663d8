// RDS: the servers that stand, their snapshots, and which classes can be ordered.
import {
    DBInstance,
    paginateDescribeDBInstances,
    paginateDescribeDBSnapshots,
    paginateDescribeOrderableDBInstanceOptions,
} from "@aws-sdk/client-rds";
import { answered, CloudAnswer } from "../answer";
import type { Cloud } from "../cloud";
import type { Counted, OrderableClass, ServerStanding } from "../facts";

/** All of the account's in this region: what is asked of one, and how many there are. */
export function standingServers({ rds }: Cloud): Promise<CloudAnswer<ServerStanding[]>> {
    return answered("rds:DescribeDBInstances", async () => {
        const found: DBInstance[] = [];
        for await (const { DBInstances = [] } of paginateDescribeDBInstances({ client: rds }, {})) {
            found.push(...DBInstances);
        }
        return found.map(standingOf);
    });
}

function standingOf(instance: DBInstance): ServerStanding {
    return {
        server: instance.DBInstanceIdentifier ?? "",
        engine: instance.Engine ?? "",
        engineVersion: instance.EngineVersion ?? "",
        instanceClass: instance.DBInstanceClass ?? "",
        status: instance.DBInstanceStatus ?? "",
        storage: instance.AllocatedStorage ?? 0,
        storageType: instance.StorageType ?? "",
        encrypted: instance.StorageEncrypted ?? false,
        ...(instance.KmsKeyId !== undefined && { kmsKeyId: instance.KmsKeyId }),
        backupRetentionPeriod: instance.BackupRetentionPeriod ?? 0,
        multiAz: instance.MultiAZ ?? false,
        ...(instance.LatestRestorableTime && { latestRestorable: instance.LatestRestorableTime.toISOString() }),
        ...(instance.DBClusterIdentifier !== undefined && { cluster: instance.DBClusterIdentifier }),
        ...(instance.AvailabilityZone !== undefined && { zone: instance.AvailabilityZone }),
    };
}

const fewEnough = 1_000;

export function manualServerSnapshots({ rds }: Cloud): Promise<CloudAnswer<Counted>> {
    return answered("rds:DescribeDBSnapshots", async () => {
        let count = 0;
        const pages = paginateDescribeDBSnapshots({ client: rds }, { SnapshotType: "manual" });
        for await (const { DBSnapshots = [] } of pages) {
            count += DBSnapshots.length;
            if (count >= fewEnough) return { count, more: true };
        }
        return { count, more: false };
    });
}

/** Of every version of PostgreSQL: one of a major version alone is asked for too. */
export function orderableClass({ rds }: Cloud, instanceClass: string): Promise<CloudAnswer<OrderableClass[]>> {
    return answered("rds:DescribeOrderableDBInstanceOptions", async () => {
        const options = { Engine: "postgres", DBInstanceClass: instanceClass, Vpc: true, MaxRecords: 1000 };
        const found: OrderableClass[] = [];
        for await (const page of paginateDescribeOrderableDBInstanceOptions({ client: rds }, options)) {
            for (const option of page.OrderableDBInstanceOptions ?? []) {
                found.push({
                    engineVersion: option.EngineVersion ?? "",
                    storageType: option.StorageType ?? "",
                    zones: (option.AvailabilityZones ?? []).flatMap(({ Name }) => (Name === undefined ? [] : [Name])),
                    encryption: option.SupportsStorageEncryption ?? false,
                });
            }
        }
        return found;
    });
}
