// Which settings of the gcfg files collect their values and which have one, and which sections have a name: data, each with where it is
// written. Of a setting that is not listed nobody here knows; it is written so that either reading gives the same, or refused (settings.ts).
// "In code" is a public program of Posit's that writes these files (its own comment: list values are combined, of scalar ones the last counts),
// or a public configuration that has the setting several times; "documented" a page of the admin guides.

export type GcfgProduct = "packageManager" | "connect";

interface Source {
    source: string;
    rank: "documented" | "in code";
}
interface Known extends Source {
    /** "Section.Key". */
    settings: string[];
}

const connectGuide = "https://docs.posit.co/connect/admin/appendix/configuration/";
const managerGuide = "https://docs.posit.co/rspm/admin/appendix/configuration.html";
const operator = (file: string) => `posit-dev/team-operator:api/core/v1beta1/${file}`;
const connectOperator = operator("connect_config.go");
const managerOperator = operator("package_manager_config.go");

/** "multi" in the guides' words: every entry counts. */
export const gcfgLists: Record<GcfgProduct, Known[]> = {
    connect: [
        {
            settings: ["R.Executable", "Python.Executable", "Quarto.Executable"],
            rank: "in code",
            source: "samcofer/rstudio-configuration:connect/rstudio-connect.gcfg",
        },
        {
            settings: [
                "Authorization.ViewerRoleMapping",
                "Authorization.PublisherRoleMapping",
                "Authorization.AdministratorRoleMapping",
                "OAuth2.CustomScope",
                "Launcher.ClusterDefinition",
            ],
            rank: "in code",
            source: connectOperator,
        },
        {
            settings: ["LDAP.PermittedLoginGroup", "OAuth2.PermittedLoginGroup"],
            rank: "documented",
            source: connectGuide,
        },
    ],
    packageManager: [
        { settings: ["Server.RVersion"], rank: "in code", source: managerOperator },
        { settings: ["Server.PythonVersion"], rank: "documented", source: managerGuide },
    ],
};

/** The last value counts. */
export const gcfgSingles: Record<GcfgProduct, Known[]> = {
    connect: [
        {
            settings: [
                ...["Address", "DataDir", "EmailProvider", "SenderEmail", "SenderEmailDisplayName", "EmailTo"],
                ...["HideEmailAddresses", "LoggedInWarning", "PublicWarning", "ProxyHeaderLogging"],
                ...["FrameOptionsContent", "FrameOptionsDashboard"],
            ]
                .map((key) => `Server.${key}`)
                .concat([
                    ...["HTTP.Listen", "HTTP.ForceSecure", "Database.Provider", "Postgres.URL"],
                    ...["Postgres.InstrumentationURL", "Authentication.Provider", "Launcher.Enabled"],
                    ...["Python.Enabled", "Quarto.Enabled", "R.Enabled", "R.PositPackageManagerURLRewriting"],
                    ...["RPackageRepository.URL", "Applications.ScheduleConcurrency"],
                    ...["Applications.BundleRetentionLimit", "Authorization.DefaultUserRole"],
                    ...["Authorization.ViewersCanOnlySeeThemselves", "Authorization.PublishersCanManageVanities"],
                    ...["OAuth2.ClientId", "OAuth2.OpenIDConnectIssuer", "SAML.IdPMetaDataURL"],
                    ...["Logging.ServiceLog", "Logging.AccessLog", "Logging.AuditLog", "Metrics.PrometheusListen"],
                ]),
            rank: "in code",
            source: connectOperator,
        },
        { settings: ["Postgres.Password", "SQLite.Dir"], rank: "documented", source: connectGuide },
    ],
    packageManager: [
        {
            settings: [
                ...["Server.Address", "Server.DataDir", "Server.LauncherDir", "Server.AccessLog"],
                ...["Server.AccessLogFormat", "HTTP.Listen", "Database.Provider", "Postgres.URL"],
                ...["Postgres.UsageDataURL", "Storage.Default", "S3Storage.Bucket", "S3Storage.Prefix"],
                ...["S3Storage.Region", "Metrics.Enabled", "Debug.Log", "Repos.CRAN", "Repos.PyPI"],
                ...["Repos.Bioconductor", "Git.AllowUnsandboxedGitBuilds"],
            ],
            rank: "in code",
            source: managerOperator,
        },
        { settings: ["Postgres.Password", "SQLite.Dir"], rank: "documented", source: managerGuide },
    ],
};

interface Named extends Source {
    section: string;
    /** Whether `[Section]` alone says nothing. */
    always: boolean;
    example: string;
}

/** Sections of which there is one for each name. */
export const namedSections: Record<GcfgProduct, Named[]> = {
    connect: [
        {
            section: "RPackageRepository",
            always: true,
            example: "CRAN",
            rank: "in code",
            source: connectOperator,
        },
        {
            section: "LDAP",
            always: true,
            example: "European AD Server",
            rank: "documented",
            source: "https://docs.posit.co/connect/admin/appendix/advanced-ldap",
        },
    ],
    packageManager: ["S3Storage", "FileStorage"].map((section) => ({
        section,
        always: false,
        example: "packages",
        rank: "in code",
        source: "rstudio/platform-lib:pkg/rsstorage",
    })),
};

const withoutCase = (settings: Known[]) =>
    new Set(settings.flatMap((known) => known.settings.map((one) => one.toLowerCase())));
const kinds = (product: GcfgProduct) => ({
    lists: withoutCase(gcfgLists[product]),
    singles: withoutCase(gcfgSingles[product]),
});
const byProduct = { connect: kinds("connect"), packageManager: kinds("packageManager") };

export type SettingKind = "list" | "single" | "unknown";

export function kindOf(product: GcfgProduct, section: string, key: string): SettingKind {
    const { lists, singles } = byProduct[product];
    const setting = `${section}.${key}`.toLowerCase();
    return lists.has(setting) ? "list" : singles.has(setting) ? "single" : "unknown";
}

/** Why a section can't be called so; undefined where it can, or nobody knows. */
export function namingProblem(product: GcfgProduct, section: string, name: string | undefined): string | undefined {
    const same = (other: string) => other.toLowerCase() === section.toLowerCase();
    const known = namedSections[product].find((one) => same(one.section));
    if (known) {
        return known.always && name === undefined
            ? `is of a section that always has a name: \`${known.section} "${known.example}".KEY\``
            : undefined;
    }
    const plain = gcfgSingles[product].flatMap(({ settings }) => settings).find((one) => same(one.split(".")[0]));
    return plain !== undefined && name !== undefined
        ? `is of a section that has no names: \`${plain.split(".")[0]}.KEY\``
        : undefined;
}
