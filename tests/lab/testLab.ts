// A lab of its own for a test: a folder that looks like a checkout, so that its id, state and namespaces are not those of
// the checkout the test stands in. Needs root.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import type { Action, Request, Response } from "../../lab/cloud/api";
import { callCloud } from "../../lab/cloud/client";

const execute = promisify(execFile);
const checkout = path.join(__dirname, "../..");

export interface TestLab {
    folder: string;
    /** "pl1a2b", as in the names of its namespaces. */
    prefix: string;
    call<A extends Action>(action: A, request: Request<A>): Promise<Response<A>>;
    /** "start" | "stop" | "remove", by a process of its own as an operator's would be. */
    lifecycle(what: "start" | "stop" | "remove"): Promise<void>;
    /** Runs a command in one of the lab's namespaces ("op", "us", "in", "rt"); answers its standard output. */
    within(namespace: string, command: string[], input?: string): Promise<string>;
}

export function createTestLab(): TestLab {
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "lab-test-")));
    fs.copyFileSync(path.join(checkout, "package.json"), path.join(folder, "package.json"));
    fs.symlinkSync(path.join(checkout, "lab"), path.join(folder, "lab"));
    bundle(path.join(checkout, "lab/cloud/main.ts"), path.join(folder, ".build/cloud.js"));
    const command = path.join(folder, "lifecycle.ts");
    const lifecycleModule = JSON.stringify(path.join(checkout, "lab/cloud/lifecycle"));
    fs.writeFileSync(
        command,
        `import { startLab, stopLab, removeLab } from ${lifecycleModule};
        const actions = { start: startLab, stop: stopLab, remove: removeLab };
        actions[process.argv[2] as keyof typeof actions](console.log).catch((error: Error) => {
            console.error(error.message);
            process.exit(1);
        });`,
    );
    bundle(command, path.join(folder, ".build/lifecycle.js"));
    const prefix = `pl${createHash("sha256").update(folder).digest("hex").slice(0, 4)}`;
    const socket = path.join(folder, ".lab/cloud/cloud.sock");
    return {
        folder,
        prefix,
        call: (action, request) => callCloud(action, request, socket),
        async lifecycle(what) {
            await execute(process.execPath, [path.join(folder, ".build/lifecycle.js"), what], {
                env: { ...process.env, POSIT_LAB_CLOUD: socket },
            });
        },
        async within(namespace, argv, input) {
            const running = execute("ip", ["netns", "exec", `${prefix}-${namespace}`, ...argv], { timeout: 60_000 });
            running.child.stdin?.on("error", () => undefined); // a command that ends at once reads nothing
            running.child.stdin?.end(input ?? "");
            return (await running).stdout;
        },
    };
}

function bundle(entry: string, outfile: string): void {
    buildSync({
        entryPoints: [entry],
        outfile,
        bundle: true,
        platform: "node",
        logLevel: "error",
        absWorkingDir: checkout,
    });
}
