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

/** The commit and a hash of all that differs from it; undefined where git can't tell. */
export function treeId(folder: string = checkout): string | undefined {
    const git = (...args: string[]) =>
        execFileSync("git", args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"], maxBuffer: 2 ** 28 });
    try {
        const commit = git("rev-parse", "HEAD").toString().trim();
        const hash = createHash("sha256").update(git("diff", "HEAD", "--binary"));
        const added = git("ls-files", "--others", "--exclude-standard", "-z").toString().split("\0").filter(Boolean);
        for (const name of added.sort()) hash.update(name).update(fs.readFileSync(path.join(folder, name)));
        return `${commit} ${hash.digest("hex").slice(0, 16)}`;
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
