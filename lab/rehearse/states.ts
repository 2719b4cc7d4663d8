// The stacks' states as they were after each commit, in the format of `pulumi stack export`, for `make conformance EXPORTS=rehearsal/states`. Taken
// from the backend's file, which takes no time while users wait; secrets are as the engine encrypted them.
import * as fs from "node:fs";
import * as path from "node:path";
import { reportFolder, stateFolder } from "../paths";

export const statesFolder = path.join(reportFolder, "states");

export function forgetStates(): void {
    fs.rmSync(statesFolder, { recursive: true, force: true });
}

/** Numbered, so that they sort as they came. */
export function keepState(commit: string, stack: string, from = stateFolder, to = statesFolder): void {
    const projects = path.join(from, ".pulumi", "stacks");
    const [file] = fs
        .readdirSync(projects)
        .map((project) => path.join(projects, project, `${stack}.json`))
        .filter((one) => fs.existsSync(one));
    fs.mkdirSync(to, { recursive: true });
    const number = String(fs.readdirSync(to).length + 1).padStart(2, "0");
    fs.writeFileSync(path.join(to, `${number}-${commit}-${stack}.json`), exportOfState(fs.readFileSync(file, "utf8")));
}

/** As it was after the last commit of that name. */
export function keptState(commit: string, stack: string, from = statesFolder): string {
    const kept = fs.readdirSync(from).filter((name) => name.replace(/^\d+-/, "") === `${commit}-${stack}.json`);
    const last = kept.sort().at(-1);
    if (last === undefined) throw new Error(`No state of ${stack} was kept after ${commit}.`);
    return fs.readFileSync(path.join(from, last), "utf8");
}

/** A backend in a folder keeps what an export has under another name (pulumi/pulumi, sdk/go/common/apitype: VersionedCheckpoint). */
function exportOfState(text: string): string {
    const { version, checkpoint } = JSON.parse(text) as { version: number; checkpoint: { latest?: object } };
    return `${JSON.stringify({ version, deployment: checkpoint.latest ?? {} }, null, 1)}\n`;
}
