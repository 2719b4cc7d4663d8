// Runs a command to its end, in a network namespace if need be.
import { spawn } from "node:child_process";
import type { RunOptions } from "./service";

const keptOutput = 16 * 1024 * 1024;

export async function run(command: string[], options: RunOptions = {}): Promise<string> {
    const argv = options.namespace ? ["nsenter", `--net=/run/netns/${options.namespace}`, "--", ...command] : command;
    const seconds = options.timeout ?? 60;
    return new Promise((resolve, reject) => {
        const child = spawn(argv[0], argv.slice(1), {
            cwd: options.cwd,
            env: { ...process.env, LC_ALL: "C", ...options.env },
            stdio: ["pipe", "pipe", "pipe"],
        });
        let stdout = "";
        let stderr = "";
        let late = false;
        const timer = setTimeout(() => {
            late = true;
            child.kill("SIGKILL");
        }, seconds * 1000);
        child.stdout.on("data", (data: Buffer) => (stdout = (stdout + data.toString()).slice(-keptOutput)));
        child.stderr.on("data", (data: Buffer) => (stderr = (stderr + data.toString()).slice(-8000)));
        child.stdin.on("error", () => undefined); // a command that ends without reading is not a failure by itself
        child.stdin.end(options.input ?? "");
        child.on("error", (error) => {
            clearTimeout(timer);
            reject(new Error(`${command[0]} can't be run: ${error.message}`));
        });
        child.on("close", (code, signal) => {
            clearTimeout(timer);
            if (code === 0) {
                resolve(stdout);
                return;
            }
            const reason = late ? `took longer than ${seconds} s` : `ended with ${signal ?? `status ${code}`}`;
            const tail = stderr.trim().split("\n").slice(-5).join("\n");
            reject(new Error(`${command.slice(0, 3).join(" ")} ${reason}${tail ? `: ${tail}` : ""}`));
        });
    });
}

export const sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function waitFor<T>(
    what: string,
    check: () => Promise<T | undefined | false> | T | undefined | false,
    seconds: number,
): Promise<T> {
    const end = Date.now() + seconds * 1000;
    for (let pause = 20; ; pause = Math.min(pause * 1.5, 500)) {
        const found = await check();
        if (found !== undefined && found !== false) {
            return found;
        }
        if (Date.now() > end) {
            throw new Error(`${what}: not so after ${seconds} s`);
        }
        await sleep(pause);
    }
}
