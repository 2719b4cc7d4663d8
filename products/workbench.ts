// Workbench: key=value files in one folder, the key beside them.
import { editKeyValue } from "../logic/gcfg";
import { basedOn, cranRepository, pythonIndex, withFile } from "./configuration";
import { EnvironmentFacts, ProductDescription } from "./description";

export const workbench: ProductDescription = {
    id: "workbench",
    title: "Workbench",
    slug: "workbench",
    package: "rstudio-server",
    units: ["rstudio-launcher", "rstudio-server"],
    configPaths: ["/etc/rstudio"],
    dataMounts: ["/home", "/var/lib/rstudio-server"],
    port: 8787,
    healthPath: "/health-check",
    keyPath: "/etc/rstudio/secure-cookie-key",
    keyMode: "0600",
    account: "rstudio-server",
    programPaths: ["/usr/lib/rstudio-server"],
    sessionPattern: "(^|/)(rsession|rworkspaces|positron-server|code-server|pwb-code-server|jupyter)",
    logPath: "/var/log/rstudio/rstudio-server/rserver.log",
    configOwner: "root",
    defaultDatabase: "rstudio",
    defaultRole: "rstudio",
    passwordPlaceholder: "@database-password@",
    configure: (production, facts) => {
        const file = (name: string, mode: string) => ({
            path: `/etc/rstudio/${name}`,
            owner: "root",
            group: "root",
            mode,
        });
        const edits: [string, string, Record<string, string>][] = [
            [
                "rserver.conf",
                "0644",
                {
                    "www-port": String(facts.listenPort),
                    "server-health-check-enabled": "1",
                    "session-python-index-url": pythonIndex(facts),
                    ...declared("rserver", facts),
                },
            ],
            ["rsession.conf", "0644", { "r-cran-repos": cranRepository(facts), ...declared("rsession", facts) }],
            ...databaseEdits(facts),
        ];
        const files = edits.reduce(
            (sum, [name, mode, changes]) => withFile(sum, file(name, mode), (text) => editKeyValue(text, changes)),
            basedOn(production, facts),
        );
        return files;
    },
    keyOutsideData: (key) => (key ? [key] : []),
};

/** Without them production's own database.conf stays as it is. */
function databaseEdits({ database }: EnvironmentFacts): [string, string, Record<string, string>][] {
    return database
        ? [
              [
                  "database.conf",
                  "0600",
                  {
                      provider: "postgresql",
                      host: database.host,
                      port: String(database.port ?? 5432),
                      database: database.name,
                      username: database.user,
                      password: "@database-password@",
                      sslmode: database.verified ? "verify-full" : "require",
                  },
              ],
          ]
        : [];
}

/** Declared settings of one file: "rserver.admin-enabled" → admin-enabled of rserver.conf. */
function declared(file: string, facts: EnvironmentFacts): Record<string, string> {
    return Object.fromEntries(
        Object.entries(facts.settings ?? {})
            .filter(([path]) => path.startsWith(`${file}.`))
            .map(([path, value]) => [path.slice(file.length + 1), value]),
    );
}
