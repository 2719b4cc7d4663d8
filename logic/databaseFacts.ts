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
    load: LoadFacts;
}

/** What a load by the product's own role, who is no superuser, could not make again, or would leave out; by name. */
export interface LoadFacts {
    /** Extensions that only a superuser may create. */
    extensions: string[];
    eventTriggers: string[];
    /** Of all tables. */
    publications: string[];
    subscriptions: string[];
    /** In languages that only a superuser may use. */
    functions: string[];
    /** Other roles that policies of rows name. */
    policyRoles: string[];
    /** Other roles that own something. */
    owners: string[];
    /** Other roles that were granted something. */
    grantees: string[];
}

type Finding = Inventory["findings"][number];

/** Of codes that this stack adds to what hosts found. */
export const databaseCodes = {
    owner: "database-owner",
    collation: "database-collation",
    load: "database-load",
    unasked: "database-unasked",
};

/** @param master the server's, where it is one of RDS and would be restored */
export function databaseFactFindings(
    database: { name: string; user: string },
    facts: DatabaseFacts,
    master: string | undefined,
): Finding[] {
    const remedies = master === undefined ? [] : ownershipRemedies(database, facts, master);
    const unlike = unlikeFresh(facts.locale);
    const [ends, lost] = [loadEnds(facts.load), loadLoses(facts.load)];
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
        ...(ends.length + lost.length === 0
            ? []
            : [
                  {
                      code: databaseCodes.load,
                      verdict: "declare" as const,
                      detail: `a dump of the database ${database.name} that ${database.user} loads into a new server ${[
                          ...(ends.length > 0 ? [`ends at ${ends.join(", ")}`] : []),
                          ...(lost.length > 0 ? [`leaves out ${lost.join(", ")}`] : []),
                      ].join(", and ")}`,
                      remedy:
                          master === undefined
                              ? "take that out of the database before a capture, or make it again by hand after the restore"
                              : "nothing has to be done while its server is captured (database: auto takes no dump then); otherwise take it out of the database first",
                  },
              ]),
    ];
}

const named = (what: string, names: string[]) => (names.length > 0 ? [`${what} ${names.join(", ")}`] : []);

/**
 * What ends a load, all of it, since it is one transaction. Only a superuser may create an extension that is not trusted, an event trigger, a
 * publication of all tables, a function in an untrusted language (Postgres documentation, CREATE EXTENSION and the others); pg_dump leaves
 * subscriptions out for an ordinary role, so that changes would no longer come; and a policy names roles that the new server has not.
 */
export function loadEnds(facts: LoadFacts): string[] {
    return [
        ...named("extension", facts.extensions),
        ...named("event trigger", facts.eventTriggers),
        ...named("publication of all tables", facts.publications),
        ...named("subscription", facts.subscriptions),
        ...named("function", facts.functions),
        ...named("policies for role", facts.policyRoles),
    ];
}

/** All is made as the product's own (pg_restore --no-owner --no-privileges), which a server that is restored is not. */
export function loadLoses(facts: LoadFacts): string[] {
    return [...named("that things belong to", facts.owners), ...named("rights of", facts.grantees)];
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
