// The ledger of the lab's long-lived processes: one file each, with the pid and the moment it started, so that a later
// daemon (or the clean-up after a crash) finds exactly these processes again and never a stranger that got the same pid.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { cloudFolder, logFolder } from "../paths";
import { waitFor } from "./run";
import type { DaemonProcess } from "./service";

const ledger = path.join(cloudFolder, "processes");

export interface ProcessId {
    pid: number;
    /** Clock ticks since the machine's boot; with the boot's id that names a process for good. */
    startTime: string;
    bootId: string;
}

function fileOf(name: string): string {
    return path.join(ledger, `${name}.json`);
}

/** Undefined when there is no such process, or only its zombie. */
export function identify(pid: number): ProcessId | undefined {
    try {
        const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (fields[0] === "Z" || fields[0] === "X") {
            return undefined;
        }
        return {
            pid,
            startTime: fields[19],
            bootId: fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
        };
    } catch {
        return undefined;
    }
}

export function isRunning(id: ProcessId): boolean {
    const now = identify(id.pid);
    return now !== undefined && now.startTime === id.startTime && now.bootId === id.bootId;
}

export function recordProcess(name: string, pid: number): void {
    const id = identify(pid);
    fs.mkdirSync(ledger, { recursive: true });
    fs.writeFileSync(`${fileOf(name)}.part`, JSON.stringify({ name, ...id }));
    fs.renameSync(`${fileOf(name)}.part`, fileOf(name));
}

export function recordedProcess(name: string): ProcessId | undefined {
    try {
        return JSON.parse(fs.readFileSync(fileOf(name), "utf8")) as ProcessId;
    } catch {
        return undefined;
    }
}

export function recordedNames(): string[] {
    return fs.existsSync(ledger)
        ? fs
              .readdirSync(ledger)
              .filter((name) => name.endsWith(".json"))
              .map((name) => name.slice(0, -5))
        : [];
}

export function findProcess(name: string): number | undefined {
    const id = recordedProcess(name);
    return id && isRunning(id) ? id.pid : undefined;
}

export async function startProcess(wanted: DaemonProcess): Promise<{ pid: number }> {
    fs.mkdirSync(logFolder, { recursive: true });
    const argv = wanted.namespace
        ? ["nsenter", `--net=/run/netns/${wanted.namespace}`, "--", ...wanted.command]
        : wanted.command;
    const log = fs.openSync(path.join(logFolder, `${wanted.name}.log`), "a", 0o600);
    const child = spawn(argv[0], argv.slice(1), {
        detached: true,
        cwd: wanted.cwd ?? "/",
        env: { ...process.env, ...wanted.env },
        stdio: ["ignore", log, log],
    });
    fs.closeSync(log);
    const pid = await new Promise<number>((resolve, reject) => {
        child.once("error", reject);
        child.once("spawn", () => resolve(child.pid as number));
    });
    child.unref();
    recordProcess(wanted.name, pid);
    return { pid };
}

export function signalProcess(id: ProcessId, signal: NodeJS.Signals | number): void {
    if (isRunning(id)) {
        try {
            process.kill(id.pid, signal);
        } catch {
            // It ended between the look and the signal.
        }
    }
}

export async function endProcess(
    name: string,
    options: { signal?: NodeJS.Signals; graceSeconds?: number } = {},
): Promise<void> {
    const id = recordedProcess(name);
    if (id) {
        await endById(id, options);
    }
    fs.rmSync(fileOf(name), { force: true });
}

export async function endById(
    id: ProcessId,
    options: { signal?: NodeJS.Signals; graceSeconds?: number } = {},
): Promise<void> {
    signalProcess(id, options.signal ?? "SIGTERM");
    const gone = (): boolean => !isRunning(id);
    try {
        await waitFor(`process ${id.pid} has ended`, gone, options.graceSeconds ?? 10);
    } catch {
        signalProcess(id, "SIGKILL");
        await waitFor(`process ${id.pid} has ended`, gone, 10);
    }
}
