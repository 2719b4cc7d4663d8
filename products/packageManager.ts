// Package Manager: one gcfg file, key on the data volume.
import { ProductDescription } from "./description";

export const packageManager: ProductDescription = {
    id: "packageManager",
    title: "Package Manager",
    slug: "package-manager",
    package: "rstudio-pm",
    units: ["rstudio-pm"],
    configPaths: ["/etc/rstudio-pm/rstudio-pm.gcfg"],
    dataMounts: ["/var/lib/rstudio-pm"],
    port: 4242,
    healthPath: "/__ping__",
    keyPath: "/var/lib/rstudio-pm/rstudio-pm.key",
    keyMode: "0600",
    account: "rstudio-pm",
    configOwner: "rstudio-pm",
    defaultDatabase: "rstudio_pm",
    defaultRole: "rstudio_pm",
    passwordPlaceholder: "@database-password@",
    configure: () => {
        throw new Error("not there yet");
    },
    keyOutsideData: () => [],
};
