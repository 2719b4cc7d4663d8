// Runs the stand-in products' programs on loopback with SQLite in a temporary folder.
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { ProductId } from "../../../../products/ids";
import { packageFiles } from "../../../../lab/products/releases";
import { stage } from "../../../../lab/products/stage";
import { freePort } from "../../ports";

export interface Answer {
    status: number;
    text: string;
    json<T>(): T;
}

export interface Installation {
    /** Everything of the product lies below it. */
    root: string;
    port: number;
    write(file: string, text: string): void;
    read(file: string): string;
    /** Answers when the program does; rejects with what it says when it ends instead. */
    start(program: string, release: "old" | "new", ready: string): Promise<void>;
    /** SIGTERM; answers the seconds until it had ended. */
    stop(): Promise<number>;
    command(release: "old" | "new", program: string, args: string[], input?: string): Promise<string>;
    get(url: string, options?: RequestInit): Promise<Answer>;
    sql(file: string, statement: string): unknown;
    remove(): Promise<void>;
}

export async function install(product: ProductId): Promise<Installation> {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "product-test-"));
    const files = packageFiles(product);
    files.releases.forEach((release, index) => stage(files, release, path.join(root, index === 0 ? "old" : "new")));
    const program = (release: string, name: string): string => path.join(root, release, files.home, "bin", name);
    const env = { ...process.env, POSIT_ROOT: root };
    const port = await freePort();
    const running: ChildProcess[] = [];
    const place = (file: string): string => path.join(root, file);
    const get = async (url: string, options?: RequestInit): Promise<Answer> => {
        const answer = await fetch(`http://127.0.0.1:${port}${url}`, { redirect: "manual", ...options });
        const text = await answer.text();
        return { status: answer.status, text, json: <T>() => JSON.parse(text) as T };
    };
    const stop = async (): Promise<number> => {
        const started = Date.now();
        await Promise.all(running.splice(0).map(ended));
        return (Date.now() - started) / 1000;
    };
    return {
        root,
        port,
        write(file, text) {
            fs.mkdirSync(path.dirname(place(file)), { recursive: true });
            fs.writeFileSync(place(file), text);
        },
        read: (file) => fs.readFileSync(place(file), "utf8"),
        async start(name, release, ready) {
            const child = spawn(program(release, name), [], { env, stdio: ["ignore", "ignore", "pipe"] });
            running.push(child);
            let words = "";
            child.stderr.on("data", (data: Buffer) => (words += data.toString()));
            for (const end = Date.now() + 10_000; Date.now() < end; await pause(20)) {
                if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${words}`);
                if (ready === "") return;
                if (
                    await get(ready)
                        .then(({ status }) => status === 200)
                        .catch(() => false)
                )
                    return;
            }
            throw new Error(`${name} does not answer: ${words}`);
        },
        stop,
        command: (release, name, args, input = "") =>
            new Promise((resolve, reject) => {
                const child = execFile(program(release, name), args, { env }, (error, stdout, stderr) =>
                    error ? reject(new Error(stderr)) : resolve(stdout.trim()),
                );
                child.stdin?.end(input);
            }),
        get,
        sql: (file, statement) => runSql(place(file), statement),
        async remove() {
            await stop();
            fs.rmSync(root, { recursive: true, force: true });
        },
    };
}

export function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function ended(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await gone;
}

/** Rows of a statement, or nothing: by the Python that the products themselves run with. */
function runSql(file: string, statement: string): unknown {
    const script =
        "import json, sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=10);" +
        "rows = c.execute(sys.argv[2]).fetchall(); c.commit(); print(json.dumps(rows))";
    return JSON.parse(
        execFileSync("/usr/bin/python3", ["-c", script, file, statement], { encoding: "utf8" }),
    ) as unknown;
}
