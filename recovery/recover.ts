// After an `up` of a production stack died: opens production, ends what the dead run left on this machine, takes its lock and its
// half-done operations away. Says what it did; the next `pulumi up` then goes on.
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import { promisify } from "node:util";
import { Refusal } from "../logic/refusal";

const execute = promisify(execFile);
/** A state file may be large. */
const maxBuffer = 256 * 1024 * 1024;

export interface RecoverOptions {
    stack: string;
    /** Opens production; answers whether it is open. Absent when no hosts file was given. */
    thaw?: () => Promise<boolean>;
    log: (line: string) => void;
    /** Folder of Pulumi.yaml. */
    project: string;
    /** One command of the engine; answers its stdout, throws its words. */
    pulumi: (args: string[]) => Promise<string>;
}

/** The `pulumi` on PATH, in that folder. */
export function installedPulumi(project: string): RecoverOptions["pulumi"] {
    return async (args) => {
        const flags = ["--non-interactive", "--color", "never"];
        return (await execute("pulumi", [...args, ...flags], { cwd: project, maxBuffer })).stdout;
    };
}

/** Answers whether everything was done. Throws when a run of this stack still goes on here. */
export async function recover({ stack, thaw, log, project, pulumi }: RecoverOptions): Promise<boolean> {
    const open = thaw ? await thaw() : true;
    if (!thaw) {
        log("no HOSTS file was given: look yourself whether production is open (make thaw HOSTS=…)");
    }
    await endLeftovers(stack, project, log);
    await pulumi(["cancel", "--yes", "--stack", stack]).then(
        () => log(`the lock of stack ${stack} was taken away`),
        (error: Error) => log(`there was no lock to take away (${lastLine(error.message)})`),
    );
    const pending = pendingIn(await pulumi(["stack", "export", "--stack", stack]));
    if (pending.length === 0) {
        log("no operation was left half done");
    } else {
        log(`half done: ${pending.join(", ")}; the cloud is asked what became of them`);
        await pulumi(["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", stack]);
    }
    log(`now run: pulumi up --stack ${stack}`);
    return open;
}

interface Process {
    pid: number;
    parent: number;
    command: string;
}

/** The program of a dead engine: its parent is gone. One whose engine lives is not ours to end. */
async function endLeftovers(stack: string, project: string, log: (line: string) => void): Promise<void> {
    const processes = await listProcesses();
    const engines = processes.filter(
        ({ pid, command }) =>
            /(^|\/)pulumi (up|update|refresh|destroy)\b/.test(command) &&
            command.includes(stack) &&
            worksIn(pid, project),
    );
    if (engines.length > 0) {
        throw new Refusal(
            `a run of stack ${stack} still goes on here (process ${engines[0].pid}): wait for it, or end it with Ctrl-C`,
        );
    }
    const leftovers = processes.filter(
        ({ parent, command }) =>
            (parent === 1 || !processes.some(({ pid }) => pid === parent)) &&
            command.includes("@pulumi/pulumi/cmd/run") &&
            command.includes(`--stack ${stack} `) &&
            command.includes(project),
    );
    for (const { pid } of leftovers) {
        process.kill(pid, "SIGTERM");
        log(`process ${pid} of the dead run was ended`);
    }
}

async function listProcesses(): Promise<Process[]> {
    const { stdout } = await execute("ps", ["-eo", "pid=,ppid=,args=", "-ww"], { maxBuffer });
    return stdout
        .split("\n")
        .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
        .flatMap((match) => (match ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] }] : []));
}

/** Where the system doesn't tell, it may be. */
function worksIn(pid: number, folder: string): boolean {
    try {
        return fs.readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
        return true;
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
