// Workbench: key=value files in one folder, the key beside them.
import { ProductDescription } from "./description";

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
    configOwner: "root",
    defaultDatabase: "rstudio",
    defaultRole: "rstudio",
    passwordPlaceholder: "@database-password@",
    configure: () => {
        throw new Error("not there yet");
    },
    keyOutsideData: (key) => (key ? [key] : []),
};
