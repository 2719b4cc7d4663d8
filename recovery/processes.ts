// The processes of this machine, as far as they may be looked at, and the end of one.
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);

export interface ProcessInfo {
    pid: number;
    parent: number;
    argv: string[];
    /** Where it works; absent where the system doesn't tell. */
    folder?: string;
    /** What it was started with; absent where the system doesn't tell. */
    environment?: Record<string, string>;
}

/** Dead ones that nobody has fetched yet are none. */
export async function listProcesses(): Promise<ProcessInfo[]> {
    const { stdout } = await execute("ps", ["-eo", "pid=,ppid=,stat=,args=", "-ww"], { maxBuffer: 256 * 1024 * 1024 });
    return stdout
        .split("\n")
        .map((line) => /^\s*(\d+)\s+(\d+)\s+([^Z\s]\S*)\s+(.*)$/.exec(line))
        .flatMap((match) => (match ? [look(Number(match[1]), Number(match[2]), match[4])] : []));
}

function look(pid: number, parent: number, words: string): ProcessInfo {
    // Exact words where the system tells them; `ps` has them with blanks between.
    const argv = readWords(`/proc/${pid}/cmdline`) ?? words.split(" ");
    const info: ProcessInfo = { pid, parent, argv };
    // Only of those that may matter: it takes its time.
    if (!words.includes("pulumi")) {
        return info;
    }
    const entries = readWords(`/proc/${pid}/environ`)?.map((entry): [string, string] => {
        const at = entry.indexOf("=");
        return [entry.slice(0, at), entry.slice(at + 1)];
    });
    return { ...info, folder: linkOf(`/proc/${pid}/cwd`), environment: entries && Object.fromEntries(entries) };
}

function readWords(file: string): string[] | undefined {
    try {
        const words = fs.readFileSync(file, "utf8").replace(/\0$/, "").split("\0");
        return words[0] === "" ? undefined : words;
    } catch {
        return undefined;
    }
}

function linkOf(file: string): string | undefined {
    try {
        return fs.readlinkSync(file);
    } catch {
        return undefined;
    }
}

const answerMilliseconds = 2000;

/** Does somebody listen at a process's address? `undefined` where its network is not ours, so that we can't know. */
export async function somebodyAt({ pid }: ProcessInfo, address: string): Promise<boolean | undefined> {
    const [ours, theirs] = ["self", pid].map((whose) => linkOf(`/proc/${whose}/ns/net`));
    if (ours !== theirs) {
        return undefined;
    }
    const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? [];
    if (port === undefined) {
        return undefined;
    }
    return new Promise((resolve) => {
        const socket = net.connect({ host, port: Number(port) });
        // A process that stands still has its connections taken by the system, so silence is no answer: nobody says that it is gone.
        socket.setTimeout(answerMilliseconds, () => socket.destroy());
        socket.once("connect", () => (resolve(true), socket.destroy()));
        socket.once("error", (error: NodeJS.ErrnoException) =>
            resolve(error.code === "ECONNREFUSED" ? false : undefined),
        );
        socket.once("close", () => resolve(undefined));
    });
}

const patienceMilliseconds = 5000;

/** Asks it to end, which lets it open what it keeps closed, and ends it when it does not. Answers whether it is gone. */
export async function endProcess(pid: number): Promise<boolean> {
    const born = birthOf(pid);
    const there = () => isAlive(pid) && birthOf(pid) === born;
    if (!signal(pid, "SIGTERM")) return !there();
    signal(pid, "SIGCONT"); // one that was stopped hears nothing
    if (await gone(there)) return true;
    signal(pid, "SIGKILL");
    return gone(there);
}

async function gone(there: () => boolean): Promise<boolean> {
    for (let waited = 0; waited < patienceMilliseconds; waited += 50) {
        if (!there()) return true;
        await pause(50);
    }
    return !there();
}

function signal(pid: number, name: NodeJS.Signals): boolean {
    try {
        return process.kill(pid, name);
    } catch {
        return false;
    }
}

/** Not counting one that is dead and not fetched yet. */
function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
    return statOf(pid)?.[0] !== "Z";
}

/** Numbers of processes are used again; with the time of its start it is the same one. */
function birthOf(pid: number): string | undefined {
    return statOf(pid)?.[19];
}

/** Fields of /proc/PID/stat from the state on (proc(5)): the name before it may hold anything. */
function statOf(pid: number): string[] | undefined {
    try {
        const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
        return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    } catch {
        return undefined;
    }
}
