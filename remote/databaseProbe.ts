// Looks at production's databases through an SSH connection: is anyone still connected, and which moment can be restored to.
import { HostConnection } from "./connection";

export interface DatabaseTarget {
    host: string;
    /** 5432 when absent. */
    port?: number;
    database: string;
    user: string;
    password: string;
    /** PEM; without it the server's certificate is not checked. */
    ca?: string;
}

export interface DatabaseProbe {
    /** Sessions of these roles in that database other than this probe's own, as "role from address (state)". */
    openSessions(databaseName: string, roles: string[]): Promise<string[]>;
    /** The server's clock. */
    now(): Promise<Date>;
    /** The first whole second at least one second from now; answers once it is more than one second past. */
    quietPointInTime(): Promise<Date>;
    close(): Promise<void>;
}

export async function probeDatabase(_through: HostConnection, _target: DatabaseTarget): Promise<DatabaseProbe> {
    throw new Error("not there yet");
}
