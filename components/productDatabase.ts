// One product's database and the user that owns it (of Postgres a role, which is another word here: decision 22), on a fresh server. (On a restored server both exist already;
// hosts/restore-database.sh sets passwords and ownership there.)
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import type { FreshLocale } from "../databases";
import type { Secret } from "../logic/secret";
import { revealed } from "./secrets";

export interface ProductDatabaseArgs {
    database: string;
    user: string;
    password: Secret<string>;
    /** How it sorts. */
    locale: FreshLocale;
    provider: postgresql.Provider;
    /** The server: when it goes, nothing dials it. */
    server: pulumi.Resource;
}

/** Fixed when a database is made: the provider would drop one that stands to change them. */
const fixed: (keyof postgresql.DatabaseArgs)[] = ["lcCollate", "lcCtype", "encoding", "template"];

export class ProductDatabase extends pulumi.ComponentResource {
    readonly database: postgresql.Database;

    constructor(name: string, args: ProductDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:ProductDatabase", name, {}, opts);
        // Neither is ever dropped, whatever becomes of this program's wishes: both go with their server.
        const child = { parent: this, provider: args.provider, deletedWith: args.server, retainOnDelete: true };
        const user = new postgresql.Role(
            `${name}-role`,
            { name: args.user, login: true, password: revealed(args.password) },
            child,
        );
        // The user owns its database, so that the product may alter its schema; no grants are needed.
        this.database = new postgresql.Database(
            `${name}-database`,
            { name: args.database, owner: user.name, ...args.locale },
            { ...child, ignoreChanges: fixed },
        );
        this.registerOutputs({});
    }
}
