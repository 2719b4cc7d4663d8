// Makes the program that a host runs from hosts/*.sh: variables, the library, the product's functions, the script, `main`.
// It goes to the host by stdin, never in a command's text, so that no log shows what the variables hold.
import * as fs from "node:fs";
import * as path from "node:path";
import { kinds } from "../databases";
import { osFamilies } from "../logic/operatingSystems";
import { products } from "../products";
import { usualPorts } from "../products/endpoint";
import { usualPort } from "../products/endpoints";
import { ProductId } from "../products/ids";
import {
    Cell,
    columnOf,
    entryOf,
    everywhere,
    FileCells,
    forOnce,
    Given,
    ProductOf,
    ScriptEntry,
    ScriptName,
    Variable,
    VariablesOf,
} from "./scripts";

/** How a host differs from its product's description. */
export interface HostLayout {
    /** Every place that holds data of the product, captured or not. */
    dataMounts: string[];
    /** Of databases on the host itself: closed after the product, opened before it. */
    databaseUnits?: string[];
    /** Where the product answers on the host itself, when it is not its usual port. */
    port?: number;
}

/** A script for one host, with what the register says that it is given. */
export type ScriptRequest<S extends ScriptName = ScriptName> = {
    script: S;
    layout?: HostLayout;
    /** The work is done once per key; with the action `undo` it is undone, and may be done again. */
    once?: { name: string; key: string; undo?: string };
} & ProductOf<S> &
    Given<VariablesOf<S>>;

/** As the renderer sees any of them. */
interface AnyRequest {
    script: ScriptName;
    product?: ProductId;
    layout?: HostLayout;
    variables?: Readonly<Record<string, unknown>>;
    once?: { name: string; key: string; undo?: string };
}

const folder = path.join(__dirname, "..", "hosts");
const read = (file: string) => fs.readFileSync(path.join(folder, file), "utf8");

/** What a distribution, or a kind of database, does in its own way comes with the words of all of them: which one counts, the host tells. */
const inOwnWays: Record<string, string[]> = {
    os: osFamilies.map((family) => `os/${family}.sh`),
    databases: kinds.map((kind) => `databases/${kind}.sh`),
};
const filesOf = (library: string): string[] => [...(inOwnWays[library] ?? []), `lib/${library}.sh`];

/** The program's text. */
export function renderScript<S extends ScriptName>(request: ScriptRequest<S>): string {
    const { script, product, layout, variables = {}, once }: AnyRequest = request;
    const entry = entryOf(script);
    if ((entry.of === "product") !== (product !== undefined)) {
        throw new Error(`hosts/${script}.sh is a ${entry.of}'s: it ${product ? "takes no" : "needs a"} product`);
    }
    const sources = [
        ...Object.entries(entry.carried ?? {}).map(([name, file]) => assignment(name, read(`carried/${file}`))),
        ...[
            ...everywhere.map((library) => `lib/${library}.sh`),
            ...(once ? [`lib/${forOnce}.sh`] : []),
            ...(entry.libraries ?? []).flatMap(filesOf),
            ...(product ? [`products/${products[product].slug}.sh`] : []),
            `${script}.sh`,
        ].map((file) => withoutHead(read(file))),
    ];
    const call = entry.listens ? 'main "$@"' : `{ ${once ? onceCall(once) : 'main "$@"'}; } </dev/null`;
    const facts = product ? productFacts(product, layout) : [];
    return [
        ...["set -euo pipefail", `SCRIPT=${script}`],
        ...facts,
        ...assignments(script, entry, variables),
        ...sources,
        ...[call, ""],
    ].join("\n");
}

/** "connect:state": what messages and a command's text call it. */
export function labelOf({ script, product }: { script: ScriptName; product?: ProductId }): string {
    return [script, product].filter(Boolean).join(":");
}

