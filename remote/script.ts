// Makes the program that a host runs from hosts/*.sh: variables, the library, the product's functions, the script, `main`.
// It goes to the host by stdin, never in a command's text, so that no log shows what the variables hold.
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { osFamilies } from "../logic/operatingSystems";
import { products } from "../products";
import { ProductId } from "../products/ids";

export const scriptNames = [
    "ready",
    "hostkey",
    "accounts",
    "mount",
    "shared-homes",
    "install",
    "configure",
    "start",
    "check",
    "inventory",
    "secrets",
    "window",
    "thaw",
    "record",
    "changes",
    "reopen",
    "state",
    "restore-database",
    "load-database",
    "quarantine",
    "repair",
    "rebuild",
    "serve",
] as const;

/** hosts/NAME.sh */
export type ScriptName = (typeof scriptNames)[number];

/** How a host differs from its product's description. */
export interface HostLayout {
    /** Every place that holds data of the product, captured or not. */
    dataMounts: string[];
    /** Postgres on the host itself: closed after the product, opened before it. */
    databaseUnit?: string;
    /** Where the product answers on the host itself, when it is not its usual port. */
    port?: number;
}

export interface ScriptRequest {
    script: ScriptName;
    /** Brings the functions of hosts/products/*.sh along. */
    product?: ProductId;
    layout?: HostLayout;
    /**
     * Shell variables, by name. One whose name ends in _JSON reaches the script as arrays too, so that no host needs a JSON
     * parser: ACCOUNTS_JSON [{name, uid}] becomes ACCOUNTS_name, ACCOUNTS_uid and ACCOUNTS_count.
     */
    variables?: Record<string, string>;
    /** The work is done once per key; with the action `undo` it is undone, and may be done again. */
    once?: { name: string; key: string; undo?: string };
}

export interface RenderedScript {
    text: string;
    /** Of the script's sources, not of the variables. */
    hash: string;
}

/** Libraries beside hosts/lib/common.sh, by script. */
const libraries: Partial<Record<ScriptName, string[]>> = {
    ready: ["hostKeys", "os"],
    hostkey: ["hostKeys"],
    mount: ["mounting"],
    "shared-homes": ["mounting", "os"],
    install: ["os"],
    configure: ["os"],
    start: ["quarantine", "os"],
    check: ["os"],
    inventory: ["reading", "os"],
    secrets: ["reading"],
    repair: ["renumbering"],
    window: ["words", "os", "marker", "deadman", "notice", "quiet", "postgres", "dumpFolder", "dumping", "arming"],
    thaw: ["marker", "deadman", "notice", "dumpFolder"],
    record: ["marker"],
    reopen: ["marker"],
    state: ["marker", "deadman"],
    "restore-database": ["postgres", "os"],
    "load-database": ["postgres", "os"],
    quarantine: ["quarantine", "os"],
    serve: ["os", "marker", "deadman", "notice", "quiet", "dumpFolder", "quarantine", "mounting"],
};

/** What a distribution does in its own way comes with the words of every family: which one counts, the host tells. */
const filesOf = (library: string): string[] => [
    ...(library === "os" ? osFamilies.map((family) => `os/${family}.sh`) : []),
    `lib/${library}.sh`,
];

/** Programs of hosts/carried/ that a script leaves on its host, by the variable that holds their text. */
const carried: Partial<Record<ScriptName, Record<string, string>>> = {
    window: { NOTICE_SCRIPT: "notice.sh" },
    serve: { NOTICE_SCRIPT: "notice.sh" },
};

const folder = path.join(__dirname, "..", "hosts");
const read = (file: string) => fs.readFileSync(path.join(folder, file), "utf8");

