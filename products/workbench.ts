// Workbench: key=value files in one folder, the key beside them.
import { basedOn, cranRepository, pythonIndex, refuseUnclear, textAt, withFile } from "./configuration";
import { ConfigFile, EnvironmentFacts, ProductDescription } from "./description";
import { editKeyValue, KeyValueEdit, keyValues, sectionsOf } from "./keyValue";
import { DeclaredSettings, parseWorkbenchSetting, unclear } from "./settings";
import { workbenchFile } from "./workbenchFiles";

const folder = "/etc/rstudio";

export const workbench: ProductDescription = {
    id: "workbench",
    after: ["packageManager"],
    isRepository: false,
    hasHomes: true,
    rebuilds: false,
    title: "Workbench",
    slug: "workbench",
    package: "rstudio-server",
    units: ["rstudio-launcher", "rstudio-server"],
    configPaths: [folder],
    mainConfig: `${folder}/rserver.conf`,
    dataMounts: ["/home", "/var/lib/rstudio-server"],
    ownData: "/var/lib/rstudio-server",
    port: 8787,
    healthPath: "/health-check",
    keyPath: "/etc/rstudio/secure-cookie-key",
    keyMode: "0600",
    account: "rstudio-server",
    programPaths: ["/usr/lib/rstudio-server"],
    sessionPattern: "(^|/)(rsession|rworkspaces|positron-server|code-server|pwb-code-server|jupyter)",
    logPath: "/var/log/rstudio/rstudio-server/rserver.log",
    databases: [{ role: "main", defaultDatabase: "rstudio", defaultUser: "rstudio" }],
    passwordPlaceholder: "@database-password@",
    configure: (production, facts) => {
        refuseUnclear(unclearSettings(production, facts.settings));
        const edits: FileEdits[] = [
            {
                file: "rserver.conf",
                edits: plain({
                    "www-port": String(facts.listenPort),
                    // On every address, which it does by itself: production may have a proxy on its own host.
                    "www-address": undefined,
                    "server-health-check-enabled": "1",
                    "session-python-index-url": pythonIndex(facts),
                }),
            },
            { file: "rsession.conf", edits: plain({ "r-cran-repos": cranRepository(facts) }) },
            ...databaseEdits(facts),
            ...declared(facts.settings),
        ];
        return edits.reduce(
            (files, { file, mode = "0644", edits: changes }) =>
                withFile(files, { path: `${folder}/${file}`, owner: "root", group: "root", mode }, (text) =>
                    editKeyValue(text, changes),
                ),
            basedOn(production, facts),
        );
    },
    unclear: unclearSettings,
    keyOutsideData: (key) => (key ? [key] : []),
};

/** Of one file below the folder. */
interface FileEdits {
    file: string;
    mode?: string;
    edits: KeyValueEdit[];
}

function plain(values: Record<string, string | undefined>): KeyValueEdit[] {
    return Object.entries(values).map(([key, value]) => ({ key, value }));
}

/** Without them production's own database.conf stays as it is. */
function databaseEdits({ database }: EnvironmentFacts): FileEdits[] {
    return database
        ? [
              {
                  file: "database.conf",
                  mode: "0600",
                  edits: [
                      ...plain({
                          provider: "postgresql",
                          host: database.host,
                          port: String(database.port),
                          database: database.name,
                          username: database.user,
                          password: "@database-password@",
                          sslmode: database.verified ? "verify-full" : "require",
                      }),
                      // Production's would beat these, and lead to production (rstudio/rstudio:src/cpp/server/extras/conf/database.conf).
                      { key: "connection-uri", value: undefined },
                  ],
              },
          ]
        : [];
}

function declared(settings: DeclaredSettings | undefined): FileEdits[] {
    return Object.entries(settings ?? {}).flatMap(([setting, value]) => {
        const place = parseWorkbenchSetting(setting);
        return place
            ? [
                  {
                      file: place.file,
                      mode: workbenchFile(place.file).mode,
                      edits: [{ section: place.section, key: place.key, value }],
                  },
              ]
            : [];
    });
}

function unclearSettings(production: ConfigFile[] | undefined, settings: DeclaredSettings | undefined): string[] {
    return Object.entries(settings ?? {}).flatMap(([setting, value]) => {
        const place = parseWorkbenchSetting(setting);
        if (!place) {
            return [];
        }
        const path = `${folder}/${place.file}`;
        const text = textAt(production, path);
        const sections = place.section === undefined ? 0 : sectionsOf(text, place.section);
        return sections > 1
            ? [
                  `${setting} is of one of ${sections} sections [${place.section}] in production's ${path}, and nothing tells which: change it there`,
              ]
            : (unclear("workbench", setting, value, path, keyValues(text, place).length) ?? []);
    });
}
