// What is said of an environment that serves: whether anything keeps it from being deleted, and whether anybody takes backups of it.
import * as pulumi from "@pulumi/pulumi";
import { backupsOf } from "../cloud/backups";
import { EnvironmentConfig } from "../config/schema";
import { EnvironmentOutputs } from "../contract/environment";
import { serverOf } from "../databases";
import { BackupFound, missingBackups } from "../logic/backups";
import { byProduct, products } from "../products";

/** Said, and in the way of nothing. */
export async function careOf(config: EnvironmentConfig, own: EnvironmentOutputs): Promise<Record<string, BackupFound>> {
    if (!config.deletionProtection) {
        void pulumi.log.warn(
            "this environment serves users, and nothing keeps its hosts, volumes and databases from being deleted: set posit:deletionProtection to true",
        );
    }
    const volumes = byProduct(own.hosts).flatMap(([product, { dataVolumes }]) =>
        dataVolumes.map(({ mount, volumeId }): [string, string] => [`${products[product].title} ${mount}`, volumeId]),
    );
    const servers = byProduct(own.databases).flatMap(([, databases]) =>
        databases.flatMap((one) => serverOf(one) ?? []),
    );
    const backups = await backupsOf(
        { volumes: Object.fromEntries(volumes), servers: [...new Set(servers)] },
        new Date(),
    );
    const missing = missingBackups(backups);
    if (missing !== undefined) {
        void pulumi.log.warn(missing);
    }
    return backups;
}
