// The databases of an environment: in phase install one fresh server with a role and a database per product; in phase migrate
// the servers that a capture has, each restored as a new one, with passwords and ownership set from a host beside it.
import * as aws from "@pulumi/aws";
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { freeServerSnapshotIdentifier } from "../cloud/snapshots";
import { CaptureManifest } from "../contract/production";
import { ProductId, productIds, products } from "../products";
import { DatabaseOrigin, DatabaseServer, DatabaseServerArgs } from "./databaseServer";
import { ProductDatabase } from "./productDatabase";
import { Runner } from "./runner";

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
    passwords: Record<ProductId, pulumi.Input<string>>;
    /** PEM of the CA that signed the servers' certificates. */
    caCertificate?: string;
    capture?: CaptureManifest;
    /** Runs psql against restored servers. */
    runner: Runner;
}

/** Where a product finds its database. */
export interface DatabaseLocation {
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
        const subnets = new aws.rds.SubnetGroup(
            `${name}-subnets`,
            {
                name: `${args.identifier}-subnets`,
                subnetIds: args.subnetIds,
                description: "Product databases",
                tags: args.server.tags,
            },
            { parent: this },
        );
        this.locations = args.capture
            ? this.restored(name, args, args.capture, subnets)
            : this.fresh(name, args, subnets);
        this.registerOutputs({});
    }

    private fresh(
        name: string,
        args: DatabasesArgs,
        subnets: aws.rds.SubnetGroup,
    ): Record<ProductId, DatabaseLocation> {
        const server = new DatabaseServer(
            `${name}-server`,
            { ...args.server, identifier: args.identifier, origin: { kind: "fresh" }, subnetGroupName: subnets.name },
            { parent: this },
        );
        const provider = new postgresql.Provider(
            `${name}-provider`,
            {
                host: server.address,
                username: args.server.masterUsername,
                password: pulumi.secret(args.server.masterPassword),
                superuser: false, // a managed server's master is none
                sslmode: "require",
                connectTimeout: 15,
            },
            { parent: this },
        );
        return byProduct((product) => {
            const { slug, defaultDatabase, defaultRole } = products[product];
            const database = new ProductDatabase(
                `${name}-${slug}`,
                {
                    database: defaultDatabase,
                    role: defaultRole,
                    password: args.passwords[product],
                    provider,
                    server: server.instance,
                },
                { parent: this },
            );
            return {
                server: server.instance.identifier,
                host: server.address,
                name: defaultDatabase,
                user: defaultRole,
                ready: [database],
            };
        });
    }

    private restored(
        name: string,
        args: DatabasesArgs,
        capture: CaptureManifest,
        subnets: aws.rds.SubnetGroup,
    ): Record<ProductId, DatabaseLocation> {
        const locations = capture.databases.flatMap((source) => {
            const key = `${capture.token}-${source.server}`;
            const server = new DatabaseServer(
                `${name}-server-${key}`,
                {
                    ...args.server,
                    identifier: `${args.identifier}-${key}`.slice(0, 63),
                    origin: originOf(source),
                    subnetGroupName: subnets.name,
                    // The same capture may be restored, and given up, more than once.
                    finalSnapshotIdentifier: freeServerSnapshotIdentifier(`${args.identifier}-${key}-final`),
                },
                { parent: this },
            );
            const owned = this.setOwners(`${name}-owners-${key}`, args, server, source);
            return source.databases.map(({ product, name: database, role }): [ProductId, DatabaseLocation] => [
                product,
                {
                    server: server.instance.identifier,
                    host: server.address,
                    name: database,
                    user: role,
                    ready: [owned],
                },
            ]);
        });
        return Object.fromEntries(locations) as Record<ProductId, DatabaseLocation>;
    }

    /** Roles and databases came with the copy; the passwords that products use here are this environment's own. */
    private setOwners(
        name: string,
        args: DatabasesArgs,
        server: DatabaseServer,
        source: CaptureManifest["databases"][number],
    ) {
        const databases = pulumi
            .all(source.databases.map(({ product }) => pulumi.output(args.passwords[product])))
            .apply((passwords) =>
                JSON.stringify(
                    source.databases.map((entry, index) => ({
                        name: entry.name,
                        role: entry.role,
                        password: passwords[index],
                    })),
                ),
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
                    MASTER_PASSWORD: pulumi.secret(args.server.masterPassword),
                    DATABASE_CA: args.caCertificate ?? "",
                    DATABASES_JSON: pulumi.secret(databases),
                },
                triggers: [server.instance.id],
            },
            { parent: this },
        );
    }
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

function byProduct<T>(make: (product: ProductId) => T): Record<ProductId, T> {
    return Object.fromEntries(productIds.map((product) => [product, make(product)])) as Record<ProductId, T>;
}
