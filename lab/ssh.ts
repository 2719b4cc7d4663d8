// Scripts on the lab's hosts, as the person who runs production would run them: over SSH, with the host key pinned.
// Used to build production and to look into hosts; the program under test has its own connection (remote/).
import { Client } from "ssh2";
import { createHash } from "node:crypto";

export interface HostAccess {
    address: string;
    user: string;
    privateKey: string;
    /** "ssh-ed25519 AAAA…" */
    hostKey: string;
}

export interface ScriptResult {
    code: number;
    stdout: string;
    stderr: string;
}

export interface Host {
    /** Runs a whole program with bash as root; it is sent through standard input, so that it shows in no process list. */
    script(text: string): Promise<ScriptResult>;
    close(): void;
}

function fingerprint(key: Buffer): string {
    return createHash("sha256").update(key).digest("base64");
}

export function openHost(access: HostAccess, readyTimeoutMs = 10000): Promise<Host> {
    return new Promise((resolve, reject) => {
        const client = new Client();
        const pinned = fingerprint(Buffer.from(access.hostKey.split(" ")[1] ?? "", "base64"));
        client.on("ready", () => resolve({ script: (text) => runScript(client, text), close: () => client.end() }));
        client.on("error", (error) => reject(new Error(`${access.address}: ${error.message}`)));
        client.connect({
            host: access.address,
            username: access.user,
            privateKey: access.privateKey,
            readyTimeout: readyTimeoutMs,
            keepaliveInterval: 5000,
            algorithms: { serverHostKey: ["ssh-ed25519"] },
            hostVerifier: (key: Buffer) => fingerprint(key) === pinned,
        });
    });
}

/** A host that boots is asked again until it answers. */
export async function waitForHost(access: HostAccess, timeoutSeconds = 120): Promise<Host> {
    const until = Date.now() + timeoutSeconds * 1000;
    for (;;) {
        try {
            return await openHost(access, 3000);
        } catch (error) {
            if (Date.now() > until) throw error;
            await new Promise((resolve) => setTimeout(resolve, 300));
        }
    }
}

function runScript(client: Client, text: string): Promise<ScriptResult> {
    return new Promise((resolve, reject) => {
        client.exec("sudo -n bash -s", (error, stream) => {
            if (error) return reject(error);
            let stdout = "";
            let stderr = "";
            stream.on("data", (data: Buffer) => (stdout += data.toString()));
            stream.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
            stream.on("close", (code: number | null) => resolve({ code: code ?? 255, stdout, stderr }));
            stream.end(text);
        });
    });
}

/** One short errand on a host; a failure is an error with the host's last words. */
export async function onHost(access: HostAccess, text: string): Promise<string> {
    const host = await openHost(access);
    try {
        const result = await host.script(text);
        if (result.code !== 0) {
            const words = result.stderr.trim().split("\n").slice(-12).join("\n");
            throw new Error(`${access.address}: script ended with ${result.code}:\n${words}`);
        }
        return result.stdout;
    } finally {
        host.close();
    }
}
