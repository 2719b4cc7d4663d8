// The repository's own files: what was installed, built or left behind by a rehearsal is none.
import * as fs from "node:fs";
import * as path from "node:path";

export const root = path.join(__dirname, "../..");
const notOurs = ["node_modules", ".git", ".build", ".lab", "rehearsal"];

/** Below the repository, sorted, with this ending. */
export function filesOf(ending: string, folder = ""): string[] {
    return fs
        .readdirSync(path.join(root, folder), { withFileTypes: true })
        .filter(({ name }) => !notOurs.includes(name))
        .flatMap((entry) => {
            const file = path.posix.join(folder, entry.name);
            return entry.isDirectory() ? filesOf(ending, file) : entry.name.endsWith(ending) ? [file] : [];
        })
        .sort();
}

export function textOf(file: string): string {
    return fs.readFileSync(path.join(root, file), "utf8");
}
