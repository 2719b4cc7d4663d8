// The grammar of declared settings, per product, and which of them its files can take: what has no place there, or is the program's own to
// say, is refused with the reason, since a setting that is accepted and does nothing (or points the new side at the old one's data) is worse
// than none.
import { GcfgPlace } from "../logic/gcfg";
import { PerProduct, ProductId } from "./ids";
import { KeyValuePlace } from "./keyValue";
import { GcfgProduct, kindOf, namingProblem, SettingKind } from "./settingKinds";
import { fileNamed, whyNoSettings, workbenchFile } from "./workbenchFiles";

/** Where a setting of Workbench stands. */
export interface WorkbenchPlace extends KeyValuePlace {
    /** Below /etc/rstudio. */
    file: string;
}

/** Setting → value, or values where it may stand several times. */
export type DeclaredSettings = Record<string, string | string[]>;

interface Grammar {
    /** "must be a setting as …". */
    must: string;
    example: string;
    /** What such a setting may have for a value. */
    exampleValue: string;
    /** The same for all spellings of one setting; undefined where the text is none. */
    identity(setting: string): string | undefined;
    /** Why the program says it itself, or no file takes it. */
    problem(setting: string): string | undefined;
    kind(setting: string): SettingKind;
    valueProblem(setting: string, value: string): string | undefined;
}

// ---- gcfg ----

const gcfgWord = "[A-Za-z][A-Za-z0-9-]{0,99}";
const gcfgSetting = new RegExp(
    String.raw`^(${gcfgWord})(?: "((?:[^"\\\p{Cc}]|\\["\\]){1,200})")?\.(${gcfgWord})$`,
    "u",
);

/** `Section.Key`, or `Section "name".Key` of a section that has a name. */
export function parseGcfgSetting(setting: string): GcfgPlace | undefined {
    const [, section, name, key] = gcfgSetting.exec(setting) ?? [];
    return section === undefined
        ? undefined
        : { section, ...(name !== undefined && { name: name.replace(/\\(.)/gu, "$1") }), key };
}

const fromDatabase = "names the database, which comes from posit:database and posit:secrets.databasePasswords";
const fromNames = "comes from posit:names";
const listens =
    "is where health checks, security groups and entry points find the product; it can't be moved by a setting";
const servesPlain =
    "would make the product serve TLS, or under a path, which this version can't: say what is in front of it by posit:names and posit:front";
const fromRestore = "is where data volumes are mounted and restored to";

/** "section" or "section.key" in lower case (gcfg does not mind case) → why the program says it itself. */
const gcfgOwn: Record<string, string> = {
    "server.address": fromNames,
    "server.datadir": fromRestore,
    "http.listen": listens,
    "https.listen": listens,
    "https.certificate": servesPlain,
    "https.key": servesPlain,
    "httpredirect.listen": listens,
    database: fromDatabase,
    postgres: fromDatabase,
    sqlite: fromDatabase,
};

function ownReason(own: Record<string, string>, places: string[]): string | undefined {
    // "constructor" is a name that every object knows.
    return places.filter((place) => Object.hasOwn(own, place)).map((place) => own[place])[0];
}

function gcfgGrammar(product: GcfgProduct, [example, exampleValue]: [string, string]): Grammar {
    const place = (setting: string) => parseGcfgSetting(setting) ?? { section: "", key: "" };
    return {
        must: 'must be a setting as `Section.Key`, or `Section "name".Key` where sections have names',
        ...{ example, exampleValue },
        identity: (setting) => {
            const parsed = parseGcfgSetting(setting);
            return (
                parsed && JSON.stringify([parsed.section.toLowerCase(), parsed.name ?? "", parsed.key.toLowerCase()])
            );
        },
        problem: (setting) => {
            const { section, name, key } = place(setting);
            const lower = section.toLowerCase();
            return (
                ownReason(gcfgOwn, [`${lower}.${key.toLowerCase()}`, lower]) ?? namingProblem(product, section, name)
            );
        },
        kind: (setting) => kindOf(product, place(setting).section, place(setting).key),
        valueProblem: () => undefined,
    };
}

// ---- Workbench ----

const workbenchWord = "[A-Za-z_][A-Za-z0-9_-]{0,99}";
const workbenchSetting = new RegExp(
    String.raw`^([a-z][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+){0,8})(?:\[([^\[\]#;="\p{Cc}]{1,200})\])?\.(${workbenchWord})$`,
    "u",
);

