// After an `up` of a production stack died: ends what the dead run left on this machine, opens production, takes its lock and its
// half-done operations away. It looks first: while a run of the stack goes on here it touches nothing. One on another machine it can't see,
// and says so. Says what it did; the next `pulumi up` then goes on.
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { Refusal } from "../logic/refusal";
import { endProcess, listProcesses, somebodyAt } from "./processes";
import { backendOf, runsOf } from "./runs";
import { mendStateFolder } from "./stateFile";
import type { ThawStatus } from "./thaw";

const execute = promisify(execFile);
/** A state file may be large. */
const maxBuffer = 256 * 1024 * 1024;

export interface RecoverOptions {
    stack: string;
    /** Opens production. Absent when no hosts file was given. */
    thaw?: () => Promise<ThawStatus>;
    log: (line: string) => void;
    /** Folder of Pulumi.yaml. */
    project: string;
    /** One command of the engine; answers its stdout, throws its words. */
    pulumi: (args: string[]) => Promise<string>;
    /** That the engine is called with, as far as it says where the state is. */
    environment?: Record<string, string | undefined>;
}

/** The `pulumi` on PATH, in that folder. */
export function installedPulumi(project: string): RecoverOptions["pulumi"] {
    return async (args) => {
        const flags = ["--non-interactive", "--color", "never"];
        return (await execute("pulumi", [...args, ...flags], { cwd: project, maxBuffer })).stdout;
    };
}

/** Answers how the thaw ended, where there was one. Throws, and has touched nothing, when a run of this stack still goes on here. */
export async function recover(options: RecoverOptions): Promise<ThawStatus | undefined> {
    const { stack, thaw, log, pulumi } = options;
    await endLeftovers(options);
    log(
        `no run of stack ${stack} goes on on this machine (${os.hostname()}). One elsewhere can't be seen from here, and its capture would be void: look at the pipeline, and ask who else runs this stack`,
    );
    const status = await thaw?.();
    if (!thaw) {
        log(
            "no HOSTS file was given: look yourself whether production is open (make state HOSTS=…, make thaw HOSTS=…)",
        );
    }
    if (status === 3) {
        log(
            "production stays closed on purpose, which is no error of the dead run: serve, revert, or make thaw GIVE_UP=1",
        );
    }
    const exported = await readState(options);
    await pulumi(["cancel", "--yes", "--stack", stack]).then(
        () => log(`the lock of stack ${stack} was taken away`),
        (error: Error) => log(`there was no lock to take away (${lastLine(error.message)})`),
    );
    const pending = pendingIn(exported);
    if (pending.length === 0) {
        log("no operation was left half done");
    } else {
        log(`half done: ${pending.join(", ")}; the cloud is asked what became of them`);
        await pulumi(["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", stack]);
    }
    log(`now run: pulumi up --stack ${stack}`);
    return status;
}

/** What the dead run wrote last. One that can't be read is mended where the reason is known; else it is said what to do. */
async function readState({ stack, log, pulumi }: RecoverOptions): Promise<string> {
    const read = () => pulumi(["stack", "export", "--stack", stack]);
    const refused = (error: Error): never => {
        throw new Refusal(
            `the state of stack ${stack} can't be read: ${lastLine(error.message)}. Bring its last good version back where it is damaged (your backend's versions of it; in a folder the file that ends in .json.bak), then call this again`,
        );
    };
    return read().catch(async (error: Error) => {
        const { url } = JSON.parse(await pulumi(["whoami", "--json"]).catch(() => refused(error))) as { url: string };
        const broken = mendStateFolder(url, stack);
        broken.forEach((file) =>
            log(`${file} was left half written by the dead run and taken away; the state beside it is whole`),
        );
        return broken.length === 0 ? refused(error) : read().catch(refused);
    });
}

/** The program of a dead engine may still hold production closed. One whose engine lives is not ours to end. */
async function endLeftovers({ stack, project, log, environment = process.env }: RecoverOptions): Promise<void> {
    const folder = fs.realpathSync(project);
    const wanted = { stack, folder, project: projectName(folder), backend: backendOf(environment) };
    const runs = await runsOf(wanted, await listProcesses(), somebodyAt);
    const live = runs.filter((run) => run.live);
    if (live.length > 0) {
        const named = [...new Map([...live].reverse().map(({ pid, why }) => [pid, `process ${pid}: ${why}`])).values()];
        throw new Refusal(
            `a run of stack ${stack} still goes on here (${named.join("; ")}), so nothing was touched: wait for it, or end it with Ctrl-C (kill -INT PID), and call this again`,
        );
    }
    for (const { pid } of runs) {
        log(
            (await endProcess(pid))
                ? `process ${pid} of the dead run was ended`
                : `process ${pid} of the dead run could not be ended: end it yourself (kill -9 ${pid})`,
        );
    }
}

function projectName(folder: string): string | undefined {
    try {
        const read = parse(fs.readFileSync(path.join(folder, "Pulumi.yaml"), "utf8")) as { name?: unknown } | null;
        return typeof read?.name === "string" ? read.name : undefined;
    } catch {
        return undefined;
    }
}

function pendingIn(exported: string): string[] {
    const { deployment } = JSON.parse(exported) as {
        deployment: { pending_operations?: { type: string; resource: { urn: string } }[] };
    };
    return (deployment.pending_operations ?? []).map(
        ({ type, resource }) => `${type} ${resource.urn.split("::").pop() ?? ""}`,
    );
}

function lastLine(text: string): string {
    return text.trim().split("\n").pop() ?? "";
}
