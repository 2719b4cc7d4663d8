// The stand-in packages: what each product has installed where, and the two releases of it that exist.
import type { ProductId } from "../../products/ids";
import { products } from "../../products";

export interface Release {
    /** The .deb's version. */
    version: string;
    /** Of the database; the next release migrates it forward. */
    schema: number;
}

export interface PackageFiles {
    product: ProductId;
    /** Folder below lab/products, also the name of the Python package after "posit_". */
    folder: string;
    /** The Python package and VERSION go to <home>/lib, programs to <home>/bin. */
    home: string;
    /** Links, so that programs are on PATH: link → target. */
    links: Record<string, string>;
    /** Old one first. */
    releases: [Release, Release];
    dependencies: string[];
}

const base = ["python3", "python3-psycopg2", "systemd"];

export const packages: PackageFiles[] = [
    {
        product: "packageManager",
        folder: "packagemanager",
        home: "/opt/rstudio-pm",
        links: {},
        releases: [
            { version: "2024.08.0-6", schema: 1 },
            { version: "2025.12.0-14", schema: 2 },
        ],
        dependencies: base,
    },
    {
        product: "workbench",
        folder: "workbench",
        home: "/usr/lib/rstudio-server",
        links: { "/usr/sbin/rstudio-server": "/usr/lib/rstudio-server/bin/rstudio-server" },
        releases: [
            { version: "2024.04.2+764.pro1", schema: 1 },
            { version: "2026.04.0+526.pro2", schema: 2 },
        ],
        dependencies: [...base, "libpam0g", "procps"],
    },
    {
        product: "connect",
        folder: "connect",
        home: "/opt/rstudio-connect",
        links: {},
        releases: [
            { version: "2024.06.0", schema: 1 },
            { version: "2026.03.1", schema: 2 },
        ],
        dependencies: [...base, "python3-venv"],
    },
];

export function packageFiles(product: ProductId): PackageFiles {
    const found = packages.find((one) => one.product === product);
    if (found === undefined) throw new Error(`no stand-in for ${product}`);
    return found;
}

export function packageName(files: PackageFiles): string {
    return products[files.product].package;
}
