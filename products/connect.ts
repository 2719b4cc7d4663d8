// Connect: one gcfg file, key on the data volume.
import { ProductDescription } from "./description";

export const connect: ProductDescription = {
    id: "connect",
    title: "Connect",
    slug: "connect",
    package: "rstudio-connect",
    units: ["rstudio-connect"],
    configPaths: ["/etc/rstudio-connect/rstudio-connect.gcfg"],
    dataMounts: ["/var/lib/rstudio-connect"],
    port: 3939,
    healthPath: "/__ping__",
    keyPath: "/var/lib/rstudio-connect/db/secret.key",
    keyMode: "0600",
    account: "rstudio-connect",
    configOwner: "root",
    defaultDatabase: "connect",
    defaultRole: "connect",
    passwordPlaceholder: "@database-password@",
    configure: () => {
        throw new Error("not there yet");
    },
    keyOutsideData: () => [],
};
