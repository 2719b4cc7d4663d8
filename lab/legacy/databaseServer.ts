// The databases on production's server, each with the role that owns it, as a person with psql would make them.
import { randomBytes } from "node:crypto";
import { Client } from "pg";
import type { ProductId } from "../../products/ids";
import type { CloudParts } from "./cloudParts";
import { databases } from "./world";

export async function createDatabases(
    server: CloudParts["database"],
    passwords: Record<ProductId, string>,
    wanted: ProductId[],
): Promise<void> {
    const client = await connectTo(server, server.masterUsername, server.masterPassword, "postgres");
    try {
        for (const product of wanted) {
            const { name, role } = databases[product];
            const password = client.escapeLiteral(passwords[product]);
            await client.query(`CREATE ROLE ${client.escapeIdentifier(role)} LOGIN PASSWORD ${password}`);
            await client.query(`GRANT ${client.escapeIdentifier(role)} TO CURRENT_USER`);
            await client.query(
                `CREATE DATABASE ${client.escapeIdentifier(name)} OWNER ${client.escapeIdentifier(role)}`,
            );
        }
    } finally {
        await client.end();
    }
}

const pieceKilobytes = 256;

/** Data that nobody reads, in a table of the product's own role; random, so that no dump is small. */
export async function fillDatabase(
    server: CloudParts["database"],
    password: string,
    product: ProductId,
    megabytes: number,
): Promise<void> {
    const { name, role } = databases[product];
    const client = await connectTo(server, role, password, name);
    try {
        await client.query("CREATE TABLE archived_reports (content bytea NOT NULL)");
        // Trying to compress what is random only costs time.
        await client.query("ALTER TABLE archived_reports ALTER content SET STORAGE EXTERNAL");
        for (let pieces = Math.round((megabytes * 1024) / pieceKilobytes); pieces > 0; pieces--) {
            await client.query("INSERT INTO archived_reports VALUES ($1)", [randomBytes(pieceKilobytes * 1024)]);
        }
    } finally {
        await client.end();
    }
}

async function connectTo(
    server: CloudParts["database"],
    user: string,
    password: string,
    database: string,
): Promise<Client> {
    const { address: host, port, caCertificate: ca } = server.instance;
    const client = new Client({ host, port, user, password, database, ssl: { ca } });
    await client.connect();
    return client;
}
