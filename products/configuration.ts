// How the new configuration files are made: production's, with only that changed which must differ.
import { isUtf8 } from "node:buffer";
import { editGcfg, forBinaries, gcfgProblem, GcfgEdit, gcfgSettings } from "../logic/gcfg";
import { Refusal } from "../logic/refusal";
import { ConfigFile, EnvironmentFacts } from "./description";
import { urlOf } from "./endpoint";
import { GcfgProduct } from "./settingKinds";
import { DeclaredSettings, parseGcfgSetting, unclear } from "./settings";

/** The files of production, made for the new operating system's packages where they are text; a keytab is left as it is. */
export function basedOn(production: ConfigFile[] | undefined, facts: EnvironmentFacts): ConfigFile[] {
    return (production ?? []).map((file) => (isText(file) ? asText(file, facts) : file));
}

function isText({ encoding, content }: ConfigFile): boolean {
    const bytes = Buffer.from(content, "base64");
    return encoding !== "base64" || (isUtf8(bytes) && !bytes.includes(0));
}

function asText({ encoding, content, ...file }: ConfigFile, facts: EnvironmentFacts): ConfigFile {
    return { ...file, content: forBinaries(textOf({ encoding, content }), facts.binaries) };
}

function textOf({ encoding, content }: Pick<ConfigFile, "encoding" | "content">): string {
    return encoding === "base64" ? Buffer.from(content, "base64").toString("utf8") : content;
}

/** The file of that path, changed; made when production has none. */
export function withFile(
    files: ConfigFile[],
    absent: Omit<ConfigFile, "content">,
    change: (text: string) => string,
): ConfigFile[] {
    const found = files.find((file) => file.path === absent.path);
    const rest = files.filter((file) => file !== found);
    const { encoding, content, ...file } = found ?? { ...absent, content: "", encoding: undefined };
    return [...rest, { ...file, content: change(textOf({ encoding, content })) }];
}

/** "postgres://user@host:5432/name?sslmode=verify-full"; Postgres takes names with @ or / in them, a URL only encoded. */
function databaseUrl({ host, port, name, user, verified }: NonNullable<EnvironmentFacts["database"]>): string {
    const [role, database] = [user, name].map(encodeURIComponent);
    return `postgres://${role}@${host}:${port}/${database}?sslmode=${verified ? "verify-full" : "require"}`;
}

/** Of the products whose one gcfg file names the database. */
export function databaseEdits({ database }: EnvironmentFacts, passwordPlaceholder: string): GcfgEdit[] {
    return database
        ? [
              { section: "Database", key: "Provider", value: "postgres" },
              { section: "Postgres", key: "URL", value: databaseUrl(database) },
              { section: "Postgres", key: "Password", value: passwordPlaceholder },
          ]
        : [];
}

/** Settings declared for this environment: `Section.Key` or `Section "name".Key` → value. */
function declaredEdits(settings: DeclaredSettings | undefined): GcfgEdit[] {
    return Object.entries(settings ?? {}).flatMap(([setting, value]) => {
        const place = parseGcfgSetting(setting);
        return place ? [{ ...place, value }] : [];
    });
}

/** The text of production's file of that path; empty when it has none. */
export function textAt(files: ConfigFile[] | undefined, path: string): string {
    const file = files?.find((one) => one.path === path);
    return file ? textOf(file) : "";
}

/** What keeps a gcfg file of production from being edited without a doubt. */
export function unclearGcfg(
    product: GcfgProduct,
    path: string,
    production: ConfigFile[] | undefined,
    settings: DeclaredSettings | undefined,
): string[] {
    const text = textAt(production, path);
    const problem = gcfgProblem(text);
    return problem
        ? [
              `line ${problem.line} of production's ${path} can't be read: ${problem.says}. Mend that line there, and run \`pulumi up\` of production, which publishes the file`,
          ]
        : Object.entries(settings ?? {}).flatMap(([setting, value]) => {
              const place = parseGcfgSetting(setting);
              const found = place ? gcfgSettings(text, place).length : 0;
              return unclear(product, setting, value, path, found) ?? [];
          });
}

export function editedGcfg(
    product: GcfgProduct,
    production: ConfigFile[] | undefined,
    absent: Omit<ConfigFile, "content">,
    edits: GcfgEdit[],
    facts: EnvironmentFacts,
): ConfigFile[] {
    refuseUnclear(unclearGcfg(product, absent.path, production, facts.settings));
    return withFile(basedOn(production, facts), absent, (text) =>
        editGcfg(text, [...edits, ...declaredEdits(facts.settings)]),
    );
}

/** Said before anything is built (logic/unclearSettings.ts); here, so that nothing is ever written in doubt. */
export function refuseUnclear(reasons: string[]): void {
    if (reasons.length > 0) {
        throw new Refusal(reasons.join("\n"));
    }
}

/** pip of content and people: production's index by the name that its binaries have. */
export function pipConf(files: ConfigFile[], facts: EnvironmentFacts): ConfigFile[] {
    const lines = [
        "[global]",
        `index-url = ${pythonIndex(facts)}`,
        ...(facts.repository.scheme === "http" ? [`trusted-host = ${facts.repository.host}`] : []),
    ];
    const absent = { path: "/etc/pip.conf", owner: "root", group: "root", mode: "0644" };
    return withFile(files, absent, (text) => text || `${lines.join("\n")}\n`);
}

export function pythonIndex(facts: EnvironmentFacts): string {
    return urlOf(facts.repository, `/pypi/__linux__/${facts.binaries}/latest/simple`);
}

export function cranRepository(facts: EnvironmentFacts): string {
    return urlOf(facts.repository, `/cran/__linux__/${facts.binaries}/latest`);
}
