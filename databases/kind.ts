// What a kind of database is to this program: a record of plain functions, one for each thing that depends on the kind. Nobody outside this
// room asks which kind one is; what a host does about each stands in hosts/databases/*.sh, in words of its own.
import { z } from "zod";
import type { Secret } from "../logic/secret";
import type { DatabaseLocale } from "./locale";
import { DatabaseRole, databaseRoles, inOrder, mainRole, PostgresAddress } from "../products";

/** Settings that every kind has. */
export const everyKind = {
    role: z.enum(databaseRoles).default(mainRole).describe("What the product keeps in it: `main` is its own data."),
};

/** Whose a database is, in what stacks publish. */
export const whose = { product: z.enum(inOrder), role: z.enum(databaseRoles) };

/** Something wrong between settings, as config/between.ts has it. */
export interface DatabaseFinding {
    at: string;
    says: string;
    also?: string[];
}

/** Where a database stands in the stack file, and what stands beside it. */
export interface Surroundings {
    /** "posit:current.connect.databases[0]" */
    at: string;
    volumesAt: string;
    /** Whether a path lies on a volume that captures take. */
    isCaptured(path: string): boolean;
}

/** How somebody logs in to one. */
export interface PostgresAccess extends PostgresAddress {
    /** Absent where none is configured; nothing else is tried then. */
    password?: Secret<string>;
    /** PEM; without it the server's certificate is not checked. */
    ca?: string;
}

/** Who must have no session while production is closed. */
export interface AskedDatabase extends PostgresAddress {
    /** The server can be restored to a moment. */
    restorable: boolean;
}

/** What the cloud says of a managed server. */
export interface ServerPlace {
    address?: string;
    port?: number;
}

/** What only a run of a capture knows. */
export interface WindowSurroundings extends Pick<PostgresAccess, "password" | "ca"> {
    token: string;
    /** A folder of the product's on a captured volume. */
    folder: string;
    /** Bytes that its dump would need there, where a dry run said it. */
    room?: number;
}

/** What a host itself does about a database in a closed window, by the functions of hosts/databases/KIND.sh. */
export interface HostDatabase {
    role: DatabaseRole;
    kind: string;
    /** Absolute, on a captured volume: where it lies, or where its dump goes. */
    path: string;
    /** It is put there at the word `dump`, once nobody writes any more. */
    dumped: boolean;
    unit?: string;
    /** Of one on the host itself, which is asked how it sorts. */
    name?: string;
    /** The server that it is fetched from. */
    server?: PostgresAccess;
    /** Bytes that its dump needs on the volume, where a dry run said it. */
    room?: number;
}

/** What a host noted of a database that came along on its volumes. */
export interface NotedDatabase {
    role: DatabaseRole;
    method: string;
    path: string;
    /** Major version of the server. */
    engineVersion: string;
    /** Absent where it could not be asked. */
    locale?: DatabaseLocale;
    /** Of the database, not of its dump. Absent where it could not be asked. */
    bytes?: number;
}

/** How it gets into a capture, and what the manifest has of it. */
export type DatabaseCapture<Config, Carried extends { method: string }> =
    | {
          by: "server";
          /** The managed server, by its identifier: a moment of it is noted, or a snapshot of it taken. And what is its product's there. */
          of(config: Config): { server: string; name: string; user: string };
      }
    | {
          by: "volume";
          method: Carried["method"];
          /** For people, in the log of the run that closes production. */
          why(config: Config): string;
          /** Its entry in the manifest. */
          entrySchema: z.ZodType<Carried>;
          /** `undefined`: its host should have noted it, and did not. */
          entry(
              config: Config,
              of: Pick<Carried, keyof typeof whose & keyof Carried>,
              noted?: NotedDatabase,
          ): Carried | undefined;
      };

/** What a restore makes of it. */
export type DatabaseRestore<Carried> =
    /** A new server with all that the old one had. */
    | { makes: "restoredServer" }
    /** Its content goes to a fresh server, of this version of Postgres at least. */
    | { makes: "loadedServer"; majorVersion(carried: Carried): number }
    /** It stays with its product's data; an environment publishes it so. */
    | {
          makes: "nothing";
          stays(seen: { role: DatabaseRole } & Record<string, unknown>): { role: DatabaseRole; kind: string };
      };

export interface DatabaseKind<Config extends { kind: string }, Carried extends { method: string } = never> {
    // ---- configuration ----
    /** Of an entry of `posit:current.*.databases`. */
    settings: z.ZodObject & z.ZodType<Config>;
    /** How such an entry looks, for who wrote something else. */
    example: string;
    /** Two products with one place would share a database; "" where no other host can have it. */
    place(config: Config): string;
    checks(config: Config, around: Surroundings): DatabaseFinding[];
    /** What hosts read in their product's own configuration. */
    provider: string;

    // ---- closed window ----
    /** Who is asked over the network whether they are gone; `undefined` where stopping the product ends every session. */
    sessions(config: Config, server?: ServerPlace): AskedDatabase | undefined;
    /** Its own unit on the product's host, which is closed after the product and opened before it. */
    unit(config: Config): string | undefined;
    onHost(config: Config, around: WindowSurroundings): HostDatabase | undefined;

    // ---- capture and restore ----
    capture: DatabaseCapture<Config, Carried>;
    restore: DatabaseRestore<Carried>;
    /** What an environment publishes of one; `undefined` where none has such a database. */
    published: z.ZodObject | undefined;
}
