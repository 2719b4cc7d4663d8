// Which databases a product has, by what it keeps in them, and how one on a Postgres server is reached.
import { ports } from "../logic/ports";

/** In words of ours: the product's own data. Usage, instrumentation and audit come here once a product has them. */
export const databaseRoles = ["main"] as const;
export type DatabaseRole = (typeof databaseRoles)[number];
/** The one that every product has, and that was the only one before there were roles (decision 22). */
export const mainRole: DatabaseRole = "main";

export interface DatabaseDescription {
    role: DatabaseRole;
    /** Of a database that is made anew. */
    defaultDatabase: string;
    /** Who owns it: a role of Postgres' own. */
    defaultUser: string;
}

/** "posit:….connect", for main, which has no word of its own in names. */
export function withRole(name: string, role: DatabaseRole): string {
    return role === mainRole ? name : `${name}-${role}`;
}

/** Of one on a Postgres server, whoever asks it: a capture, a host that dumps or loads it, the product itself. */
export interface PostgresAddress {
    host: string;
    port: number;
    name: string;
    user: string;
}

/** Where a Postgres server listens when nobody says otherwise. */
export const postgresPort = ports.postgres;
