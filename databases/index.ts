// What depends on a database's kind, asked of the database itself: the only place where somebody looks which kind it is.
import type { DatabaseRole, ProductId } from "../products";
import type {
    AskedDatabase,
    DatabaseFinding,
    DatabaseKind,
    HostDatabase,
    NotedDatabase,
    ServerPlace,
    Surroundings,
    WindowSurroundings,
} from "./kind";
import { external } from "./external";
import { asDumped } from "./rds";
import { CarriedDatabase, DatabaseConfig, Kind, kinds, publishedSchema, PublishedDatabase, register } from "./kinds";

export { AskedDatabase, HostDatabase, NotedDatabase, PostgresAccess, ServerPlace } from "./kind";
export {
    CarriedDatabase,
    carriedSchema,
    DatabaseConfig,
    kinds,
    PublishedDatabase,
    publishedSchema,
    settingsSchema,
} from "./kinds";
export { databaseLocale, DatabaseLocale, FreshLocale, freshLocale, unlikeFresh } from "./locale";
export { notOnFresh, serverSettings, ServerSettings, settingsSeen, toldToRestore } from "./server";
export { captureOption, onOwnServer, ServerFacts, serverFindings, ServerMethod, serverMethod } from "./rds";

type AnyKind = DatabaseKind<DatabaseConfig, CarriedDatabase>;

/** Its own record: what it is given is of its kind. */
const kindOf = ({ kind }: { kind: Kind }): AnyKind => register[kind] as unknown as AnyKind;

function kindOfMethod(method: CarriedDatabase["method"]): [Kind, AnyKind] {
    const found = kinds.find((kind) => {
        const { capture } = register[kind];
        return capture.by === "volume" && capture.method === method;
    });
    if (found === undefined) {
        throw new Error(`no kind of database comes along by ${method}`); // whoever parsed it has refused this already
    }
    return [found, kindOf({ kind: found })];
}

// ---- configuration ----

/** How an entry looks, of each kind. */
export const databaseExamples = kinds.map((kind) => register[kind].example).join(", ");

/** Where another product's could be too; "" where no other host can have it. */
export function placeOf(database: DatabaseConfig): string {
    return kindOf(database).place(database);
}

export function databaseFindings(database: DatabaseConfig, around: Surroundings): DatabaseFinding[] {
    return kindOf(database).checks(database, around);
}

/** A server that is on no product's host, and where it answers; without an address while RDS has not told it. */
export function networkPlace(
    database: DatabaseConfig,
    place?: ServerPlace,
): { server: string; address?: string; port: number } | undefined {
    const asked = kindOf(database).sessions(database, place);
    const server = serverOf(database);
    if (asked === undefined) {
        return undefined;
    }
    const { host, port } = asked;
    return server === undefined
        ? { server: host, address: host, port }
        : { server, ...(place?.address && { address: host }), port };
}

// ---- closed window ----

/** Who is asked whether everybody is gone; `undefined` where stopping the product ends every session. */
export function sessionsOf(database: DatabaseConfig, server?: ServerPlace): AskedDatabase | undefined {
    return kindOf(database).sessions(database, server);
}

/** Whether somebody has to log in to it, so that its password is needed. */
export function isAsked(database: DatabaseConfig): boolean {
    return sessionsOf(database) !== undefined;
}

/** Units of databases on the product's host, closed after it and opened before it. */
export function unitsOf(databases: DatabaseConfig[]): string[] {
    return [...new Set(databases.flatMap((database) => kindOf(database).unit(database) ?? []))];
}

/** Of databases as somebody wrote them down, whatever else may be wrong in that. */
export function unitsToldBy(databases: unknown[]): string[] {
    const told = databases.flatMap((one) => {
        const kind = kinds.find((known) => known === (one as { kind?: unknown } | undefined)?.kind);
        const unit: unknown = kind && kindOf({ kind }).unit(one as DatabaseConfig);
        return typeof unit === "string" ? [unit] : [];
    });
    return [...new Set(told)];
}

/** What a host itself does about it while it is closed. */
export function onHost(database: DatabaseConfig, around: WindowSurroundings): HostDatabase | undefined {
    return kindOf(database).onHost(database, around);
}

