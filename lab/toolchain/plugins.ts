// What runs beside the engine: the language host and the providers, each the real one where it is installed or can be fetched from its official
// place, else the lab's stand-in.
import * as fs from "node:fs";
import * as path from "node:path";
import { checkout, languageHostFolder } from "../paths";
import { say } from "../progress";
import { run } from "../run";
import { programPath } from "./bundle";
import { chooseLanguageHost, chooseProvider, type Choice, type Places } from "./choice";
import type { Engine } from "./ladder";
import { fetchedPlugins, isProgram, pluginFolders, searchedFolders } from "./places";

export interface Plugin {
    name: string;
    kind: "real" | "lab";
    version: string;
    /** Where `pulumi-resource-NAME` lies. */
    folder: string;
}

/** `aws` is always the lab's: it is what stands in for the cloud. */
const realWherePossible = ["command", "postgresql"];

/** Fetches what is missing and can be had; asks the network once, and remembers a no for as long as the cache lives. */
export async function fetchPlugins(engine: Engine): Promise<void> {
    const missing = realWherePossible.filter((name) => provider(name, placesFor(engine)).kind === "lab");
    await Promise.all(missing.map(fetchPlugin));
}

/** Says which run. */
export function findPlugins(engine: Engine): Plugin[] {
    return ["aws", ...realWherePossible].map((name) => {
        const chosen = provider(name, placesFor(engine));
        say(`Provider ${name}: ${inWords(chosen)}`);
        const version = chosen.kind === "lab" ? pinned(name) : (chosen.version ?? "as installed");
        return { name, kind: chosen.kind, version, folder: path.dirname(chosen.path) };
    });
}

/**
 * Puts the language host that runs, and nothing else, into a folder for the front of PATH, where the engine looks first: a stand-in must not hide
 * a real one, nor the real one of another engine ours.
 */
export function linkLanguageHost(engine: Engine): Choice {
    const chosen = chooseLanguageHost(placesFor(engine), programPath("pulumi-language-nodejs"));
    say(`Node language host: ${inWords(chosen)}`);
    const link = path.join(languageHostFolder, "pulumi-language-nodejs");
    fs.mkdirSync(languageHostFolder, { recursive: true });
    fs.rmSync(link, { force: true });
    fs.symlinkSync(chosen.path, link);
    return chosen;
}

function placesFor({ path: file, version }: Engine): Places {
    const folders = [...new Set([fs.realpathSync(file), file].map((one) => path.dirname(one)))];
    const engine = { folders, version };
    return { engine, searched: searchedFolders(), pluginFolders: pluginFolders(), has: isProgram };
}

const inWords = ({ kind, how, path: file }: Choice): string => (kind === "real" ? `real, ${how} (${file})` : how);

function provider(name: string, places: Places): Choice {
    const standIn = programPath(`pulumi-resource-${name}`);
    return realWherePossible.includes(name)
        ? chooseProvider(places, name, pinned(name), standIn)
        : { kind: "lab", path: standIn, how: "the lab's: it stands in for the cloud" };
}

async function fetchPlugin(name: string): Promise<void> {
    const folder = path.join(fetchedPlugins, `resource-${name}-v${pinned(name)}`);
    const refused = `${folder}.not-to-be-had`;
    if (fs.existsSync(refused)) return;
    const archive = `https://get.pulumi.com/releases/plugins/pulumi-resource-${name}-v${pinned(name)}-linux-amd64.tar.gz`;
    const part = `${folder}.part`;
    fs.rmSync(part, { recursive: true, force: true });
    fs.mkdirSync(part, { recursive: true });
    const unpack = `curl --fail --silent --location --connect-timeout 5 --max-time 300 ${archive} | tar xz -C "${part}"`;
    const { code } = await run("bash", ["-o", "pipefail", "-c", unpack], { log: "toolchain" });
    if (code === 0) {
        fs.renameSync(part, folder);
    } else {
        fs.rmSync(part, { recursive: true, force: true });
        fs.writeFileSync(refused, `${archive} could not be reached; delete this file to try again\n`);
    }
}

function pinned(name: string): string {
    const file = path.join(checkout, "node_modules", "@pulumi", name, "package.json");
    return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
}
