// Asks a database of production what it is like, through its product's host and by its product's role. Reads only.
import { z } from "zod";
import { databaseLocale, PostgresAccess } from "../databases";
import type { DatabaseFacts, LoadFacts } from "../logic/databaseFacts";
import { connect, HostAddress, HostConnection } from "./connection";
import { askDatabase } from "./databaseProbe";

/** json_agg of no rows is null. */
const names = z
    .array(z.string())
    .nullable()
    .transform((all) => all ?? []);

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
            load: z.object({
                extensions: names,
                eventTriggers: names,
                publications: names,
                subscriptions: names,
                functions: names,
                policyRoles: names,
                owners: names,
                grantees: names,
            }) satisfies z.ZodType<LoadFacts>,
        })
        .transform(({ createsRoles, overUser, overOwner, ...facts }): DatabaseFacts => ({
            ...facts,
            ...(createsRoles !== null && {
                master: { createsRoles, overUser: overUser === true, overOwner: overOwner === true },
            }),
        })),
]);

const listed = (of: string) => `(SELECT json_agg(DISTINCT name ORDER BY name) FROM (${of}) all_of_it)`;

/** Of an extension: it comes and goes with that. */
const isMember = (classId: string, id: string) =>
    `EXISTS (SELECT FROM pg_depend e WHERE e.classid = ${classId} AND e.objid = ${id} AND e.deptype = 'e')`;

/** Whom else something in this database belongs to ("o"), gives rights ("a") or names in a policy ("r"): Postgres documentation, pg_shdepend. */
const otherRoles = (deptype: "o" | "a" | "r") =>
    listed(
        `SELECT pg_get_userbyid(s.refobjid)::text AS name FROM pg_shdepend s
            WHERE s.dbid = d.oid AND s.refclassid = 'pg_authid'::regclass AND s.deptype = '${deptype}'
                AND s.refobjid IS DISTINCT FROM u.oid AND s.classid <> 'pg_extension'::regclass AND NOT ${isMember("s.classid", "s.objid")}`,
    );

// What initdb made has a number below 16384 (Postgres, FirstNormalObjectId). Whether an extension is trusted says a column that only versions
// from 13 on have; before, none is.
const load = `json_build_object(
        'extensions', ${listed(
            `SELECT x.extname::text AS name FROM pg_extension x WHERE x.oid >= 16384 AND x.extname NOT IN
                (SELECT v.name FROM pg_available_extension_versions v WHERE to_json(v) ->> 'trusted' = 'true')`,
        )},
        'eventTriggers', ${listed(
            `SELECT t.evtname::text AS name FROM pg_event_trigger t WHERE NOT ${isMember("'pg_event_trigger'::regclass", "t.oid")}`,
        )},
        'publications', ${listed("SELECT p.pubname::text AS name FROM pg_publication p WHERE p.puballtables")},
        'subscriptions', ${listed("SELECT s.subname::text AS name FROM pg_subscription s WHERE s.subdbid = d.oid")},
        'functions', ${listed(
            `SELECT p.proname::text AS name FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
                WHERE NOT l.lanpltrusted AND p.oid >= 16384 AND NOT ${isMember("'pg_proc'::regclass", "p.oid")}`,
        )},
        'policyRoles', ${otherRoles("r")}, 'owners', ${otherRoles("o")}, 'grantees', ${otherRoles("a")})`;

// Columns of pg_database that only newer versions have are looked for by name, as in hosts/lib/postgres.sh.
const question = `
    SELECT current_setting('server_version_num')::int / 10000 AS version, pg_get_userbyid(d.datdba) AS owner,
        coalesce(o.rolsuper, false) AS "ownerIsSuper", coalesce(u.rolsuper, false) AS "userIsSuper",
        m.rolcreaterole OR m.rolsuper AS "createsRoles",
        pg_has_role(m.oid, u.oid, 'MEMBER WITH ADMIN OPTION') AS "overUser",
        pg_has_role(m.oid, d.datdba, 'MEMBER WITH ADMIN OPTION') AS "overOwner",
        json_build_object('encoding', pg_encoding_to_char(d.encoding), 'collate', d.datcollate, 'ctype', d.datctype,
            'provider', coalesce(to_json(d) ->> 'datlocprovider', 'c'),
            'locale', coalesce(to_json(d) ->> 'datlocale', to_json(d) ->> 'daticulocale', '')) AS locale,
        ${load} AS load
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
