// What the bench has found so far, on disk after every row: a list that was interrupted can go on, as long as the tree is the same.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { checkout } from "../paths";
import type { FaultRow } from "./row";

export interface Results {
    /** Of the checkout that the rows were tried on. */
    tree: string;
    seed: number;
    rows: FaultRow[];
}

const fileIn = (folder: string): string => path.join(folder, "faults.json");

/** A hash of all files but prose, which nothing runs: results can be written down where they stand. Undefined where git can't tell. */
export function treeId(folder: string = checkout): string | undefined {
    const list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    try {
        const names = execFileSync("git", list, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] }).toString();
        const hash = createHash("sha256");
        for (const name of names
            .split("\0")
            .filter((one) => one !== "" && !one.endsWith(".md"))
            .sort()) {
            const file = path.join(folder, name);
            hash.update(`${name}\0`).update(fs.existsSync(file) ? fs.readFileSync(file) : "gone");
        }
        return hash.digest("hex").slice(0, 16);
    } catch {
        return undefined;
    }
}

export function writeResults(folder: string, results: Results): void {
    fs.mkdirSync(folder, { recursive: true });
    const file = fileIn(folder);
    fs.writeFileSync(`${file}.part`, `${JSON.stringify(results, null, 2)}\n`);
    fs.renameSync(`${file}.part`, file);
}

/** Of an earlier run on this very tree; otherwise why there is nothing to go on with. */
export function readResults(folder: string, tree: string | undefined): Results | string {
    if (!fs.existsSync(fileIn(folder))) return "there are no results of an earlier run";
    if (tree === undefined) return "git does not tell which tree this is";
    const found = JSON.parse(fs.readFileSync(fileIn(folder), "utf8")) as Partial<Results>;
    if (found.tree !== tree)
        return `the results on hand are stale: they are of another tree (${found.tree ?? "unknown"})`;
    return { tree, seed: found.seed ?? 0, rows: found.rows ?? [] };
}
