// Renders a script of the lab for one host: its variables, the files named, and a call of `main` at the end.
import * as fs from "node:fs";
import * as path from "node:path";
import { checkout } from "./paths";

/** Files are relative to lab/, without ".sh". */
export function hostScript(files: string[], variables: Record<string, string>): string {
    const assignments = Object.entries(variables).map(([key, value]) => `${key}=${quoted(value)}`);
    const parts = files.map((file) => fs.readFileSync(path.join(checkout, "lab", `${file}.sh`), "utf8"));
    // `main` reads nothing, as the script itself arrives through standard input.
    return ["set -euo pipefail", ...assignments, ...parts, "main </dev/null", ""].join("\n");
}

function quoted(text: string): string {
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
