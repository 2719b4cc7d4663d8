// Conditions between a listed product's databases and what else the stack file says. What depends on a database's kind is asked in databases/.
import { databaseFindings, DatabaseConfig, isAsked, placeOf } from "../databases";
import { byProduct, DatabaseRole, inOrder, PerProduct, ProductId, products } from "../products";
import { below, Between, doubles } from "./between";
import { child } from "./schemaTree";

export interface ListedData {
    dataVolumes: { mount: string }[];
    databases: DatabaseConfig[];
}

/** Each database is one product's, and one of it. */
export function sharedDatabases(current: PerProduct<ListedData>): Between[] {
    const all = byProduct(current).flatMap(([product, { databases }]) =>
        databases.map((database, index) => ({ product, database, at: placeAt(product, index) })),
    );
    const elsewhere = all.filter(({ database }) => placeOf(database) !== "");
    return doubles(elsewhere, ({ database }) => placeOf(database)).map(({ item, first }) => ({
        at: item.at,
        says: `is ${first.product}'s database too; each product has one of its own`,
        also: [first.at],
    }));
}

export function databaseChecks(
    { dataVolumes, databases }: ListedData,
    product: ProductId,
    secrets: unknown,
): Between[] {
    const volumesAt = `posit:current.${product}.dataVolumes`;
    const isCaptured = (path: string) => dataVolumes.some(({ mount }) => below(path, mount));
    const known = products[product].databases.map(({ role }) => role);
    return [
        ...roleChecks(product, databases, known),
        ...databases.flatMap((database, index) => {
            const at = placeAt(product, index);
            return [
                ...databaseFindings(database, { at, volumesAt, isCaptured }),
                ...missingPassword(product, database, at, secrets),
            ];
        }),
    ];
}

/** @param known those that the product has. */
export function roleChecks(product: ProductId, databases: { role: string }[], known: readonly string[]): Between[] {
    const at = `posit:current.${product}.databases`;
    const { title } = products[product];
    return [
        ...doubles(databases, ({ role }) => role).map(({ item, index }) => ({
            at: `${at}[${index}].role`,
            says: `${item.role} stands there twice; ${title} has one database of each role`,
        })),
        ...databases.flatMap(({ role }, index) =>
            known.includes(role)
                ? []
                : [
                      {
                          at: `${at}[${index}].role`,
                          says: `${title} has no database ${role}; it has ${known.join(", ")}`,
                      },
                  ],
        ),
        ...known
            .filter((role) => !databases.some((database) => database.role === role))
            .map((role) => ({ at, says: `has no entry for ${title}'s database ${role}, so no capture would have it` })),
    ];
}

function missingPassword(product: ProductId, database: DatabaseConfig, at: string, secrets: unknown): Between[] {
    const password = `posit:secrets.databasePasswords.${product}.${database.role}`;
    const given = child(child(child(secrets, "databasePasswords"), product), database.role);
    return isAsked(database) && given === undefined
        ? [
              {
                  at: password,
                  says: `is needed to see that the sessions of ${product}'s role have ended. Set it with \`pulumi config set --secret --path ${password}\`.`,
                  also: [at],
              },
          ]
        : [];
}

function placeAt(product: ProductId, index: number): string {
    return `posit:current.${product}.databases[${index}]`;
}

/** A password that stands where the map by role is: that of main, since an encrypted one can't be moved by hand (decision 22). */
export function givenByRole(secrets: unknown): unknown {
    const given = child(secrets, "databasePasswords");
    const old = inOrder.filter((product) => typeof child(given, product) === "string");
    const main: DatabaseRole = "main";
    return old.length === 0
        ? secrets
        : {
              ...(secrets as object),
              databasePasswords: {
                  ...(given as object),
                  ...Object.fromEntries(old.map((product) => [product, { [main]: child(given, product) }])),
              },
          };
}
