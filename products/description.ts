// What the program has to know about a product, as data: names, paths and how its configuration is made from production's.
import type { Endpoint } from "./endpoint";
import type { DatabaseDescription, DatabaseRole, PostgresAddress } from "./databases";
import { ProductId } from "./ids";
import type { DeclaredSettings } from "./settings";

/** A file on a host. */
export interface ConfigFile {
    /** Absolute. */
    path: string;
    content: string;
    /** "utf8" when absent; what was read from a host comes as base64, so that nothing is lost on the way. */
    encoding?: "utf8" | "base64";
    owner: string;
    group: string;
    /** Octal, for example "0640". */
    mode: string;
}

/** What a product's configuration has to say about the environment that it runs in. */
export interface EnvironmentFacts {
    /** The public endpoint, from the first day: what users type. */
    address: Endpoint;
    /** Where it listens on its host. */
    listenPort: number;
    /** Absent where the product keeps its data in SQLite, as production's configuration says. */
    database?: PostgresAddress & {
        /** The server's certificate is checked in full, against an authority's that the host has. */
        verified: boolean;
    };
    /** The public endpoint of the product that is the repository. */
    repository: Endpoint;
    /** What binary packages of R are made for, as Package Manager's URLs have it: "noble", "rhel9" (docs.posit.co/rspm/admin/serving-binaries). */
    binaries: string;
    /** Settings declared for this environment, in the product's grammar (settings.ts). */
    settings?: DeclaredSettings;
}

/**
 * In which of these facts `configure` finds a product's database, by role. A role of databases.ts that is not here does not compile: its
 * database would be made and captured, and no product told of it. With it come its password (components/environment.ts) and what hosts read
 * of it (`product_database` in hosts/products/*.sh, which speaks of main); tests/unit/hosts/databaseRoles.test.ts holds both to it.
 */
export const databaseFacts = { main: "database" } as const satisfies Record<DatabaseRole, keyof EnvironmentFacts>;

export interface ProductDescription {
    id: ProductId;
    /** Those that it fetches from: they begin before it, and end after it. */
    after: ProductId[];
    /** The others have their packages of R and Python from it (repository in each.ts). */
    isRepository: boolean;
    /** People's homes are among its data: those on a file system of the network are mounted on its host. */
    hasHomes: boolean;
    /** Its content is built anew once it has started on restored data (product_rebuild). */
    rebuilds: boolean;
    /** For people, for example "Package Manager". */
    title: string;
    /** For names of things, for example "package-manager"; also the name of its functions' file in hosts/products/. */
    slug: string;
    package: string;
    /** In the order of starting. */
    units: string[];
    /** Files and directories that hold configuration, keys apart. */
    configPaths: string[];
    /** The file among them that says most: for a product of one file, that one. */
    mainConfig: string;
    /** One data volume each. */
    dataMounts: string[];
    /** Of these the product's own directory; homes are other people's. */
    ownData: string;
    /** Where it listens when nobody says otherwise; asked for by usualPort (endpoints.ts) alone. */
    port: number;
    healthPath: string;
    /** Encrypts values in the configuration and in the database; both are lost without it. */
    keyPath: string;
    keyMode: string;
    account: string;
    /** Folders of its programs: what runs from there is the product's. */
    programPaths: string[];
    /** Of command lines of users' sessions (for pgrep -f); empty when it has none. */
    sessionPattern: string;
    logPath: string;
    databases: DatabaseDescription[];
    /** Stands for the database password in configured files; replaced on the host by the product's own encryption of it. */
    passwordPlaceholder: string;
    /** The new configuration files: production's, with only that changed which must differ. */
    configure(production: ConfigFile[] | undefined, facts: EnvironmentFacts): ConfigFile[];
    /** Why these settings can't be written into production's files without a doubt; `configure` refuses to. */
    unclear(production: ConfigFile[] | undefined, settings: DeclaredSettings): string[];
    /** The key as a file to write when it does not lie on a data volume, which would bring it along. */
    keyOutsideData(key: ConfigFile | undefined): ConfigFile[];
}
