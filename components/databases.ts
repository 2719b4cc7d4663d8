// The databases of an environment: in phase install one fresh server with a role and a database per product; in phase migrate
// the servers that a capture has, each restored as a new one, with passwords and ownership set from a host beside it, and a fresh one
// for what came along on volumes. A product on SQLite has none here.
import * as aws from "@pulumi/aws";
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { freeServerSnapshotIdentifier } from "../cloud/capture/snapshots";
import { CaptureManifest } from "../contract/production";
import { passwordVerifiers } from "../logic/passwordVerifier";
import { rdsName } from "../logic/physicalNames";
import type { Secret } from "../logic/secret";
import { inOrder, ProductId, products } from "../products";
import { certificateFile } from "../remote/certificateFile";
import { DatabaseOrigin, DatabaseServer, DatabaseServerArgs } from "./databaseServer";
import { ProductDatabase } from "./productDatabase";
import { Runner } from "./runner";
import { revealed } from "./secrets";

export interface DatabasesArgs {
    /** Physical name of the fresh server; restored ones get the token and their source's name added. */
    identifier: string;
    server: Pick<
        DatabaseServerArgs,
        | "engineVersion"
        | "instanceClass"
        | "allocatedStorage"
        | "masterUsername"
        | "masterPassword"
        | "securityGroupIds"
        | "kmsKeyId"
        | "backupRetentionDays"
        | "deletionProtection"
        | "tags"
    >;
    subnetIds: pulumi.Input<string>[];
    passwords: Partial<Record<ProductId, Secret<string>>>;
    /** PEM of the CA that signed the servers' certificates. */
    caCertificate?: string;
    capture?: CaptureManifest;
    /** Products that keep their data in SQLite, in their data directory. */
    sqlite: ProductId[];
    /** Runs psql against restored servers. */
    runner: Runner;
}

/** Where a product finds its database. */
export type DatabaseLocation = ServerDatabase | { kind: "sqlite"; ready: pulumi.Resource[] };

interface ServerDatabase {
    kind: "rds";
    /** The server's identifier, for a later capture. */
    server: pulumi.Output<string>;
    host: pulumi.Output<string>;
    name: string;
    user: string;
    /** What must exist before the product starts. */
    ready: pulumi.Resource[];
}

export class Databases extends pulumi.ComponentResource {
    readonly locations: Record<ProductId, DatabaseLocation>;

    constructor(name: string, args: DatabasesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Databases", name, {}, opts);
        const { capture, sqlite } = args;
        const onServers = inOrder.filter((product) => !sqlite.includes(product));
        const fresh = capture
            ? loadedDatabases(capture)
            : onServers.map((product) => ({
                  product,
                  name: products[product].defaultDatabase,
                  role: products[product].defaultRole,
              }));
        const subnets = onServers.length > 0 ? this.subnets(name, args) : undefined;
        this.locations = {
            ...Object.fromEntries(sqlite.map((product) => [product, { kind: "sqlite", ready: [] }])),
            ...(subnets && fresh.length > 0 && this.fresh(name, args, fresh, subnets)),
            ...(subnets && capture && this.restored(name, args, capture, subnets)),
        } as Record<ProductId, DatabaseLocation>;
        this.registerOutputs({});
    }

    private subnets(name: string, args: DatabasesArgs): aws.rds.SubnetGroup {
        return new aws.rds.SubnetGroup(
            `${name}-subnets`,
            {
                name: `${args.identifier}-subnets`,
                subnetIds: args.subnetIds,
                description: "Product databases",
                tags: args.server.tags,
            },
            { parent: this },
        );
    }