/** `file.key` or `file[section].key`: the file is below /etc/rstudio, `.conf` may be left out. */
export function parseWorkbenchSetting(setting: string): WorkbenchPlace | undefined {
    const [, word, section, key] = workbenchSetting.exec(setting) ?? [];
    return word === undefined || section?.trim() !== section
        ? undefined
        : { file: fileNamed(word), ...(section !== undefined && { section }), key };
}

/** "file" or "file key". */
const workbenchOwn: Record<string, string> = {
    "rserver.conf www-port": listens,
    "rserver.conf www-address": listens,
    "rserver.conf www-root-path": servesPlain,
    "rserver.conf ssl-enabled": servesPlain,
    "rserver.conf ssl-certificate": servesPlain,
    "rserver.conf ssl-certificate-key": servesPlain,
    "rserver.conf server-health-check-enabled": "is how the program asks whether Workbench answers",
    "rserver.conf secure-cookie-key-file": "is where production's key is written to",
    "rserver.conf server-data-dir": fromRestore,
    "rserver.conf database-config-file": fromDatabase,
    "database.conf": fromDatabase,
    "audit-database.conf": fromDatabase,
};

const workbenchGrammar: Grammar = {
    must: "must be a setting as `file.key`, or `file[section].key`, of a file below /etc/rstudio (`.conf` may be left out)",
    example: "rserver.admin-group",
    exampleValue: "rstudio-admins",
    identity: (setting) => {
        const place = parseWorkbenchSetting(setting);
        return place && JSON.stringify([place.file, place.section ?? "", place.key]);
    },
    problem: (setting) => {
        const place = parseWorkbenchSetting(setting);
        if (!place) {
            return undefined;
        }
        const { file, section, key } = place;
        const { sections } = workbenchFile(file);
        const without = whyNoSettings(file);
        return (
            ownReason(workbenchOwn, [`${file} ${key}`, file]) ??
            (without !== undefined
                ? `is of /etc/rstudio/${file}, which ${without}: change it on production, whose files are the base`
                : sections === "none" && section !== undefined
                  ? `is of ${file}, which has no sections: \`${setting.replace(/\[.*\]/, "")}\``
                  : sections === "needed" && section === undefined
                    ? `is of ${file}, whose settings stand in sections: \`${file.replace(/\.conf$/, "")}[SECTION].${key}\``
                    : undefined)
        );
    },
    kind: (setting) => {
        const place = parseWorkbenchSetting(setting);
        const { lists = [], reader } = workbenchFile(place?.file ?? "");
        // What reads the file refuses a second one of the same name, but for lists.
        return lists.includes(place?.key ?? "") ? "list" : reader === "assumed" ? "unknown" : "single";
    },
    valueProblem: (setting, value) => {
        const { reader } = workbenchFile(parseWorkbenchSetting(setting)?.file ?? "");
        return value.trim() !== value
            ? "has a blank at an end, which would be lost"
            : reader !== "read_ini" && value.includes("#")
              ? "has a # in it, behind which the file's reader takes a value for a comment"
              : reader === "assumed" && value.startsWith('"')
                ? "begins with a quote, which some of the files' readers take off; leave it out"
                : undefined;
    },
};

// ---- all three ----

export const settingGrammars: PerProduct<Grammar> = {
    packageManager: gcfgGrammar("packageManager", ["CRAN.DelaySyncDuration", "72h"]),
    connect: gcfgGrammar("connect", ["Server.SenderEmail", "connect@acme.com"]),
    workbench: workbenchGrammar,
};

/** What is wrong with declaring that setting, whatever its value; undefined when nothing is. */
export function settingProblem(product: ProductId, setting: string): string | undefined {
    return settingGrammars[product].problem(setting);
}

/** What is wrong with giving it that value. */
export function settingValueProblem(product: ProductId, setting: string, value: string | string[]): string | undefined {
    const { kind, valueProblem, exampleValue } = settingGrammars[product];
    const problem =
        Array.isArray(value) && value.length > 1 && kind(setting) === "single"
            ? "has one value, of several the last would count; give it one"
            : [value].flat().flatMap((one) => valueProblem(setting, one) ?? [])[0];
    return problem && `${problem}; for example ${exampleValue}`;
}

/**
 * Why a setting can't be written to where production has it that often: whether it would stand beside the others, or in their place, depends
 * on what nobody here knows. A list says it.
 */
export function unclear(
    product: ProductId,
    setting: string,
    value: string | string[],
    file: string,
    found: number,
): string | undefined {
    return found > 1 && !Array.isArray(value) && settingGrammars[product].kind(setting) === "unknown"
        ? `${setting} stands ${found} times in production's ${file}, and whether all of them count or the last one is not known here: declare it as a list with all its values (one, if it has one), which takes the place of them all`
        : undefined;
}
