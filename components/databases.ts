// The databases of an environment: in phase install one fresh server with a user and a database per product; in phase migrate
// the servers that a capture has, each restored as a new one, with passwords and ownership set from a host beside it, and a fresh one
// for what came along on volumes, which may stand before its capture is taken. What stays with its product's data needs none here.
import * as aws from "@pulumi/aws";
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { freeServerSnapshotIdentifier } from "../cloud/capture/snapshots";
import { CaptureManifest } from "../contract/production";
import { freshLocale, loadedOf, onOwnServer, PublishedDatabase } from "../databases";
import { passwordVerifiers } from "../logic/passwordVerifier";
import { rdsName } from "../logic/physicalNames";
import { freshServer, restoredServer, subnetGroupOf, WantedDatabase, wantedOnServers } from "../logic/plannedServers";
import type { Secret } from "../logic/secret";
import { DatabaseRole, PerProduct, perProduct, postgresPort, ProductId, products, withRole } from "../products";
import { certificateFile } from "../remote/certificateFile";
import { DatabaseOrigin, DatabaseServer, DatabaseServerArgs } from "./databaseServer";
import { PlannedAddress, serverVariables } from "./postgresVariables";
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
    passwords: PerProduct<Partial<Record<DatabaseRole, Secret<string>>>>;
    /** PEM of the CA that signed the servers' certificates. */
    caCertificate?: string;
    capture?: CaptureManifest;
    /** Token of a capture to come, whose fresh server is made beforehand. */
    prepare?: string;
    /** Those that stay with their product's data, and need no server. */
    staying: PerProduct<PublishedDatabase[]>;
    /** Servers that a run which ended has left, by identifier: their ids. */
    left: Record<string, string>;
    /** The subnet group, where such a run has left it. */
    leftSubnetGroup?: string;
    /** Runs psql against restored servers. */
    runner: Runner;
}

/** Where a product finds a database of its own. */
export interface DatabaseLocation {
    role: DatabaseRole;
    /** For a later capture. */
    published: pulumi.Input<PublishedDatabase>;
    /** Absent where it stays with the product's data. */
    server?: PlannedAddress;
    /** What must exist before the product starts. */
    ready: pulumi.Resource[];
}

interface Placed {
    product: ProductId;
    location: DatabaseLocation;
}

export class Databases extends pulumi.ComponentResource {
    readonly locations: PerProduct<DatabaseLocation[]>;
    /** Token of the capture whose fresh server stands, or is made now, because it was to be prepared. */
    readonly prepared?: string;

    constructor(name: string, args: DatabasesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Databases", name, {}, opts);
        const { capture, prepare, staying } = args;
        const onServers = wantedOnServers(staying);
        const fresh = capture ? loadedOf(capture.volumeDatabases) : onServers;
        const subnets = onServers.length > 0 ? this.subnets(name, args) : undefined;
        if (subnets && prepare !== undefined) {
            this.prepared = prepare;
            // Its restore makes the very same below, where it has something to load.
            if (capture?.token !== prepare || fresh.length === 0) this.freshServer(name, args, prepare, subnets);
        }
        const placed = [
            ...(subnets && fresh.length > 0 ? this.fresh(name, args, fresh, subnets) : []),
            ...(subnets && capture ? this.restored(name, args, capture, subnets) : []),
        ];
        this.locations = perProduct((product) => [
            ...staying[product].map((published) => ({ role: published.role, published, ready: [] })),
            ...placed.filter((one) => one.product === product).map(({ location }) => location),
        ]);
        this.registerOutputs({});
    }

    private subnets(name: string, args: DatabasesArgs): aws.rds.SubnetGroup {
        return new aws.rds.SubnetGroup(
            `${name}-subnets`,
            {
                name: subnetGroupOf(args.identifier),
                subnetIds: args.subnetIds,
                description: "Product databases",
                tags: args.server.tags,
            },
            { parent: this, import: args.leftSubnetGroup },
        );
    }

    /** A capture's has its token in the name, as its restored ones do. Nothing here depends on more of a capture than that: it may not be taken yet. */
    private freshServer(
        name: string,
        args: DatabasesArgs,
        token: string | undefined,
        subnets: aws.rds.SubnetGroup,
    ): DatabaseServer {
        const parts = freshServer(args.identifier, token);
        const identifier = rdsName(parts);
        return new DatabaseServer(
            `${name}-server${keyOf(token)}`,
            {
                ...args.server,
                identifier,
                left: args.left[identifier],
                origin: { kind: "fresh" },
                subnetGroupName: subnets.name,
                ...(token !== undefined && {
                    finalSnapshotIdentifier: freeServerSnapshotIdentifier(finalName(parts)),
                }),
            },
            { parent: this },
        );
    }

