// A live SSH connection to a host whose key is known, through a bastion where there is one.
import type { Duplex } from "node:stream";
import { Client, ClientChannel, ServerHostKeyAlgorithm, utils } from "ssh2";
import { Refusal } from "../logic/refusal";

export interface HostAddress {
    address: string;
    /** 22 when absent. */
    port?: number;
    user: string;
    /** OpenSSH private key. */
    privateKey: string;
    /** "ssh-ed25519 AAAA…"; a host that shows another one is not talked to. */
    hostKey: string;
    bastion?: { address: string; port?: number; user: string; privateKey?: string; hostKey: string };
}

export interface CommandResult {
    exitCode: number;
    stdout: string;
    stderr: string;
}

export interface HostConnection {
    readonly host: string;
    /** Runs a command to its end, with `stdin` as its whole input. */
    run(command: string, stdin?: string): Promise<CommandResult>;
    /** Starts a command and leaves its streams to the caller. */
    start(command: string): Promise<ClientChannel>;
    /** A stream to an address that this host can reach. */
    forward(address: string, port: number): Promise<Duplex>;
    /** Rejects when the connection breaks, whatever it was doing; pending for as long as it holds. */
    readonly broken: Promise<never>;
    close(): void;
}

const dialSeconds = 15;
/** Broken connections must be noticed before a host's own patience (3 s) is over. */
const keepAlive = { keepaliveInterval: 1000, keepaliveCountMax: 3 };

/** Errors name the host and what to look at: key, route, account. */
export async function connect(target: HostAddress): Promise<HostConnection> {
    const { bastion } = target;
    if (!bastion) {
        return connectionOf(await dial(target, target.address), target.address);
    }
    const through = await dial(
        { ...bastion, privateKey: bastion.privateKey ?? target.privateKey },
        `bastion ${bastion.address}`,
    );
    try {
        const stream = await forward(through, target.address, target.port ?? 22);
        const client = await dial(target, target.address, stream);
        client.once("close", () => through.end());
        return connectionOf(client, target.address);
    } catch (error) {
        through.end();
        throw error;
    }
}

type Reach = Pick<HostAddress, "address" | "port" | "user" | "privateKey" | "hostKey">;

async function dial(reach: Reach, name: string, sock?: Duplex): Promise<Client> {
    const pinned = utils.parseKey(reach.hostKey);
    if (pinned instanceof Error) {
        throw new Refusal(`${name}: hostKey is no public key ("ssh-ed25519 AAAA…"): ${pinned.message}`);
    }
    const client = new Client();
    let shown: string | undefined;
    return new Promise((resolve, reject) => {
        client.once("ready", () => {
            client.removeAllListeners("error");
            resolve(client);
        });
        // A peer that ends the connection before it stands is no error to ssh2, and its own time limit ends with it.
        client.once("close", () =>
            reject(new Refusal(`${name} ended the connection before it stood: is its sshd starting or overloaded?`)),
        );
        client.once("error", (error) => {
            client.on("error", () => undefined);
            reject(new Refusal(explain(reach, name, error, shown)));
        });
        client.connect({
            host: reach.address,
            port: reach.port ?? 22,
            username: reach.user,
            privateKey: reach.privateKey,
            readyTimeout: dialSeconds * 1000,
            sock,
            ...keepAlive,
            // Asking for the pinned kind only: the host may have keys of other kinds and would show one of those.
            algorithms: { serverHostKey: signaturesOf(pinned.type) },
            hostVerifier: (key: Buffer) => {
                const matches = pinned.getPublicSSH().equals(key);
                shown = matches ? undefined : key.toString("base64");
                return matches;
            },
        });
    });
}

/** An RSA key signs in newer ways than the one that bears its name. */
function signaturesOf(type: string): ServerHostKeyAlgorithm[] {
    return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type as ServerHostKeyAlgorithm];
}

function explain(reach: Reach, name: string, error: Error & { level?: string; code?: string }, shown?: string): string {
    if (shown !== undefined) {
        return `${name} shows another host key (${shown.slice(0, 24)}…) than the one that is configured. If the host was really replaced, compare the new key on the host itself (cat /etc/ssh/ssh_host_ed25519_key.pub) and change hostKey; otherwise somebody is in between.`;
    }
    if (error.level === "client-authentication") {
        return `${name} refuses user "${reach.user}" with the configured private key: check ssh.user, the secret sshPrivateKey and the host's authorized_keys.`;
    }
    if (error.level === "client-timeout" || error.code === "EHOSTUNREACH" || error.code === "ETIMEDOUT") {
        return `${name} does not answer on port ${reach.port ?? 22}: check that it runs, its address, the route and the security group's SSH rule.`;
    }
    if (error.code === "ECONNREFUSED") {
        return `${name} refuses connections on port ${reach.port ?? 22}: is sshd running there, on that port?`;
    }
    if (error.message.includes("no matching host key")) {
        return `${name} has no host key of the pinned kind (${reach.hostKey.split(" ")[0]}): take hostKey from the host itself (cat /etc/ssh/ssh_host_*_key.pub).`;
    }
    return `${name}: SSH failed: ${error.message}`;
}

function connectionOf(client: Client, host: string): HostConnection {
    let closed = false;
    const broken = new Promise<never>((_resolve, reject) => {
        const end = (error?: Error) => {
            if (!closed) {
                reject(new Error(`the connection to ${host} broke${error ? `: ${error.message}` : ""}`));
            }
        };
        client.on("error", end);
        client.on("close", () => end());
    });
    broken.catch(() => undefined); // whoever waits for it hears it
    const start = (command: string) =>
        new Promise<ClientChannel>((resolve, reject) =>
            client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel))),
        );
    return {
        host,
        broken,
        start: (command) => Promise.race([start(command), broken]),
        run: (command, stdin) => Promise.race([start(command).then((channel) => finish(channel, stdin)), broken]),
        forward: (address, port) => Promise.race([forward(client, address, port), broken]),
        close: () => {
            closed = true;
            client.end();
        },
    };
}

function finish(channel: ClientChannel, stdin = ""): Promise<CommandResult> {
    return new Promise((resolve) => {
        const result: CommandResult = { exitCode: -1, stdout: "", stderr: "" };
        channel.on("data", (chunk: Buffer) => (result.stdout += chunk.toString()));
        channel.stderr.on("data", (chunk: Buffer) => (result.stderr += chunk.toString()));
        channel.on("exit", (code: number | null) => (result.exitCode = code ?? -1));
        channel.on("close", () => resolve(result));
        channel.on("error", () => undefined); // a command may end without reading all of its input
        channel.end(stdin);
    });
}

function forward(client: Client, address: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) =>
        client.forwardOut("127.0.0.1", 0, address, port, (error, channel) =>
            error
                ? reject(new Error(`${address}:${port} can't be reached from there: ${error.message}`))
                : resolve(channel),
        ),
    );
}
