// One command over SSH, dialled as the real provider does: 15 s a dial, a number of errors allowed, growing pauses between them.
import type { Duplex } from "node:stream";
import { Client, utils } from "ssh2";

export interface Connection {
    host: string;
    port?: number;
    user?: string;
    privateKey?: string;
    password?: string;
    hostKey?: string;
    dialErrorLimit?: number;
    perDialTimeout?: number;
    proxy?: Omit<Connection, "proxy">;
}

export interface Result {
    exitCode: number;
    stdout: string;
    stderr: string;
}

export async function runRemote(
    connection: Connection,
    command: string,
    options: { stdin?: string; environment?: Record<string, string> },
): Promise<Result> {
    const client = await dialUntil(connection);
    try {
        return await execute(client, command, options);
    } finally {
        client.end();
    }
}

async function dialUntil(connection: Connection): Promise<Client> {
    const limit = connection.dialErrorLimit ?? 10;
    for (let failures = 0; ;) {
        try {
            return await dialThrough(connection);
        } catch (error) {
            failures++;
            if (limit >= 0 && failures > limit) {
                throw new Error(
                    `after ${failures} failed attempts: dial ${connection.host}: ${(error as Error).message}`,
                );
            }
            await new Promise((resolve) => setTimeout(resolve, Math.min(250 * 1.3 ** failures, 2000)));
        }
    }
}

async function dialThrough(connection: Connection): Promise<Client> {
    if (!connection.proxy) {
        return dial(connection);
    }
    const proxy = await dial(connection.proxy);
    const stream = await new Promise<Duplex>((resolve, reject) =>
        proxy.forwardOut("127.0.0.1", 0, connection.host, connection.port ?? 22, (error, channel) =>
            error ? reject(error) : resolve(channel),
        ),
    );
    const client = await dial(connection, stream);
    client.once("close", () => proxy.end());
    return client;
}

function dial(connection: Connection, sock?: Duplex): Promise<Client> {
    const client = new Client();
    return new Promise((resolve, reject) => {
        client.once("ready", () => resolve(client));
        // A host that boots may break a connection twice: the second error must not end the plugin.
        client.on("error", reject);
        client.connect({
            host: connection.host,
            port: connection.port ?? 22,
            username: connection.user ?? "root",
            privateKey: connection.privateKey,
            password: connection.password,
            readyTimeout: (connection.perDialTimeout ?? 15) * 1000,
            sock,
            hostVerifier: (key: Buffer) => connection.hostKey === undefined || matches(connection.hostKey, key),
            // Of the kind that is pinned, or the host would show another one of its keys.
            algorithms: connection.hostKey?.startsWith("ssh-ed25519") ? { serverHostKey: ["ssh-ed25519"] } : undefined,
        });
    });
}

function matches(pinned: string, shown: Buffer): boolean {
    const parsed = utils.parseKey(pinned);
    return !(parsed instanceof Error) && parsed.getPublicSSH().equals(shown);
}

function execute(
    client: Client,
    command: string,
    options: { stdin?: string; environment?: Record<string, string> },
): Promise<Result> {
    return new Promise((resolve, reject) => {
        client.once("error", reject);
        client.exec(command, { env: options.environment }, (error, channel) => {
            if (error) {
                reject(error);
                return;
            }
            const result: Result = { exitCode: -1, stdout: "", stderr: "" };
            channel.on("data", (chunk: Buffer) => (result.stdout += chunk.toString()));
            channel.stderr.on("data", (chunk: Buffer) => (result.stderr += chunk.toString()));
            channel.on("exit", (code: number | null) => (result.exitCode = code ?? -1));
            channel.on("close", () => resolve(result));
            channel.end(options.stdin ?? "");
        });
        client.once("close", () => reject(new Error("the connection closed before the command ended")));
    });
}
