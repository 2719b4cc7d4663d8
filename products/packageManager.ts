// Package Manager: one gcfg file, key on the data volume.
import { databaseEdits, editedGcfg, unclearGcfg } from "./configuration";
import { ProductDescription } from "./description";
import { urlOf } from "./endpoint";

const gcfg = "/etc/rstudio-pm/rstudio-pm.gcfg";

export const packageManager: ProductDescription = {
    id: "packageManager",
    after: [],
    isRepository: true,
    hasHomes: false,
    rebuilds: false,
    title: "Package Manager",
    slug: "package-manager",
    package: "rstudio-pm",
    units: ["rstudio-pm"],
    configPaths: [gcfg],
    mainConfig: gcfg,
    dataMounts: ["/var/lib/rstudio-pm"],
    ownData: "/var/lib/rstudio-pm",
    port: 4242,
    healthPath: "/__ping__",
    keyPath: "/var/lib/rstudio-pm/rstudio-pm.key",
    keyMode: "0600",
    account: "rstudio-pm",
    programPaths: ["/opt/rstudio-pm"],
    sessionPattern: "",
    logPath: "/var/log/rstudio/rstudio-pm/rstudio-pm.log",
    databases: [{ role: "main", defaultDatabase: "rstudio_pm", defaultUser: "rstudio_pm" }],
    passwordPlaceholder: "@database-password@",
    configure: (production, facts) =>
        editedGcfg(
            "packageManager",
            production,
            { path: gcfg, owner: "rstudio-pm", group: "rstudio-pm", mode: "0640" },
            [
                { section: "Server", key: "Address", value: urlOf(facts.address) },
                { section: "HTTP", key: "Listen", value: `:${facts.listenPort}` },
                ...databaseEdits(facts, "@database-password@"),
            ],
            facts,
        ),
    unclear: (production, settings) => unclearGcfg("packageManager", gcfg, production, settings),
    keyOutsideData: () => [],
};
