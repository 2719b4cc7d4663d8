// Finds or makes the Pulumi engine: on PATH, by the official installer, from Go modules, or a clear word what to install.
import * as fs from "node:fs";
import * as path from "node:path";
import { cacheFolder, checkout } from "../paths";
import { say, step } from "../progress";
import { run } from "../run";
import { engineCandidates } from "./choice";
import { isProgram, pulumiHomes, searchedFolders } from "./places";

/** Engine and SDK go together; 3.248.0 is the last that runs on Node 20. */
export const engineVersion = "3.248.0";
const oldestEngine = [3, 238, 0]; // failing after-hooks and error hooks

const ownEngine = path.join(cacheFolder, "engine", engineVersion, "pulumi");

export interface Engine {
    path: string;
    version: string;
    /** Where it comes from, in words. */
    how: string;
}

/** A suitable `pulumi`. Throws when no rung holds. */
export async function findEngine(): Promise<Engine> {
    const found = (await alreadyThere()) ?? (await cached()) ?? (await installed()) ?? (await built());
    say(`Pulumi engine: ${found.version}, ${found.how}`);
    return found;
}

async function versionOf(engine: string): Promise<string | undefined> {
    const { code, stdout } = await run(engine, ["version"], {
        env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    }).catch(() => ({ code: 1, stdout: "" }));
    return code === 0 ? stdout.trim().replace(/^v/, "") : undefined;
}

function suitable(version: string): boolean {
    const parts = version.split(".").map((part) => parseInt(part, 10));
    return parts[0] === oldestEngine[0] && (parts[1] > oldestEngine[1] || parts[1] === oldestEngine[1]);
}

/** The first that is new enough: an old one in front must not hide another. */
async function alreadyThere(): Promise<Engine | undefined> {
    for (const candidate of engineCandidates({ searched: searchedFolders(), has: isProgram }, pulumiHomes())) {
        const version = await versionOf(candidate.path);
        if (version !== undefined && suitable(version))
            return { path: candidate.path, version, how: `${candidate.how} (${candidate.path})` };
    }
    return undefined;
}

async function cached(): Promise<Engine | undefined> {
    return fs.existsSync(ownEngine) && (await versionOf(ownEngine)) === engineVersion
        ? { path: ownEngine, version: engineVersion, how: "built or installed before" }
        : undefined;
}

/** The official installer's archive, where the internet is there. */
async function installed(): Promise<Engine | undefined> {
    const archive = `https://get.pulumi.com/releases/sdk/pulumi-v${engineVersion}-linux-x64.tar.gz`;
    const folder = path.dirname(ownEngine);
    fs.mkdirSync(folder, { recursive: true });
    const unpack = `curl --fail --silent --location --connect-timeout 5 ${archive} | tar xz -C "${folder}" --strip-components=1`;
    const { code } = await run("bash", ["-o", "pipefail", "-c", unpack], { log: "toolchain" });
    return code === 0 && fs.existsSync(ownEngine)
        ? { path: ownEngine, version: engineVersion, how: "by the official installer" }
        : undefined;
}

async function built(): Promise<Engine> {
    const go = await run("go", ["version"]).catch(() => undefined);
    if (go?.code !== 0) {
        throw new Error(
            `No Pulumi engine: none on PATH or in ~/.pulumi/bin that is 3.238 or newer, the installer can't be reached, and there is no Go to build one. Install Pulumi (https://www.pulumi.com/docs/install/) or Go 1.25.11 or newer.`,
        );
    }
    return step("Building the Pulumi engine from Go modules (some minutes, once)", async () => {
        const flags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${engineVersion}`;
        const args = [
            "build",
            "-mod=readonly",
            "-trimpath",
            "-ldflags",
            flags,
            "-o",
            ownEngine,
            "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        ];
        // go.sum verifies every module; the checksum database may be out of reach.
        const env = { ...process.env, GOSUMDB: "off", GOFLAGS: "-buildvcs=false" };
        const { code, stderr } = await run("go", args, {
            cwd: path.join(checkout, "lab", "toolchain", "engine"),
            env,
            log: "toolchain",
        });
        if (code !== 0) {
            throw new Error(`The Pulumi engine can't be built: ${stderr.trim().split("\n").slice(-3).join(" ")}`);
        }
        return { path: ownEngine, version: engineVersion, how: "built from Go modules" };
    });
}
