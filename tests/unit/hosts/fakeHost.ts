// A host that is only a folder: hosts/*.sh run in it for real, by bash, with systemctl and its like played by stubs/*.sh.
// Proves what the scripts say, write and ask systemd for. Does not prove that systemd does it (make rehearse).
import { ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { products, ProductId } from "../../../products";
import { parseAnswer } from "../../../remote/answer";
import { quote, renderScript, ScriptRequest } from "../../../remote/script";
import { AnswerOf, entryOf, ScriptName } from "../../../remote/scripts";
import { listening } from "../ports";

export interface FakeHost {
    root: string;
    product: ProductId;
    port: number;
    env: NodeJS.ProcessEnv;
    /** The rendered script, bound to this folder and port; what is none of its variables takes the place of a fact or constant. */
    render(script: ScriptName, variables?: Readonly<Record<string, unknown>>): string;
    /** What a script's output says, by the register. */
    answer<S extends ScriptName>(script: S, stdout: string): AnswerOf<S>;
    /** Runs a script to its end. */
    run(text: string, args?: string[], input?: string): Promise<{ status: number; stdout: string; stderr: string }>;
    start(text: string): ChildProcessWithoutNullStreams;
    unitActive(unit: string): boolean;
    setUnit(unit: string, state: "active" | "inactive"): void;
    /** What was asked of systemctl and the other stubs, in order. */
    calls(): string[];
    exists(file: string): boolean;
    read(file: string): string;
    write(file: string, text: string): void;
    /** As `write`, with the folders above. */
    make(file: string, text: string): void;
    marker(token: string): Record<string, unknown>;
    /** In /proc: a process has this, as a link to a file of this host; somebody's who is not root, unless said (only root may say). */
    process(link: string, to: string, owner?: number): void;
    /** Nothing can be written there any more. Not by taking rights away: tests may run as root. */
    breakFolder(folder: string): void;
    /** Users' view: is the product there? */
    answers(): Promise<number>;
    remove(): Promise<void>;
}

const stubs = path.join(__dirname, "stubs");
/** Where nobody listens, unless a test does: the machine that tests run on may be an instance itself. */
const nobodysMetadata = "METADATA_HOST=127.0.0.1\nMETADATA_PORT=9";

export async function fakeHost(product: ProductId, databaseUnit?: string): Promise<FakeHost> {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "fake-host-"));
    const bin = path.join(root, "bin");
    for (const folder of [
        "bin",
        "proc",
        "units",
        "var/lib",
        "var/lib/rstudio-server",
        "data",
        "etc",
        "run",
        "tmp",
        "usr/lib",
    ]) {
        fs.mkdirSync(path.join(root, folder), { recursive: true });
    }
    fs.writeFileSync(path.join(root, "usr/lib/os-release"), "ID=debian\nVERSION_CODENAME=trixie\n");
    for (const stub of fs.readdirSync(stubs).filter((name) => name.endsWith(".sh"))) {
        fs.symlinkSync(path.join(stubs, stub), path.join(bin, stub.replace(/\.sh$/, "")));
    }
    const { units } = products[product];
    const setUnit = (unit: string, state: string) => fs.writeFileSync(path.join(root, "units", unit), state);
    const unitActive = (unit: string) => read(`units/${unit}`) === "active";
    const read = (file: string) =>
        fs.existsSync(path.join(root, file)) ? fs.readFileSync(path.join(root, file), "utf8") : "";
    [...units, ...(databaseUnit ? [databaseUnit] : [])].forEach((unit) => setUnit(unit, "active"));
    const server = http.createServer((_request, response) => {
        if (!units.every(unitActive)) {
            response.destroy();
            return;
        }
        const has = (file: string) => fs.existsSync(path.join(root, file));
        response.statusCode = has("unhealthy") ? 500 : has("no-health-page") ? 404 : 200;
        response.end("ok");
    });
    const port = await listening(server);
    const env = { ...process.env, HOST_ROOT: root, TMPDIR: path.join(root, "tmp"), PATH: `${bin}:${process.env.PATH}` };
    const file = path.join(root, "tmp", "script.sh");
    const started = new Set<ChildProcessWithoutNullStreams>();
    return {
        root,
        product,
        port,
        env,
        render: (script, variables = {}) => {
            const { of, variables: declared = {} } = entryOf(script);
            const [own, others] = [true, false].map((wanted) =>
                Object.entries(variables).filter(([name]) => Object.hasOwn(declared, name) === wanted),
            );
            const databaseUnits = databaseUnit === undefined ? [] : [databaseUnit];
            const layout = { dataMounts: [path.join(root, "data")], databaseUnits, port };
            const request = {
                script,
                layout,
                variables: Object.fromEntries(own),
                ...(of === "product" && { product }),
            };
            // Tests also give what no caller may.
            const rendered = renderScript(request as unknown as ScriptRequest);
            const text = rendered.replace(/^METADATA_HOST=.*\nMETADATA_PORT=.*$/m, nobodysMetadata);
            return others.reduce((changed, [name, value]) => replaced(changed, name, value), text);
        },
        answer: (script, stdout) => parseAnswer(script, script, stdout),
        // Never synchronously: the script asks the server of this very process whether the product answers.
        run: (text, args = [], input = "") =>
            new Promise((resolve) => {
                fs.writeFileSync(file, text);
                const child = execFile("bash", [file, ...args], { env }, (error, stdout, stderr) =>
                    resolve({ status: typeof error?.code === "number" ? error.code : error ? 1 : 0, stdout, stderr }),
                );
                child.stdin?.on("error", () => undefined); // it may end without reading all
                child.stdin?.end(input);
            }),
        start: (text) => {
            fs.writeFileSync(file, text);
            const child = spawn("bash", [file], { env, detached: true });
            started.add(child);
            child.on("close", () => started.delete(child));
            return child;
        },
        unitActive,
        setUnit,
        calls: () => read("calls").split("\n").filter(Boolean),
        exists: (name) => fs.existsSync(path.join(root, name)),
        read,
        write: (name, text) => fs.writeFileSync(path.join(root, name), text),
        make: (name, text) => {
            fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
            fs.writeFileSync(path.join(root, name), text);
        },
        process: (link, to, owner = 65534) => {
            fs.mkdirSync(path.dirname(path.join(root, "proc", link)), { recursive: true });
            fs.symlinkSync(path.join(root, to), path.join(root, "proc", link));
            if (process.getuid?.() === 0) fs.lchownSync(path.join(root, "proc", link), owner, owner);
        },
        breakFolder: (folder) => {
            fs.renameSync(path.join(root, folder), path.join(root, `${folder}.gone`));
            fs.writeFileSync(path.join(root, folder), "");
        },
        marker: (token) => JSON.parse(read(`var/lib/posit-upgrade/captures/${token}.json`)) as Record<string, unknown>,
        answers: () =>
            new Promise((resolve) => {
                http.get({ port, host: "127.0.0.1", agent: false }, (response) => {
                    response.resume();
                    resolve(response.statusCode ?? 0);
                }).on("error", () => resolve(0));
            }),
        remove: async () => {
            // What a test did not wait for goes with all that it began.
            const gone = [...started].map((child) => new Promise((resolve) => child.once("close", resolve)));
            [...started].forEach(endGroup);
            await Promise.all(gone);
            server.closeAllConnections();
            await new Promise((resolve) => server.close(resolve));
            // What a script left running may still write a line.
            fs.rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
        },
    };
}

function replaced(program: string, name: string, value: unknown): string {
    const line = new RegExp(`^${name}=.*$`, "m");
    if (!line.test(program)) {
        throw new Error(`${name} is neither a variable nor a constant of that script`);
    }
    const text = Array.isArray(value) ? `(${value.map(String).map(quote).join(" ")})` : quote(String(value));
    return program.replace(line, () => `${name}=${text}`);
}

function endGroup({ pid }: ChildProcessWithoutNullStreams): void {
    try {
        process.kill(-pid!, "SIGKILL");
    } catch {
        // It ended just now.
    }
}
