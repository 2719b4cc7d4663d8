// Workbench's files below /etc/rstudio: what reads each, and so which settings can be written to it. Data, each with where it is written.

/** What reads a file of `key=value` lines (keyValue.ts); where it is only assumed, what is written must mean the same to all of them. */
export type Reader = "parse_config_file" | "read_ini" | "assumed";

export interface WorkbenchFile {
    /** Below /etc/rstudio; a * stands for any letters. */
    name: string;
    reader: Reader;
    /** Whether settings stand in `[sections]`. */
    sections: "none" | "needed" | "any";
    /** Options that may stand several times. */
    lists?: string[];
    /** Of a file that is not there yet; root's and 0644 where nothing is said. */
    mode?: string;
    source: string;
}

const rstudio = (file: string) => `rstudio/rstudio:src/cpp/${file}`;
const launcherSdk = (file: string) => `rstudio/rstudio-launcher-plugin-sdk:sdk/src/options/${file}`;

export const workbenchFiles: WorkbenchFile[] = [
    {
        name: "rserver.conf",
        reader: "parse_config_file",
        sections: "none",
        lists: ["server-add-header", "www-allow-origin"],
        source: `${rstudio("core/ProgramOptions.cpp")} ; ${rstudio("server/server-options.json")} (isMultitoken)`,
    },
    {
        name: "rsession.conf",
        reader: "parse_config_file",
        sections: "none",
        source: `${rstudio("core/ProgramOptions.cpp")} ; ${rstudio("session/session-options.json")}`,
    },
    {
        name: "launcher.conf",
        reader: "assumed",
        sections: "needed",
        source: "https://docs.posit.co/ide/server-pro/reference/launcher_conf.html ([server] once, [cluster] for each cluster)",
    },
    ...["logging.conf", "profiles", "launcher.*.resources.conf"].map((name): WorkbenchFile => ({
        name,
        reader: "assumed",
        sections: "needed",
        source: "samcofer/rstudio-configuration:workbench (as such files look)",
    })),
    {
        name: "launcher.*.profiles.conf",
        reader: "read_ini",
        sections: "needed",
        source: launcherSdk("AbstractUserProfiles.cpp"),
    },
    { name: "launcher.*.conf", reader: "parse_config_file", sections: "none", source: launcherSdk("Options.cpp") },
    {
        name: "repos.conf",
        reader: "read_ini",
        sections: "none",
        source: rstudio("session/SessionOptions.cpp"),
    },
    ...["jupyter.conf", "vscode.conf", "positron.conf", "crash-handler.conf", "env-vars", "load-balancer"].map(
        (name): WorkbenchFile => ({
            name,
            reader: "assumed",
            sections: "none",
            source: "samcofer/rstudio-configuration:workbench (as such files look)",
        }),
    ),
    {
        name: "openid-client-secret",
        reader: "assumed",
        sections: "none",
        mode: "0600",
        source: "samcofer/rstudio-configuration:workbench",
    },
];

/** Files that are no lines of key=value, with how they look. */
const otherFiles: [RegExp, string][] = [
    [/\.(json|html|css|svg|png|ico|ttf|woff2?)$/, "is no file of key=value lines"],
    [/\.(pem|pub|crt|key)$|(^|\/)[a-z-]+-key$/, "is a key or a certificate"],
    [/^(r-versions|launcher-env|launcher-mounts|notifications\.conf)$/, "is made of blocks of `Name: value` lines"],
    [
        /^(rsession-profile|themes|fonts|keybindings|snippets|templates|dictionaries)(\/|$)/,
        "is no file of key=value lines",
    ],
    [/^nginx\..*|^ip-rules$|^vscode\.extensions\.conf$|^positron\.extensions\.conf$/, "is no file of key=value lines"],
];

export function whyNoSettings(name: string): string | undefined {
    return otherFiles.find(([pattern]) => pattern.test(name))?.[1];
}

/** Of a file that is not listed nobody here knows what reads it. */
export function workbenchFile(name: string): WorkbenchFile {
    const known = workbenchFiles.find((file) =>
        new RegExp(`^${file.name.replace(/[.]/g, "\\.").replace(/\*/g, "[A-Za-z0-9_-]+")}$`).test(name),
    );
    return known ?? { name, reader: "assumed", sections: "any", source: "none found" };
}

/** "rserver" → "rserver.conf", "profiles" → "profiles": names without an ending are of files that have none, where there are such. */
export function fileNamed(word: string): string {
    const plain = workbenchFiles.some(({ name }) => name === word) || whyNoSettings(word) !== undefined;
    return plain || word.endsWith(".conf") ? word : `${word}.conf`;
}