function onceCall({ name, key, undo }: NonNullable<AnyRequest["once"]>): string {
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
        PORT: String(layout?.port ?? usualPort(product)),
        USUAL_PORT: String(usualPort(product)),
        USUAL_TLS_PORT: String(usualPorts.https),
        HEALTH_PATH: description.healthPath,
        MAIN_CONFIG: description.mainConfig,
        KEY_PATH: description.keyPath,
        KEY_MODE: description.keyMode,
        ACCOUNT: description.account,
        SESSION_PATTERN: description.sessionPattern,
        LOG_PATH: description.logPath,
    };
    const lists = {
        UNITS: description.units,
        DATABASE_UNITS: layout?.databaseUnits ?? [],
        CONFIG_PATHS: description.configPaths,
        DATA_MOUNTS: layout?.dataMounts ?? description.dataMounts,
        PROGRAM_PATHS: description.programPaths,
    };
    return [
        ...Object.entries(scalars).map(([name, value]) => assignment(name, value)),
        ...Object.entries(lists).map(([name, values]) => list(name, values)),
    ];
}

/** Types hold callers to the register; what they make at run time is held to it here. Never says a value, which may be a secret. */
function assignments(script: ScriptName, { variables = {} }: ScriptEntry, given: Record<string, unknown>): string[] {
    const surplus = Object.keys(given).filter((name) => given[name] !== undefined && !Object.hasOwn(variables, name));
    const missing = Object.entries(variables)
        .filter(([name, { optional }]) => !optional && given[name] === undefined)
        .map(([name]) => name);
    if (surplus.length + missing.length > 0) {
        const words = [
            ...surplus.map((name) => `is given ${name}, which it never reads`),
            ...missing.map((name) => `needs ${name}`),
        ];
        throw new Error(`hosts/${script}.sh ${words.join("; ")}: see remote/scripts.ts`);
    }
    return Object.entries(variables).flatMap(([name, variable]) =>
        given[name] === undefined ? [] : shell(`hosts/${script}.sh: ${name}`, name, variable, given[name]),
    );
}

type Cells = Readonly<Record<string, unknown>>;

function shell(what: string, name: string, variable: Variable, value: unknown): string[] {
    switch (variable.kind) {
        case "text":
            if (variable.words && !variable.words.includes(cell(what, value))) {
                throw new Error(`${what} is none of ${variable.words.join(", ")}`);
            }
            return [assignment(name, cell(what, value))];
        case "fields":
            return variable.columns.map(columnOf).flatMap(({ key, optional }) => {
                const found = (value as Cells)[key];
                return optional && found === undefined
                    ? []
                    : [assignment(`${name}_${key}`, cell(`${what}.${key}`, found))];
            });
        case "rows":
            return table(what, name, variable.columns, value as Cells[]);
        case "files":
            return table(what, name, variable.columns, (value as FileCells[]).map(encoded));
    }
}

function table(what: string, name: string, columns: readonly string[], values: readonly Cells[]): string[] {
    const lists = columns.map(columnOf).map(({ key, optional }) =>
        list(
            `${name}_${key}`,
            values.map((row) => (optional && row[key] === undefined ? "" : cell(`${what}[].${key}`, row[key]))),
        ),
    );
    return [`${name}_count=${values.length}`, ...lists];
}

function encoded({ content, encoding, ...file }: FileCells): Cells {
    return { ...file, content: encoding === "base64" ? content : Buffer.from(content, "utf8").toString("base64") };
}

function cell(what: string, value: unknown): string {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
        return String(value satisfies Cell);
    }
    throw new Error(`${what} is ${value === undefined ? "absent" : `no text but ${typeof value}`}`);
}

function assignment(name: string, value: string): string {
    return `${name}=${quote(value)}`;
}

function list(name: string, values: readonly string[]): string {
    return `${name}=(${values.map(quote).join(" ")})`;
}

/** 'single quoted', whatever it holds. */
export function quote(value: string): string {
    return `'${value.replace(/'/g, `'\\''`)}'`;
}
