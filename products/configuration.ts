// How the new configuration files are made: production's, with only that changed which must differ.
import { isUtf8 } from "node:buffer";
import { editGcfg, forBinaries, GcfgEdit } from "../logic/gcfg";
import { ConfigFile, EnvironmentFacts } from "./description";

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
    return `postgres://${role}@${host}:${port ?? 5432}/${database}?sslmode=${verified ? "verify-full" : "require"}`;
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

/** Settings declared for this environment: "Section.Key" → value. */
export function declaredEdits(settings: Record<string, string> | undefined): GcfgEdit[] {
    return Object.entries(settings ?? {}).map(([path, value]) => {
        const [section, key] = path.split(".");
        return { section, key, value };
    });
}

export function editedGcfg(
    files: ConfigFile[],
    absent: Omit<ConfigFile, "content">,
    edits: GcfgEdit[],
    facts: EnvironmentFacts,
): ConfigFile[] {
    return withFile(files, absent, (text) => editGcfg(text, [...edits, ...declaredEdits(facts.settings)]));
}

/** pip of content and people: production's index by the name that its binaries have. */
export function pipConf(files: ConfigFile[], facts: EnvironmentFacts): ConfigFile[] {
    const host = new URL(facts.repositoryUrl).hostname;
    const lines = [
        "[global]",
        `index-url = ${pythonIndex(facts)}`,
        ...(facts.repositoryUrl.startsWith("http:") ? [`trusted-host = ${host}`] : []),
    ];
    const absent = { path: "/etc/pip.conf", owner: "root", group: "root", mode: "0644" };
    return withFile(files, absent, (text) => text || `${lines.join("\n")}\n`);
}

export function pythonIndex(facts: EnvironmentFacts): string {
    return `${facts.repositoryUrl}/pypi/__linux__/${facts.binaries}/latest/simple`;
}

export function cranRepository(facts: EnvironmentFacts): string {
    return `${facts.repositoryUrl}/cran/__linux__/${facts.binaries}/latest`;
}
