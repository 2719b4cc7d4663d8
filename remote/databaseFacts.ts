// Asks a database of production what it is like, through its product's host and by its product's role. Reads only.
import { z } from "zod";
import { databaseLocale, PostgresAccess } from "../databases";
import type { DatabaseFacts } from "../logic/databaseFacts";
import { connect, HostAddress, HostConnection } from "./connection";
import { askDatabase } from "./databaseProbe";

const factsRow = z.tuple([
    z
        .object({
            version: z.number(),
            owner: z.string(),
            ownerIsSuper: z.boolean(),
            userIsSuper: z.boolean(),
            createsRoles: z.boolean().nullable(),
            overUser: z.boolean().nullable(),
            overOwner: z.boolean().nullable(),
            locale: databaseLocale,
        })
        .transform(({ createsRoles, overUser, overOwner, ...facts }): DatabaseFacts => ({
            ...facts,
            ...(createsRoles !== null && {
                master: { createsRoles, overUser: overUser === true, overOwner: overOwner === true },
            }),
        })),
]);

// Columns of pg_database that only newer versions have are looked for by name, as in hosts/lib/postgres.sh.
const question = `
    SELECT current_setting('server_version_num')::int / 10000 AS version, pg_get_userbyid(d.datdba) AS owner,
        coalesce(o.rolsuper, false) AS "ownerIsSuper", coalesce(u.rolsuper, false) AS "userIsSuper",
        m.rolcreaterole OR m.rolsuper AS "createsRoles",
        pg_has_role(m.oid, u.oid, 'MEMBER WITH ADMIN OPTION') AS "overUser",
        pg_has_role(m.oid, d.datdba, 'MEMBER WITH ADMIN OPTION') AS "overOwner",
        json_build_object('encoding', pg_encoding_to_char(d.encoding), 'collate', d.datcollate, 'ctype', d.datctype,
            'provider', coalesce(to_json(d) ->> 'datlocprovider', 'c'),
            'locale', coalesce(to_json(d) ->> 'datlocale', to_json(d) ->> 'daticulocale', '')) AS locale
    FROM pg_database d
        LEFT JOIN pg_roles o ON o.oid = d.datdba
        LEFT JOIN pg_roles u ON u.rolname = $1
        LEFT JOIN pg_roles m ON m.rolname = $2
    WHERE d.datname = current_database()`;

/** @param master of a server of RDS. */
export async function askDatabaseFacts(
    through: HostAddress,
    target: PostgresAccess,
    master: string | undefined,
    dial: (through: HostAddress) => Promise<HostConnection> = connect,
): Promise<DatabaseFacts> {
    const connection = await dial(through);
    try {
        const [facts] = await askDatabase(
            connection,
            target,
            { question, values: [target.user, master ?? ""] },
            factsRow,
        );
        return facts;
    } finally {
        connection.close();
    }
}
