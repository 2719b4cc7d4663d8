// Runs one program and tells how it went; long ones report how long they have been at it.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { logFolder } from "./paths";

export interface RunOptions {
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    /** Goes to the program's standard input; nothing is left open when absent. */
    input?: string;
    /** Everything the program says is appended to .lab/logs/<log>.log. */
    log?: string;
    /** The program's own words go to the terminal too. */
    show?: boolean;
    timeoutSeconds?: number;
    onStart?: (pid: number) => void;
    /** Each whole line of standard output as it comes. */
    onLine?: (line: string) => void;
}

export interface RunResult {
    code: number;
    stdout: string;
    stderr: string;
}

/** Children that still run: an interrupted run ends them by their own ids. */
const children = new Set<number>();

export function endChildren(signal: NodeJS.Signals): void {
    for (const pid of children) {
        try {
            process.kill(pid, signal);
        } catch {
            // gone in the meantime
        }
    }
}

export function run(command: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
    return new Promise((resolve, reject) => {
        const log = options.log === undefined ? undefined : openLog(options.log);
        const child = spawn(command, args, {
            cwd: options.cwd,
            env: options.env ?? process.env,
            stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
        });
        if (child.pid !== undefined) {
            children.add(child.pid);
            options.onStart?.(child.pid);
        }
        let stdout = "";
        let stderr = "";
        let begun = "";
        // A sign of several bytes may come in two pieces, and so may a line.
        child.stdout?.setEncoding("utf8");
        child.stdout?.on("data", (data: string) => {
            stdout += data;
            const lines = `${begun}${data}`.split("\n");
            begun = lines.pop() ?? "";
            lines.forEach((line) => options.onLine?.(line));
            log?.write(data);
            if (options.show) process.stdout.write(data);
        });
        child.stderr?.on("data", (data: Buffer) => {
            stderr += data.toString();
            log?.write(data);
            if (options.show) process.stderr.write(data);
        });
        child.stdin?.on("error", () => undefined); // a program may end without reading all of it
        child.stdin?.end(options.input);
        const timer =
            options.timeoutSeconds === undefined
                ? undefined
                : setTimeout(() => child.kill("SIGKILL"), options.timeoutSeconds * 1000);
        child.on("error", reject);
        child.on("close", (code, signal) => {
            clearTimeout(timer);
            if (child.pid !== undefined) children.delete(child.pid);
            log?.end();
            if (begun !== "") options.onLine?.(begun);
            resolve({ code: code ?? (signal === "SIGKILL" ? 137 : 130), stdout, stderr });
        });
    });
}

/** As `run`, but a failure is an error that says what was run and its last words. */
export async function mustRun(command: string, args: string[], options: RunOptions = {}): Promise<string> {
    const result = await run(command, args, options);
    if (result.code !== 0) {
        const words = lastLines(result.stderr.trim() === "" ? result.stdout : result.stderr, 15);
        throw new Error(`${command} ${args[0] ?? ""} ended with ${result.code}:\n${words}`);
    }
    return result.stdout;
}

export function lastLines(text: string, count: number): string {
    return text.trimEnd().split("\n").slice(-count).join("\n");
}

function openLog(name: string): fs.WriteStream {
    fs.mkdirSync(logFolder, { recursive: true });
    return fs.createWriteStream(path.join(logFolder, `${name}.log`), { flags: "a" });
}
