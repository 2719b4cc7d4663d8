// The providers beside AWS: the real one where it is installed or can be fetched from its official place, else the lab's stand-in.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cacheFolder, checkout } from "../paths";
import { run } from "../run";
import { programPath } from "./bundle";

export interface Plugin {
    name: string;
    kind: "real" | "lab";
    version: string;
    /** Where `pulumi-resource-NAME` lies. */
    folder: string;
}

/** `aws` is always the lab's: it is what stands in for the cloud. */
const realWherePossible = ["command", "postgresql"];
const fetched = path.join(cacheFolder, "plugins");

/** Fetches what is missing and can be had; asks the network once, and remembers a no for as long as the cache lives. */
export async function fetchPlugins(): Promise<void> {
    await Promise.all(realWherePossible.map((name) => realPlugin(name) ?? fetchPlugin(name)));
}

export function findPlugins(): Plugin[] {
    return ["aws", ...realWherePossible].map((name) => {
        const real = realWherePossible.includes(name) ? realPlugin(name) : undefined;
        const folder = real ?? path.dirname(programPath(`pulumi-resource-${name}`));
        return { name, kind: real ? "real" : "lab", version: pinned(name), folder };
    });
}

/** Of the pinned version only: as installed by an engine, in its own folder. */
function realPlugin(name: string): string | undefined {
    const homes = [process.env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi"), fetched];
    return homes
        .map((home) => path.join(home, "plugins", `resource-${name}-v${pinned(name)}`))
        .find((folder) => fs.existsSync(path.join(folder, `pulumi-resource-${name}`)));
}

async function fetchPlugin(name: string): Promise<void> {
    const folder = path.join(fetched, "plugins", `resource-${name}-v${pinned(name)}`);
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
