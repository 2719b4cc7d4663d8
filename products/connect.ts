// Connect: one gcfg file, key on the data volume.
import { cranRepository, databaseEdits, editedGcfg, pipConf, unclearGcfg } from "./configuration";
import { ProductDescription } from "./description";
import { urlOf } from "./endpoint";

const gcfg = "/etc/rstudio-connect/rstudio-connect.gcfg";

export const connect: ProductDescription = {
    id: "connect",
    after: ["packageManager"],
    isRepository: false,
    hasHomes: false,
    rebuilds: true,
    title: "Connect",
    slug: "connect",
    package: "rstudio-connect",
    units: ["rstudio-connect"],
    configPaths: [gcfg, "/etc/pip.conf"],
    mainConfig: gcfg,
    dataMounts: ["/var/lib/rstudio-connect"],
    ownData: "/var/lib/rstudio-connect",
    port: 3939,
    healthPath: "/__ping__",
    keyPath: "/var/lib/rstudio-connect/db/secret.key",
    keyMode: "0600",
    account: "rstudio-connect",
    programPaths: ["/opt/rstudio-connect"],
    sessionPattern: "",
    logPath: "/var/log/rstudio/rstudio-connect/rstudio-connect.log",
    databases: [{ role: "main", defaultDatabase: "connect", defaultUser: "connect" }],
    passwordPlaceholder: "@database-password@",
    configure: (production, facts) => {
        const edits = [
            { section: "Server", key: "Address", value: urlOf(facts.address) },
            { section: "HTTP", key: "Listen", value: `:${facts.listenPort}` },
            ...databaseEdits(facts, "@database-password@"),
            { section: "RPackageRepository", name: "CRAN", key: "URL", value: cranRepository(facts) },
        ];
        const absent = {
            path: gcfg,
            owner: "root",
            group: "root",
            mode: "0600",
        };
        return pipConf(editedGcfg("connect", production, absent, edits, facts), facts);
    },
    unclear: (production, settings) => unclearGcfg("connect", gcfg, production, settings),
    keyOutsideData: () => [],
};
