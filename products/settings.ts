// Which declared settings a product's files can take: what has no place there, or is the program's own to say, is refused with the
// reason, since a setting that is accepted and does nothing (or points the new side at the old one's data) is worse than none.
import { ProductId } from "./ids";

const fromDatabase = "names the database, which comes from posit:database and posit:secrets.databasePasswords";
const fromNames = "comes from posit:names";
const listens =
    "is where health checks, security groups and entry points find the product; it can't be moved by a setting";
const fromRestore = "is where data volumes are mounted and restored to";

/** "section" or "section.key" in lower case (gcfg does not mind case) → why the program says it itself. */
const gcfgOwn: Record<string, string> = {
    "server.address": fromNames,
    "server.datadir": fromRestore,
    "http.listen": listens,
    "https.listen": listens,
    database: fromDatabase,
    postgres: fromDatabase,
    sqlite: fromDatabase,
};

const own: Record<ProductId, Record<string, string>> = {
    packageManager: gcfgOwn,
    connect: { ...gcfgOwn, "python.executable": "comes from posit:runtimes.python" },
    workbench: {
        "rserver.www-port": listens,
        "rserver.www-address": listens,
        "rserver.server-health-check-enabled": "is how the program asks whether Workbench answers",
        "rserver.secure-cookie-key-file": "is where production's key is written to",
        "rserver.server-data-dir": fromRestore,
        database: fromDatabase,
    },
};

/** Files of Workbench that declared settings are written to, without `.conf`. */
export const workbenchSettingFiles = ["rserver", "rsession"];

/** What is wrong with declaring `setting` ("Section.Key", for Workbench "file.key"); undefined when nothing is. */
export function settingProblem(product: ProductId, setting: string): string | undefined {
    const name = product === "workbench" ? setting : setting.toLowerCase();
    const section = name.split(".")[0];
    const known = own[product];
    // "constructor" is a name that every object knows.
    const reason = [name, section].filter((place) => Object.hasOwn(known, place)).map((place) => known[place])[0];
    if (reason !== undefined) {
        return reason;
    }
    return product === "workbench" && !workbenchSettingFiles.includes(section)
        ? `is of a file that no setting is written to; there are ${workbenchSettingFiles.map((file) => `${file}.conf (${file}.KEY)`).join(" and ")}`
        : undefined;
}
