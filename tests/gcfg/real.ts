// The real parser of gcfg files (gopkg.in/gcfg.v1), built once from its Go module and asked by tests.
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

const root = path.join(__dirname, "../..");
const program = path.join(root, ".build/gcfg/real");
const sources = ["main.go", "go.mod", "go.sum"].map((name) => path.join(__dirname, name));

export const go = "Go 1.21 or newer (https://go.dev/dl), and the modules of tests/gcfg (`go mod download` there)";

export interface RealSetting {
    section: string;
    name: string;
    key: string;
    /** Were it a list. */
    list: string[];
    /** Were it a single value; null where it can be none, since a text stands beside one without "=". */
    last: string | null;
}

/** Whether it is there, or could be made. */
export function hasReal(): boolean {
    if (spawnSync("go", ["version"]).status !== 0) {
        return false;
    }
    const built = fs.existsSync(program) ? fs.statSync(program).mtimeMs : 0;
    if (sources.every((source) => fs.statSync(source).mtimeMs < built)) {
        return true;
    }
    fs.mkdirSync(path.dirname(program), { recursive: true });
    // Beside, then moved: another test file may do the same at this moment.
    const made = `${program}.${process.pid}`;
    const { status, stderr } = spawnSync("go", ["build", "-o", made, "."], { cwd: __dirname, encoding: "utf8" });
    if (status !== 0) {
        process.stderr.write(stderr);
        return false;
    }
    fs.renameSync(made, program);
    return true;
}

/** What it reads; its own words where it can't. */
export function real(text: string): RealSetting[] | string {
    const said = execFileSync(program, { input: text, encoding: "utf8" });
    const { error, settings } = JSON.parse(said) as { error?: string; settings: RealSetting[] };
    return error ?? settings;
}
