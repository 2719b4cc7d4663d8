// The repository's own files, as git has them or would take them: what lies in node_modules, .lab or .build is none.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

export const root = path.join(__dirname, "../..");

/** Below the repository, sorted; those that are deleted and not yet committed apart. */
export function filesOf(...patterns: string[]): string[] {
    const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...patterns], {
        cwd: root,
        encoding: "utf8",
    });
    return [...new Set(listed.split("\n"))]
        .filter((file) => file !== "" && fs.existsSync(path.join(root, file)))
        .sort();
}

export function textOf(file: string): string {
    return fs.readFileSync(path.join(root, file), "utf8");
}
