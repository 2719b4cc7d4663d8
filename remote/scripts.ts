// The one register of host scripts: what each is made of, is given and answers. Callers are typed by it (remote/script.ts renders it), answers
// are parsed by it (remote/answer.ts), and tests/unit/remote/register.test.ts holds it against what hosts/*.sh say in their heads and use.
import type { z } from "zod";
import * as answers from "../contract/host";
import { inventorySchema, productSecretsSchema } from "../contract/production";
import type { ProductId } from "../products/ids";

/** What a shell variable can hold. */
export type Cell = string | number | boolean;

/** A file's content travels as base64, whatever it is; one that is base64 already says so. */
export interface FileCells {
    path: string;
    content: string;
    encoding?: "utf8" | "base64";
    owner: string;
    group: string;
    mode: string;
}

export type Variable = { optional?: true } & (
    | { kind: "text"; words?: readonly string[] }
    | { kind: "fields" | "rows"; columns: readonly string[] }
    | { kind: "files"; columns: readonly (keyof FileCells)[] }
);

/** NAME */
const text = { kind: "text" } as const;
/** NAME, which is one of a few words. */
const oneOf = <const W extends string>(...words: W[]) => ({ kind: "text", words }) as const;
/** NAME_column, each a variable; of "column?" it is unset where it is absent. */
const fields = <const C extends string>(...columns: C[]) => ({ kind: "fields", columns }) as const;
/** NAME_column, each an array, and NAME_count, since no host needs a JSON parser; of "column?" what is absent is an empty text. */
const rows = <const C extends string>(...columns: C[]) => ({ kind: "rows", columns }) as const;
/** As rows; NAME_content is base64. */
const files = <const C extends keyof FileCells>(...columns: C[]) => ({ kind: "files", columns }) as const;
/** The variable is unset where it is absent. */
const optional = <const V extends Variable>(variable: V) => ({ ...variable, optional: true }) as const;

export interface ScriptEntry {
    /** A product's has its facts and its functions (hosts/products/*.sh). */
    of: "product" | "host";
    /** hosts/lib/NAME.sh, beside those of every script. */
    libraries?: readonly string[];
    variables?: Readonly<Record<string, Variable>>;
    /** Programs of hosts/carried/ that it leaves on its host, by the variable that holds their text. */
    carried?: Readonly<Record<string, string>>;
    /** Its second argument where it is a command of the engine: when the resource is made, and when it goes or is replaced. */
    actions?: { readonly create: string; readonly delete: string };
    /** It is told what to do by its stdin; every other script must not eat the program it came with. */
    listens?: true;
    /** Its answer is never shown. */
    confidential?: true;
    /** Of its last line, or of each line of one that listens. */
    answer: z.ZodType;
}

/** In front of every script; and of one whose work is done once per key. */
export const everywhere = ["common"] as const;
export const forOnce = "once";