    /** One server with an empty database for each; a capture's has its token in the name, as its restored ones do. */
    private fresh(
        name: string,
        args: DatabasesArgs,
        wanted: { product: ProductId; name: string; role: string }[],
        subnets: aws.rds.SubnetGroup,
    ): Partial<Record<ProductId, DatabaseLocation>> {
        const captured = args.capture ? [args.capture.token] : [];
        const key = captured.map((token) => `-${token}`).join("");
        const server = new DatabaseServer(
            `${name}-server${key}`,
            {
                ...args.server,
                identifier: rdsName([args.identifier, ...captured]),
                origin: { kind: "fresh" },
                subnetGroupName: subnets.name,
                ...(args.capture && {
                    finalSnapshotIdentifier: freeServerSnapshotIdentifier(finalName([args.identifier, ...captured])),
                }),
            },
            { parent: this },
        );
        const provider = new postgresql.Provider(
            `${name}-provider${key}`,
            {
                host: server.address,
                username: args.server.masterUsername,
                password: revealed(args.server.masterPassword),
                superuser: false, // a managed server's master is none
                // Whoever stands between would be given the master's password otherwise.
                ...(args.caCertificate === undefined
                    ? { sslmode: "require" }
                    : { sslmode: "verify-full", sslrootcert: certificateFile(args.caCertificate) }),
                connectTimeout: 15,
            },
            { parent: this },
        );
        const entries = wanted.map(({ product, name: database, role }): [ProductId, ServerDatabase] => {
            const made = new ProductDatabase(
                `${name}-${products[product].slug}${key}`,
                {
                    database,
                    role,
                    password: passwordOf(args, product),
                    provider,
                    server: server.instance,
                },
                { parent: this },
            );
            return [product, locationOf(server, database, role, made)];
        });
        return Object.fromEntries(entries);
    }

    private restored(
        name: string,
        args: DatabasesArgs,
        capture: CaptureManifest,
        subnets: aws.rds.SubnetGroup,
    ): Partial<Record<ProductId, DatabaseLocation>> {
        const locations = capture.databases.flatMap((source) => {
            const key = `${capture.token}-${source.server}`;
            const server = new DatabaseServer(
                `${name}-server-${key}`,
                {
                    ...args.server,
                    identifier: rdsName([args.identifier, key]),
                    origin: originOf(source),
                    subnetGroupName: subnets.name,
                    // The same capture may be restored, and given up, more than once.
                    finalSnapshotIdentifier: freeServerSnapshotIdentifier(finalName([args.identifier, key])),
                },
                { parent: this },
            );
            const owned = this.setOwners(`${name}-owners-${key}`, args, server, source);
            return source.databases.map(({ product, name: database, role }): [ProductId, DatabaseLocation] => [
                product,
                locationOf(server, database, role, owned),
            ]);
        });
        return Object.fromEntries(locations);
    }

    /** Roles and databases came with the copy; the passwords that products use here are this environment's own. */
    private setOwners(
        name: string,
        args: DatabasesArgs,
        server: DatabaseServer,
        source: CaptureManifest["databases"][number],
    ) {
        const databases = pulumi
            .all([
                server.instance.identifier,
                ...source.databases.map(({ product }) => revealed(passwordOf(args, product))),
            ])
            .apply(([identifier, ...passwords]) =>
                source.databases.map(({ name: database, role }, index) => ({
                    name: database,
                    role,
                    ...passwordVerifiers(passwords[index], role, identifier),
                })),
            );
        return args.runner.run(
            name,
            {
                script: "restore-database",
                repeat: "once",
                variables: {
                    DATABASE_HOST: server.address,
                    DATABASE_PORT: "5432",
                    MASTER_USER: server.instance.username,
                    MASTER_PASSWORD: revealed(args.server.masterPassword),
                    DATABASE_CA: args.caCertificate ?? "",
                    DATABASES: pulumi.secret(databases),
                },
                triggers: [server.instance.id],
            },
            { parent: this },
        );
    }
}

/** With room for the number that one taken before makes necessary. */
function finalName(parts: string[]): string {
    return rdsName([...parts, "final"], { longest: 250 });
}

function originOf(source: CaptureManifest["databases"][number]): DatabaseOrigin {
    if (source.method === "pointInTime" && source.restoreTime) {
        return { kind: "pointInTime", source: source.server, restoreTime: source.restoreTime };
    }
    if (source.method === "snapshot" && source.snapshotIdentifier) {
        return { kind: "snapshot", snapshotIdentifier: source.snapshotIdentifier };
    }
    throw new Error(`capture: server ${source.server} has neither a snapshot nor a moment to restore to`);
}

/** Those of a capture that came along on volumes and belong on a server. */
export function loadedDatabases(capture: CaptureManifest) {
    return capture.volumeDatabases.flatMap((database) => (database.method === "sqlite" ? [] : [database]));
}

function locationOf(server: DatabaseServer, name: string, user: string, ready: pulumi.Resource): ServerDatabase {
    return { kind: "rds", server: server.instance.identifier, host: server.address, name, user, ready: [ready] };
}

/** The gates have asked for it already. */
function passwordOf({ passwords }: DatabasesArgs, product: ProductId): Secret<string> {
    const password = passwords[product];
    if (password === undefined) {
        throw new Error(`there is no databasePasswords.${product}`);
    }
    return password;
}
