// How the new configuration files are made: production's, with only that changed which must differ.
import { editGcfg, forCodename, GcfgEdit } from "../logic/gcfg";
import { ConfigFile, EnvironmentFacts } from "./description";

/** The files of production as text, made for the new operating system's packages. */
export function basedOn(production: ConfigFile[] | undefined, facts: EnvironmentFacts): ConfigFile[] {
    return (production ?? []).map(({ encoding, content, ...file }) => {
        const text = encoding === "base64" ? Buffer.from(content, "base64").toString("utf8") : content;
        return { ...file, content: forCodename(text, facts.codename) };
    });
}

/** The file of that path, changed; made when production has none. */
export function withFile(
    files: ConfigFile[],
    absent: Omit<ConfigFile, "content">,
    change: (text: string) => string,
): ConfigFile[] {
    const found = files.find((file) => file.path === absent.path);
    const rest = files.filter((file) => file !== found);
    return [...rest, { ...(found ?? { ...absent, content: "" }), content: change(found?.content ?? "") }];
}

/** "postgres://user@host:5432/name?sslmode=verify-full"; Postgres takes names with @ or / in them, a URL only encoded. */
function databaseUrl({ host, port, name, user, caPath }: NonNullable<EnvironmentFacts["database"]>): string {
    const [role, database] = [user, name].map(encodeURIComponent);
    return `postgres://${role}@${host}:${port ?? 5432}/${database}?sslmode=${caPath ? "verify-full" : "require"}`;
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

/** pip of content and people: production's index by the new operating system's name. */
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
    return `${facts.repositoryUrl}/pypi/__linux__/${facts.codename}/latest/simple`;
}

export function cranRepository(facts: EnvironmentFacts): string {
    return `${facts.repositoryUrl}/cran/__linux__/${facts.codename}/latest`;
}
