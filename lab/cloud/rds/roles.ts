// What is inside a fresh server, as on RDS: the cloud's own superuser and database, and a master user who may make roles
// and databases but is no superuser.
import { escapeIdentifier, escapeLiteral } from "pg";
import { scramVerifier } from "./scram";

export function setPassword(username: string, password: string): string {
    return `ALTER ROLE ${escapeIdentifier(username)} PASSWORD ${escapeLiteral(scramVerifier(password))}`;
}

/** Run in the database template1. */
export function populate(username: string, password: string, databaseName: string | undefined): string[] {
    const master = escapeIdentifier(username);
    const own = databaseName === undefined ? [] : [`CREATE DATABASE ${escapeIdentifier(databaseName)} OWNER ${master}`];
    return [
        "CREATE ROLE rds_superuser NOLOGIN",
        "GRANT pg_monitor, pg_signal_backend TO rds_superuser WITH ADMIN OPTION",
        `CREATE ROLE ${master} LOGIN CREATEDB CREATEROLE IN ROLE rds_superuser`,
        setPassword(username, password),
        `ALTER DATABASE postgres OWNER TO ${master}`,
        "CREATE DATABASE rdsadmin",
        "REVOKE ALL ON DATABASE rdsadmin FROM PUBLIC",
        ...own,
    ];
}

/** Run in the database rdsadmin. */
export const heartbeatTable = [
    "CREATE TABLE rds_heartbeat (id integer PRIMARY KEY, beat timestamptz NOT NULL)",
    "INSERT INTO rds_heartbeat VALUES (1, now())",
];

/** A commit of now, and the file of the log that it ends: once that is archived, every earlier moment is restorable. */
export const beat = [
    "UPDATE rds_heartbeat SET beat = clock_timestamp() WHERE id = 1",
    "SELECT pg_walfile_name(pg_switch_wal()) AS file",
];
