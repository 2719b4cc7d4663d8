// Bundles the lab's own programs, each into one file: a provider starts once per command, so every module it loads counts.
import * as fs from "node:fs";
import * as path from "node:path";
import { build } from "esbuild";
import { buildFolder, checkout } from "../paths";

/** Executable → source. */
const programs: Record<string, string> = {
    "cloud.js": "lab/cloud/main.ts",
    "pulumi-language-nodejs": "lab/languageHost/main.ts",
    "pulumi-resource-aws": "lab/aws/main.ts",
    "pulumi-resource-command": "lab/command/main.ts",
    "pulumi-resource-postgresql": "lab/postgresql/main.ts",
};

/** Where an executable of a plugin stands; the engine wants one folder per plugin. */
export function programPath(name: string): string {
    return name.startsWith("pulumi-resource-")
        ? path.join(buildFolder, "plugins", name, name)
        : path.join(buildFolder, name);
}

export async function bundlePrograms(): Promise<void> {
    const present = Object.entries(programs).filter(([, source]) => fs.existsSync(path.join(checkout, source)));
    for (const [name, source] of present) {
        const outfile = programPath(name);
        await build({
            entryPoints: [path.join(checkout, source)],
            outfile,
            bundle: true,
            platform: "node",
            target: "node20",
            banner: { js: "#!/usr/bin/env node" },
            // Native speed-ups that ssh2 and pg can do without.
            external: ["cpu-features", "pg-native", "*.node"],
            logLevel: "error",
        });
        fs.chmodSync(outfile, 0o755);
    }
}