export function renderScript({ script, product, layout, variables = {}, once }: ScriptRequest): RenderedScript {
    const sources = [
        ...Object.entries(carried[script] ?? {}).map(([name, file]) => `${name}=${quote(read(`carried/${file}`))}`),
        ...[
            "lib/common.sh",
            ...(libraries[script] ?? []).flatMap(filesOf),
            ...(product ? [`products/${products[product].slug}.sh`] : []),
            `${script}.sh`,
        ].map((file) => withoutHead(read(file))),
    ];
    // window.sh is told what to do by its stdin; every other script must not eat the program it came with.
    const call = script === "window" ? 'main "$@"' : `{ ${once ? onceCall(once) : 'main "$@"'}; } </dev/null`;
    const facts = product ? productFacts(product, layout) : [];
    const given = Object.entries(variables).flatMap(([name, value]) => assignments(name, value));
    const text = ["set -euo pipefail", `SCRIPT=${script}`, ...facts, ...given, ...sources, call, ""].join("\n");
    return { text, hash: createHash("sha256").update(sources.join("\n")).digest("hex") };
}

function onceCall({ name, key, undo }: NonNullable<ScriptRequest["once"]>): string {
    const work = `run_once ${quote(name)} ${quote(key)} "$@"`;
    return undo
        ? `if [ "\${2:-}" = ${quote(undo)} ]; then forget_once ${quote(name)}; main "$@"; else ${work}; fi`
        : work;
}

/** The shebang and the comment that tells a file's job say nothing to the host. */
function withoutHead(source: string): string {
    return source.replace(/^(#.*\n)+/, "");
}

function productFacts(product: ProductId, layout?: HostLayout): string[] {
    const description = products[product];
    const scalars = {
        PRODUCT: description.id,
        PRODUCT_TITLE: description.title,
        SLUG: description.slug,
        PACKAGE: description.package,
        PORT: String(layout?.port ?? description.port),
        HEALTH_PATH: description.healthPath,
        KEY_PATH: description.keyPath,
        KEY_MODE: description.keyMode,
        ACCOUNT: description.account,
        CONFIG_OWNER: description.configOwner,
        SESSION_PATTERN: description.sessionPattern,
        LOG_PATH: description.logPath,
        DATABASE_UNIT: layout?.databaseUnit ?? "",
    };
    const lists = {
        UNITS: description.units,
        CONFIG_PATHS: description.configPaths,
        DATA_MOUNTS: layout?.dataMounts ?? description.dataMounts,
        PROGRAM_PATHS: description.programPaths,
    };
    return [
        ...Object.entries(scalars).map(([name, value]) => `${name}=${quote(value)}`),
        ...Object.entries(lists).map(([name, values]) => list(name, values)),
    ];
}

function assignments(name: string, value: string): string[] {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name)) {
        throw new Error(`${name} is no name for a shell variable`);
    }
    const plain = `${name}=${quote(value)}`;
    return name.endsWith("_JSON")
        ? [plain, ...columns(name.slice(0, -"_JSON".length), JSON.parse(value) as unknown)]
        : [plain];
}

function columns(name: string, value: unknown): string[] {
    if (Array.isArray(value)) {
        const rows = value.map((row) => encoded(row as Record<string, unknown>));
        const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
        return [
            `${name}_count=${rows.length}`,
            ...keys.map((key) =>
                list(
                    `${name}_${key}`,
                    rows.map((row) => text(row[key])),
                ),
            ),
        ];
    }
    return Object.entries(value as Record<string, unknown>).map(([key, inner]) =>
        Array.isArray(inner) ? list(`${name}_${key}`, inner.map(text)) : `${name}_${key}=${quote(text(inner))}`,
    );
}

/** The content of a file travels as base64, whatever it is. */
function encoded(row: Record<string, unknown>): Record<string, unknown> {
    return typeof row.content === "string" && row.encoding !== "base64"
        ? { ...row, content: Buffer.from(row.content, "utf8").toString("base64") }
        : row;
}

function text(value: unknown): string {
    return value === undefined || value === null
        ? ""
        : typeof value === "object"
          ? JSON.stringify(value)
          : String(value);
}

function list(name: string, values: string[]): string {
    return `${name}=(${values.map(quote).join(" ")})`;
}

/** 'single quoted', whatever it holds. */
export function quote(value: string): string {
    return `'${value.replace(/'/g, `'\\''`)}'`;
}
