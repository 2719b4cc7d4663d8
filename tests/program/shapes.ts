// Shapes of a production as the program meets them: where each product's data and database are, in a stack file's words.
import type { ProductId } from "../../products/ids";

type Volume = { volumeId: string; mount: string; folder?: string };
type Database = { kind?: string; name?: string } & Record<string, unknown>;

export interface Shape {
    volumes: Record<ProductId, Volume[]>;
    databases: Record<ProductId, Database>;
    /** In a stack file's words; where Workbench's homes are on a file server. */
    sharedHomes?: Record<string, string>;
}

const volume = (number: number) => `vol-0a1b2c3d4e5f678${String(number).padStart(2, "0")}`;
const rds = (name: string): Database => ({ server: "acme-db", name, user: name });

const plain: Shape = {
    volumes: {
        packageManager: [{ volumeId: volume(10), mount: "/var/lib/rstudio-pm" }],
        workbench: [
            { volumeId: volume(20), mount: "/home" },
            { volumeId: volume(21), mount: "/var/lib/rstudio-server" },
        ],
        connect: [{ volumeId: volume(30), mount: "/var/lib/rstudio-connect" }],
    },
    databases: { packageManager: rds("packagemanager"), workbench: rds("workbench"), connect: rds("connect") },
};

export const shapes = {
    plain,
    /** Several volumes of each host, some below others. */
    volumes: {
        ...plain,
        volumes: {
            packageManager: [
                ...plain.volumes.packageManager,
                { volumeId: volume(11), mount: "/var/lib/rstudio-pm/git" },
            ],
            workbench: [...plain.volumes.workbench, { volumeId: volume(22), mount: "/data/projects" }],
            connect: [
                ...plain.volumes.connect,
                { volumeId: volume(31), mount: "/var/lib/rstudio-connect/apps" },
                { volumeId: volume(32), mount: "/srv/models" },
            ],
        },
    },
    /** One kind of database each; data that is part of a bigger file system, and two places on one volume. */
    mixed: {
        volumes: {
            packageManager: [{ volumeId: volume(10), mount: "/var/lib/rstudio-pm", folder: "/var/lib/rstudio-pm" }],
            workbench: [
                { volumeId: volume(20), mount: "/home", folder: "/home" },
                { volumeId: volume(20), mount: "/var/lib/rstudio-server", folder: "/srv/rstudio-server" },
                { volumeId: volume(21), mount: "/var/lib/postgresql" },
            ],
            connect: plain.volumes.connect,
        },
        databases: {
            packageManager: { kind: "sqlite" },
            workbench: {
                kind: "local",
                unit: "postgresql@15-main",
                dataDirectory: "/var/lib/postgresql/15/main",
                name: "workbench",
                user: "workbench",
            },
            connect: { kind: "external", host: "db.acme.com", port: 5432, name: "connect", user: "connect" },
        },
    },
    shared: {
        ...plain,
        volumes: { ...plain.volumes, workbench: plain.volumes.workbench.slice(1) },
        sharedHomes: { source: "files.acme.com:/homes", type: "nfs4", options: "hard", mount: "/home" },
    },
} satisfies Record<string, Shape>;