/** By name: hosts/NAME.sh */
export const scripts = {
    ready: {
        of: "host",
        libraries: ["hostKeys", "os"],
        variables: { FAMILY: text },
        answer: answers.readySchema,
    },
    isolation: {
        of: "host",
        variables: { PLACES: rows("what", "address", "port") },
        answer: answers.isolationSchema,
    },
    hostkey: { of: "host", libraries: ["files", "hostKeys"], answer: answers.hostKeySchema },
    accounts: {
        of: "product",
        variables: {
            ACCOUNTS: rows("name", "uid", "gid", "home?"),
            MEMBERSHIPS: rows("account", "group"),
            TEAMS: rows("name", "gid"),
        },
        answer: answers.accountsSchema,
    },
    mount: {
        of: "product",
        libraries: ["files", "units", "mounting"],
        variables: { VOLUME_ID: text, MOUNT: text, FOLDER: text, FILESYSTEM: text, FRESH: text },
        actions: { create: "mount", delete: "unmount" },
        answer: answers.mountedSchema,
    },
    "shared-homes": {
        of: "product",
        libraries: ["files", "units", "mounting", "os"],
        variables: { SOURCE: text, TYPE: text, OPTIONS: text, MOUNT: text },
        actions: { create: "mount", delete: "unmount" },
        answer: answers.sharedHomesSchema,
    },
    install: {
        of: "product",
        libraries: ["files", "asUnit", "units", "os"],
        variables: { VERSION: text, REPOSITORY_URL: text, REPOSITORY_KEY: text },
        answer: answers.installedSchema,
    },
    configure: {
        of: "product",
        libraries: ["files", "rights", "units", "os"],
        variables: {
            FILES: files("path", "content", "owner", "group", "mode"),
            KEYS: files("path", "content", "owner", "group"),
            ENCRYPT: rows("placeholder", "value"),
            PASSWORDS: rows("name", "hash"),
            HOSTS_OVERRIDE: rows("name", "address"),
            DATABASE_CA: text,
        },
        answer: answers.configuredSchema,
    },
    start: {
        of: "product",
        libraries: ["rights", "http", "units", "quarantine", "os"],
        variables: { START_SECONDS: text },
        answer: answers.startedSchema,
    },
    check: {
        of: "product",
        libraries: ["http", "units", "os"],
        variables: {
            PHASE: oneOf("install", "migrate"),
            START_SECONDS: text,
            EXPECTED: fields("version", "keyFingerprint?", "name", "front?"),
        },
        answer: answers.checkSchema,
    },
    inventory: {
        of: "product",
        libraries: ["accounts", "units", "reading", "endpoints", "os", "databases", "metadata"],
        variables: {
            DATABASES: rows("role", "kind"),
            SHARED_HOMES: text,
            VOLUMES: rows("mount", "volumeId", "folder?"),
        },
        answer: inventorySchema,
    },
    secrets: { of: "product", libraries: ["accounts", "reading"], confidential: true, answer: productSecretsSchema },
    window: {
        of: "product",
        libraries: [
            "window/words",
            "files",
            "rights",
            "http",
            "units",
            "os",
            "window/marker",
            "window/deadman",
            "window/notice",
            "window/quiet",
            "postgres",
            "window/dumpFolder",
            "databases",
            "window/closedDatabases",
            "window/arming",
            "window/listening",
            "window/draining",
            "window/freezing",
            "window/staying",
        ],
        carried: { NOTICE_SCRIPT: "notice.sh" },
        variables: {
            TOKEN: text,
            MAX_CLOSED_SECONDS: text,
            MAX_STAY_SECONDS: text,
            NOTICE: text,
            BACK_MINUTES: text,
            DRAIN_SECONDS: text,
            FORCE: text,
            START_SECONDS: text,
            THAW_SCRIPT: text,
            DATABASES: rows(
                "role",
                "kind",
                "path",
                "unit?",
                "host?",
                "port?",
                "name?",
                "user?",
                "password?",
                "ca?",
                "room?",
            ),
        },
        listens: true,
        answer: answers.hostEventSchema,
    },
    thaw: {
        of: "product",
        libraries: [
            "files",
            "rights",
            "http",
            "units",
            "window/marker",
            "window/deadman",
            "window/notice",
            "window/dumpFolder",
        ],
        variables: { START_SECONDS: text },
        answer: answers.hostEventSchema,
    },
    record: {
        of: "product",
        libraries: ["window/marker"],
        variables: { TOKEN: text },
        answer: answers.hostMarkerSchema,
    },
    changes: { of: "product", variables: { SINCE: text }, answer: answers.changesSchema },
    reopen: {
        of: "product",
        libraries: ["rights", "http", "units", "window/marker"],
        variables: {
            REASON: oneOf("by-hand", "given-up", "called-off"),
            STAYING: oneOf("leave", "open"),
            WAIT_SECONDS: text,
            TOKEN: optional(text),
        },
        answer: answers.reopenedSchema,
    },
    state: {
        of: "product",
        libraries: ["http", "units", "window/marker", "window/deadman"],
        answer: answers.hostStateSchema,
    },
    "dry-run": {
        of: "product",
        libraries: ["files", "postgres"],
        variables: {
            DATABASES: rows("role", "host", "port", "name", "user", "password", "ca?"),
            FOLDER: text,
            PATIENCE: text,
            KEEP_SECONDS: text,
        },
        answer: answers.dryRunSchema,
    },
    "restore-database": {
        of: "host",
        libraries: ["files", "postgres", "os"],
        variables: {
            DATABASE_HOST: text,
            DATABASE_PORT: text,
            MASTER_USER: text,
            MASTER_PASSWORD: text,
            DATABASE_CA: text,
            DATABASES: rows("name", "user", "scram", "md5"),
        },
        answer: answers.ownedSchema,
    },
    "load-database": {
        of: "product",
        libraries: ["files", "rights", "asUnit", "postgres", "os", "databases"],
        variables: {
            KIND: text,
            SOURCE: text,
            ENGINE_VERSION: text,
            DATABASE_HOST: text,
            DATABASE_PORT: text,
            DATABASE_NAME: text,
            DATABASE_USER: text,
            DATABASE_PASSWORD: text,
            DATABASE_CA: text,
        },
        answer: answers.loadedSchema,
    },
    quarantine: {
        of: "product",
        libraries: ["files", "units", "quarantine", "os"],
        variables: { ACTION: oneOf("on", "off"), TOKEN: text },
        answer: answers.quarantineSchema,
    },
    repair: {
        of: "product",
        libraries: ["files", "rights", "os", "renumbering"],
        variables: {
            TOKEN: text,
            OLD_CODENAME: text,
            ACCOUNTS: rows("name", "uid", "gid"),
        },
        answer: answers.repairSchema,
    },
    rebuild: { of: "product", libraries: ["asUnit"], answer: answers.rebuiltSchema },
    serve: {
        of: "product",
        libraries: [
            "files",
            "rights",
            "http",
            "units",
            "os",
            "window/marker",
            "window/deadman",
            "window/notice",
            "window/quiet",
            "window/dumpFolder",
            "quarantine",
            "wayBack",
            "mounting",
        ],
        carried: { NOTICE_SCRIPT: "notice.sh" },
        variables: {
            ACTION: oneOf("retire", "open", "health", "close", "revive"),
            TOKEN: optional(text),
            EVEN_OPEN: optional(text),
            START_SECONDS: text,
        },
        answer: answers.servedSchema,
    },
} as const satisfies Record<string, ScriptEntry>;