    /** One server with an empty database for each. */
    private fresh(name: string, args: DatabasesArgs, wanted: WantedDatabase[], subnets: aws.rds.SubnetGroup): Placed[] {
        const token = args.capture?.token;
        const key = keyOf(token);
        const server = this.freshServer(name, args, token, subnets);
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
        return wanted.map(({ product, role, name: database, user, locale }) => {
            const made = new ProductDatabase(
                `${name}-${withRole(products[product].slug, role)}${key}`,
                {
                    database,
                    user,
                    password: passwordOf(args, product, role),
                    locale: freshLocale(locale),
                    provider,
                    server: server.instance,
                },
                { parent: this },
            );
            return { product, location: onServer(server, { role, name: database, user }, made) };
        });
    }

    private restored(
        name: string,
        args: DatabasesArgs,
        capture: CaptureManifest,
        subnets: aws.rds.SubnetGroup,
    ): Placed[] {
        return capture.databases.flatMap((source) => {
            const key = `${capture.token}-${source.server}`;
            const parts = restoredServer(args.identifier, capture.token, source.server);
            const identifier = rdsName(parts);
            const server = new DatabaseServer(
                `${name}-server-${key}`,
                {
                    ...args.server,
                    identifier,
                    left: args.left[identifier],
                    origin: originOf(source),
                    subnetGroupName: subnets.name,
                    // The same capture may be restored, and given up, more than once.
                    finalSnapshotIdentifier: freeServerSnapshotIdentifier(finalName(parts)),
                },
                { parent: this },
            );
            const owned = this.setOwners(`${name}-owners-${key}`, args, server, source);
            return source.databases.map(({ product, ...database }) => ({
                product,
                location: onServer(server, database, owned),
            }));
        });
    }

    /** Users and databases came with the copy; the passwords that products use here are this environment's own. */
    private setOwners(
        name: string,
        args: DatabasesArgs,
        server: DatabaseServer,
        source: CaptureManifest["databases"][number],
    ) {
        const databases = pulumi
            .all([
                server.instance.identifier,
                ...source.databases.map(({ product, role }) => revealed(passwordOf(args, product, role))),
            ])
            .apply(([identifier, ...passwords]) =>
                source.databases.map(({ name: database, user }, index) => ({
                    name: database,
                    user,
                    ...passwordVerifiers(passwords[index], user, identifier),
                })),
            );
        return args.runner.run(
            name,
            {
                script: "restore-database",
                repeat: "once",
                variables: {
                    ...serverVariables({ host: server.address, port: postgresPort }, args.caCertificate),
                    MASTER_USER: server.instance.username,
                    MASTER_PASSWORD: revealed(args.server.masterPassword),
                    DATABASES: pulumi.secret(databases),
                },
                triggers: [server.instance.id],
            },
            { parent: this },
        );
    }
}

/** What belongs to a capture, in a logical name. */
const keyOf = (token: string | undefined) => (token === undefined ? "" : `-${token}`);

/** With room for the number that one taken before makes necessary. */
function finalName(parts: string[]): string {
    return rdsName([...parts, "final"], { longest: 250 });
}

function originOf(from: CaptureManifest["databases"][number]): DatabaseOrigin {
    const { server: source, settings } = from;
    if (from.method === "pointInTime" && from.restoreTime) {
        return { kind: "pointInTime", source, restoreTime: from.restoreTime, settings };
    }
    if (from.method === "snapshot" && from.snapshotIdentifier) {
        return { kind: "snapshot", snapshotIdentifier: from.snapshotIdentifier, settings };
    }
    throw new Error(`capture: server ${source} has neither a snapshot nor a moment to restore to`);
}

function onServer(
    { instance, address }: DatabaseServer,
    { role, name, user }: Pick<WantedDatabase, "role" | "name" | "user">,
    ready: pulumi.Resource,
): DatabaseLocation {
    const published = pulumi
        .all([instance.identifier, address])
        .apply(([server, host]) => onOwnServer({ role, server, host, name, user }));
    return { role, published, server: { host: address, port: postgresPort, name, user }, ready: [ready] };
}

/** The gates have asked for it already. */
function passwordOf({ passwords }: DatabasesArgs, product: ProductId, role: DatabaseRole): Secret<string> {
    const password = passwords[product][role];
    if (password === undefined) {
        throw new Error(`there is no databasePasswords.${product}.${role}`);
    }
    return password;
}
