// The program of an earlier commit, in a folder of the lab's own, with the packages that its lock file names.
import * as fs from "node:fs";
import * as path from "node:path";
import { checkout, labFolder } from "../../paths";
import { mustRun, run } from "../../run";

export interface EarlierCommit {
    commit: string;
    subject: string;
}

/** Goes with the lab. */
export const earlierFolder = path.join(labFolder, "earlier");

export async function findCommit(name: string, repository = checkout): Promise<EarlierCommit> {
    const args = ["-C", repository, "log", "-1", "--format=%H %s", "--end-of-options", `${name}^{commit}`, "--"];
    const { code, stdout } = await run("git", args);
    const [, commit, subject] = /^([0-9a-f]{40}) (.*)/.exec(stdout) ?? [];
    if (code !== 0 || commit === undefined) {
        throw new Error(
            `FROM=${name}: the history of this checkout has no such commit. Name one of \`git log\`; a shallow clone gets the rest by \`git fetch --unshallow\`.`,
        );
    }
    return { commit, subject };
}

/** By `git archive`: a worktree would have to be taken back from the repository, whatever becomes of the lab. */
export async function checkOut({ commit }: EarlierCommit, from = checkout, to = earlierFolder): Promise<void> {
    fs.rmSync(to, { recursive: true, force: true });
    fs.mkdirSync(to, { recursive: true });
    const unpack = 'git -C "$1" archive --format=tar "$2" | tar -x -C "$3"';
    await mustRun("bash", ["-o", "pipefail", "-c", unpack, "bash", from, commit, to]);
    if (hasSameLock(from, to)) {
        fs.symlinkSync(path.join(from, "node_modules"), path.join(to, "node_modules"));
    } else {
        await mustRun("npm", ["ci", "--no-audit", "--no-fund"], { cwd: to, log: "earlier" });
    }
}

function hasSameLock(one: string, other: string): boolean {
    const [a, b] = [one, other].map((folder) => fs.readFileSync(path.join(folder, "package-lock.json"), "utf8"));
    return a === b;
}
