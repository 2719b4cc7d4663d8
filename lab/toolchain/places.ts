// Where programs of Pulumi's may lie on this machine.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cacheFolder } from "../paths";

export const searchedFolders = (): string[] => (process.env.PATH ?? "").split(":").filter((folder) => folder !== "");

/** The user's own; the lab's engine has one of its own, which goes with the lab. */
export const pulumiHomes = (): string[] => [process.env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi")];

/** What the lab has fetched from the official place. */
export const fetchedPlugins = path.join(cacheFolder, "plugins", "plugins");

export const pluginFolders = (): string[] => [
    ...pulumiHomes().map((home) => path.join(home, "plugins")),
    fetchedPlugins,
];

export function isProgram(file: string): boolean {
    try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
    } catch {
        return false;
    }
}
