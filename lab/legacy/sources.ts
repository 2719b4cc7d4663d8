// Where the old production keeps its data, in the ways that real installations do: chosen by SOURCES.
import { perProduct } from "../../products";
import type { ProductId } from "../../products/ids";

export interface Place {
    mount: string;
    /** Places with the same word lie on one volume. */
    volume: string;
    /** Of the volume's file system; all of it when absent. */
    folder?: string;
}

export interface ProductSources {
    places: Place[];
    /** "external": the same server, spoken of as one that is not RDS. */
    database: "rds" | "external" | "local" | "sqlite";
}

export type SourcesName = "plain" | "volumes" | "mixed" | "shared";

/** Of Postgres on a product's own host, as somebody set it up by hand. */
export const localPostgres = {
    unit: "postgresql-local",
    mount: "/var/lib/postgresql",
    dataDirectory: "/var/lib/postgresql/main",
};

/** As /etc/fstab has it. */
export const sharedHomes = { source: "/run/file-server/homes", type: "none", options: "bind", mount: "/home" };

const own = (...mounts: string[]): Place[] => mounts.map((mount) => ({ mount, volume: mount }));

/** EC2's device names of data volumes here are f to m. */
export const mostVolumes = 8;

/**
 * With so many volumes on each host: all that a product has lies on the first one, beside it are further ones that are nobody's but the operator's
 * to name.
 */
export function withVolumes(of: Record<ProductId, ProductSources>, volumes: number): Record<ProductId, ProductSources> {
    const further = Array.from({ length: volumes - 1 }, (_, index) => `/data/${index + 1}`);
    return perProduct((product) => {
        const { places, database } = of[product];
        const first = places.map(({ mount }): Place => ({
            mount,
            volume: "first",
            ...(places.length > 1 && { folder: mount }),
        }));
        return { places: [...first, ...own(...further)], database };
    });
}

export const sources: Record<SourcesName, Record<ProductId, ProductSources>> = {
    plain: {
        packageManager: { places: own("/var/lib/rstudio-pm"), database: "rds" },
        workbench: { places: own("/home", "/var/lib/rstudio-server"), database: "rds" },
        connect: { places: own("/var/lib/rstudio-connect"), database: "rds" },
    },
    // Four volumes a host.
    volumes: {
        packageManager: {
            places: own(
                "/var/lib/rstudio-pm",
                "/var/lib/rstudio-pm/packages-archive",
                "/var/lib/rstudio-pm/git",
                "/var/lib/rstudio-pm/bundles",
            ),
            database: "rds",
        },
        workbench: {
            places: own("/home", "/var/lib/rstudio-server", "/data/projects", "/data/models"),
            database: "rds",
        },
        connect: {
            places: own(
                "/var/lib/rstudio-connect",
                "/var/lib/rstudio-connect/bundles",
                "/var/lib/rstudio-connect/apps",
                "/var/lib/rstudio-connect/apps-archive",
            ),
            database: "rds",
        },
    },
    // Homes on a file server (played by a folder that all hosts have).
    shared: {
        packageManager: { places: own("/var/lib/rstudio-pm"), database: "rds" },
        workbench: { places: own("/var/lib/rstudio-server"), database: "rds" },
        connect: { places: own("/var/lib/rstudio-connect"), database: "rds" },
    },
    // One of each: data that is part of a bigger file system, several places on one volume, several volumes below each other;
    // SQLite, Postgres on the host itself, Postgres on a server that knows no snapshots.
    mixed: {
        packageManager: {
            places: [{ mount: "/var/lib/rstudio-pm", volume: "system", folder: "/var/lib/rstudio-pm" }],
            database: "sqlite",
        },
        workbench: {
            places: [
                { mount: "/home", volume: "data", folder: "/home" },
                { mount: "/var/lib/rstudio-server", volume: "data", folder: "/srv/rstudio-server" },
                { mount: localPostgres.mount, volume: "postgres" },
            ],
            database: "local",
        },
        connect: {
            places: own(
                "/var/lib/rstudio-connect",
                "/var/lib/rstudio-connect/bundles",
                "/var/lib/rstudio-connect/apps",
            ),
            database: "external",
        },
    },
};
