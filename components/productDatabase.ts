// One product's database and the user that owns it (of Postgres a role, which is another word here: decision 22), on a fresh server. (On a restored server both exist already;
// hosts/restore-database.sh sets passwords and ownership there.)
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import type { Secret } from "../logic/secret";
import { revealed } from "./secrets";

export interface ProductDatabaseArgs {
    database: string;
    user: string;
    password: Secret<string>;
    provider: postgresql.Provider;
    /** The server: when it goes, nothing dials it. */
    server: pulumi.Resource;
}

/** What RDS gives its own databases; the provider's default is C, in which names sort and match by bytes. */
const asOnRds = { lcCollate: "en_US.UTF-8", lcCtype: "en_US.UTF-8" };

export class ProductDatabase extends pulumi.ComponentResource {
    readonly database: postgresql.Database;

    constructor(name: string, args: ProductDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:ProductDatabase", name, {}, opts);
        const child = { parent: this, provider: args.provider, deletedWith: args.server };
        const user = new postgresql.Role(
            `${name}-role`,
            { name: args.user, login: true, password: revealed(args.password) },
            child,
        );
        // The user owns its database, so that the product may alter its schema; no grants are needed.
        this.database = new postgresql.Database(
            `${name}-database`,
            { name: args.database, owner: user.name, ...asOnRds },
            // Either is fixed when a database is made: one that stands is never replaced for it.
            { ...child, ignoreChanges: ["lcCollate", "lcCtype"] },
        );
        this.registerOutputs({});
    }
}
