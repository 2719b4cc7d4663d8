// What production's databases say of themselves on the first day, and what of it stands in the way of a restore: facts that their product's own role
// may read. Pure.
import type { DatabaseLocale } from "../databases";
import { freshLocale, unlikeFresh } from "../databases";
import type { Inventory } from "../contract/production";

export interface DatabaseFacts {
    /** Major version. */
    version: number;
    owner: string;
    ownerIsSuper: boolean;
    userIsSuper: boolean;
    /** Of the server's master; absent where there is no such role, or none was named. */
    master?: {
        createsRoles: boolean;
        /** It may give these roles away. */
        overUser: boolean;
        overOwner: boolean;
    };
    locale: DatabaseLocale;
}

type Finding = Inventory["findings"][number];

/** Of codes that this stack adds to what hosts found. */
export const databaseCodes = { owner: "database-owner", collation: "database-collation", unasked: "database-unasked" };

/** @param master the server's, where it is one of RDS and would be restored */
export function databaseFactFindings(
    database: { name: string; user: string },
    facts: DatabaseFacts,
    master: string | undefined,
): Finding[] {
    const remedies = master === undefined ? [] : ownershipRemedies(database, facts, master);
    const unlike = unlikeFresh(facts.locale);
    return [
        ...remedies.map((remedy) => ({
            code: databaseCodes.owner,
            verdict: "declare" as const,
            detail: `${master} could not give the restored database ${database.name} (owner ${facts.owner}) to ${database.user}`,
            remedy: `${remedy}; or capture with database: dump, which makes both anew`,
        })),
        ...(unlike === undefined
            ? []
            : [
                  {
                      code: databaseCodes.collation,
                      verdict: "declare" as const,
                      detail: `the database ${database.name} ${unlike}; one that it is loaded into sorts by ${freshLocale(facts.locale).lcCollate} (gate collation)`,
                      remedy: "restore it as a server, or move it to a database of the C library's locale first",
                  },
              ]),
    ];
}

/**
 * As hosts/restore-database.sh goes about it: it sets the role's password and gives it the database. A role that may create roles may do that with any
 * ordinary one, from Postgres 16 on only with those whose ADMIN OPTION it has (its release notes, "Privileges").
 */
function ownershipRemedies({ user }: { user: string }, facts: DatabaseFacts, master: string): string[] {
    const { owner, version, master: may } = facts;
    const roles = [
        { role: user, isSuper: facts.userIsSuper, over: may?.overUser },
        ...(owner === user ? [] : [{ role: owner, isSuper: facts.ownerIsSuper, over: may?.overOwner }]),
    ];
    return [
        ...(may && !may.createsRoles ? [`give ${master} CREATEROLE, as the master of a server has it`] : []),
        ...roles.flatMap(({ role, isSuper, over }) =>
            isSuper
                ? [`give the database to an ordinary role instead of ${role}, which is a superuser`]
                : version >= 16 && over === false
                  ? [`as whoever made role ${role}, run GRANT "${role}" TO "${master}" WITH ADMIN OPTION`]
                  : [],
        ),
    ];
}