export type ScriptName = keyof typeof scripts;
export const scriptNames = Object.keys(scripts) as ScriptName[];

/** One with what it may have and does not say. */
export function entryOf(script: ScriptName): ScriptEntry {
    return scripts[script];
}

/** "home?" → home, optional */
export function columnOf(column: string): { key: string; optional: boolean } {
    return { key: column.replace(/\?$/, ""), optional: column.endsWith("?") };
}

type Row<C extends string> = { readonly [K in C as K extends `${string}?` ? never : K]: Cell } & {
    readonly [K in C as K extends `${infer Name}?` ? Name : never]?: Cell;
};

type ValueOf<V> = V extends { kind: "text"; words: readonly (infer W)[] }
    ? W
    : V extends { kind: "text" }
      ? Cell
      : V extends { kind: "fields"; columns: readonly (infer C extends string)[] }
        ? Row<C>
        : V extends { kind: "rows"; columns: readonly (infer C extends string)[] }
          ? readonly Row<C>[]
          : V extends { kind: "files"; columns: readonly (infer C extends keyof FileCells)[] }
            ? readonly (Pick<FileCells, C> & Pick<FileCells, "encoding">)[]
            : never;

type Declared<S extends ScriptName> = (typeof scripts)[S] extends { variables: infer V } ? V : Record<never, never>;
type OptionalNames<V> = { [K in keyof V]: V[K] extends { optional: true } ? K : never }[keyof V];

/** What a script is given. */
export type VariablesOf<S extends ScriptName> = {
    [K in Exclude<keyof Declared<S>, OptionalNames<Declared<S>>>]: ValueOf<Declared<S>[K]>;
} & { [K in OptionalNames<Declared<S>>]?: ValueOf<Declared<S>[K]> };

/** What a script answers. */
export type AnswerOf<S extends ScriptName> = z.output<(typeof scripts)[S]["answer"]>;

/** A script's product, where it is one's. */
export type ProductOf<S extends ScriptName> = (typeof scripts)[S]["of"] extends "product"
    ? { product: ProductId }
    : { product?: undefined };

/** A script's variables, each of them `V`'s way: required only where there are some. */
export type Given<Variables> = keyof Variables extends never ? { variables?: undefined } : { variables: Variables };
