// The databases on production's server, each with the role that owns it, as a person with psql would make them.
import { Client } from "pg";
import type { ProductId } from "../../products/ids";
import type { CloudParts } from "./cloudParts";
import { databases } from "./world";

export async function createDatabases(
    server: CloudParts["database"],
    passwords: Record<ProductId, string>,
    wanted: ProductId[],
): Promise<void> {
    const client = new Client({
        host: server.instance.address,
        port: server.instance.port,
        user: server.masterUsername,
        password: server.masterPassword,
        database: "postgres",
        ssl: { ca: server.instance.caCertificate },
    });
    await client.connect();
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