// ---- capture ----

/** The managed server that is captured with it. */
export function serverOf(database: DatabaseConfig): string | undefined {
    const { capture } = kindOf(database);
    return capture.by === "server" ? capture.of(database).server : undefined;
}

/** As a capture takes it that dumps it to its product's volume, whatever else would be done. */
export function dumpedToVolume(database: DatabaseConfig, place?: ServerPlace): DatabaseConfig {
    return database.kind === "rds" ? asDumped(database, place) : database;
}

/** In a manifest, or in a host's notes. */
export const isDumpNoted = ({ method }: { method: string }): boolean => method === external.capture.method;

/** In a manifest: a database of a managed server. */
export interface ServerDatabase {
    product: ProductId;
    role: DatabaseRole;
    server: string;
    name: string;
    user: string;
}

export function serverDatabases(of: { product: ProductId; database: DatabaseConfig }[]): ServerDatabase[] {
    return of.flatMap(({ product, database }) => {
        const { capture } = kindOf(database);
        return capture.by === "server" ? [{ product, role: database.role, ...capture.of(database) }] : [];
    });
}

/** How it gets onto its product's volumes, and why so; `undefined` for one that is captured with its server. */
export function onVolumes(database: DatabaseConfig): { method: CarriedDatabase["method"]; why: string } | undefined {
    const { capture } = kindOf(database);
    return capture.by === "volume" ? { method: capture.method, why: capture.why(database) } : undefined;
}

/** Written down while production is closed, so that its size counts; loaded again by a restore. */
export function isDumped(database: DatabaseConfig): boolean {
    return onVolumes(database)?.method === "dump";
}

/** Its entry in a manifest, or why there can be none; nothing of one that is captured with its server. */
export function carriedOf(
    product: ProductId,
    database: DatabaseConfig,
    noted: NotedDatabase[],
): { entry?: CarriedDatabase; missing?: string } {
    const { capture } = kindOf(database);
    if (capture.by === "server") {
        return {};
    }
    const { role } = database;
    const entry = capture.entry(
        database,
        { product, role },
        noted.find((note) => note.role === role && note.method === capture.method),
    );
    return entry ? { entry } : { missing: `${product} did not note its database (${capture.method})` };
}

// ---- restore ----

/** One that goes to a fresh server before its product sees it. */
export type LoadedDatabase = Extract<CarriedDatabase, { engineVersion: string }> & { kind: Kind; majorVersion: number };

export function loadedOf(carried: CarriedDatabase[]): LoadedDatabase[] {
    return carried.flatMap((database) => {
        const [kind, { restore }] = kindOfMethod(database.method);
        return restore.makes === "loadedServer" && "engineVersion" in database
            ? [{ ...database, kind, majorVersion: restore.majorVersion(database) }]
            : [];
    });
}

/** What is known of a product's databases before an environment has any. */
export interface Seen {
    /** The capture that is restored, where one is. */
    capture?: { volumeDatabases: CarriedDatabase[] };
    /** What the product's configuration says in production. */
    inventory?: { databases: ({ role: DatabaseRole; provider: string } & Record<string, unknown>)[] };
}

/**
 * A database that stays with its product's data, so that it needs no server: it stays what it is in the capture, and before that in production.
 * `undefined` for one that goes to a server, and where nothing is known yet.
 */
export function staying(
    product: ProductId,
    role: DatabaseRole,
    { capture, inventory }: Seen,
): PublishedDatabase | undefined {
    const carried = capture?.volumeDatabases.find((one) => one.product === product && one.role === role);
    const told = inventory?.databases.find((one) => one.role === role);
    const restores = capture
        ? carried && { seen: carried, restore: kindOfMethod(carried.method)[1].restore }
        : told && { seen: told, restore: stayingBy(told.provider) };
    return restores?.restore?.makes === "nothing"
        ? publishedSchema.parse(restores.restore.stays(restores.seen))
        : undefined;
}

function stayingBy(provider: string): AnyKind["restore"] | undefined {
    const found = kinds.find(
        (kind) => register[kind].provider === provider && register[kind].restore.makes === "nothing",
    );
    return found && kindOf({ kind: found }).restore;
}
