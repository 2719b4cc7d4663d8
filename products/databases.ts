// Which databases a product has, by what it keeps in them.

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
