// The operator's network, from which hosts are reached: a command starts itself again inside it.
import { spawn } from "node:child_process";
import * as path from "node:path";
import { checkout, netns } from "./paths";

const cli = path.join(__dirname, "cli.ts");

/** Runs one of the lab's commands in the operator's network. */
export function runInside(args: string[]): Promise<number> {
    return new Promise((resolve, reject) => {
        const program = ["node", "--require", "ts-node/register/transpile-only", cli, "inside", ...args];
        const child = spawn("ip", ["netns", "exec", netns.operator, ...program], { cwd: checkout, stdio: "inherit" });
        // A terminal sends its Ctrl-C to both; the inner one ends in order, and the outer one waits for that.
        const pass = (signal: NodeJS.Signals) => child.kill(signal);
        process.on("SIGINT", () => undefined);
        process.on("SIGTERM", pass);
        child.on("error", reject);
        child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
    });
}
