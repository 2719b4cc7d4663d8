// A live SSH connection to a host whose key is known, through a bastion where there is one.
// Whatever breaks on it is heard for its whole life: it rejects what waits, and never ends the process.
import * as net from "node:net";
import type { Duplex } from "node:stream";
import { Client, ClientChannel } from "ssh2";
import { ports } from "../logic/ports";
import { Refusal } from "../logic/refusal";
import { reveal, Secret } from "../logic/secret";
import { offered, pinnedHostKey, PinnedKey, usablePrivateKey } from "./keys";

export interface HostAddress {
    address: string;
    /** 22 when absent. */
    port?: number;
    user: string;
    /** OpenSSH private key. */
    privateKey: Secret<string>;
    /** "ssh-ed25519 AAAA…"; a host that shows another one is not talked to. */
    hostKey: string;
    bastion?: { address: string; port?: number; user: string; privateKey?: Secret<string>; hostKey: string };
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

export interface ConnectOptions {
    /** For each hop: from its first packet to the end of its login. 15 when absent. */
    dialSeconds?: number;
}

/** A connection that could not be made, or broke. */
export class ConnectionError extends Refusal {
    constructor(
        message: string,
        /** It may be another thing a moment later: no answer, a reset. A wrong key or user stays wrong. */
        readonly passing: boolean,
    ) {
        super(message);
    }
}

const usualDialSeconds = 15;
/** Broken connections must be noticed before a host's own patience (3 s) is over. */
const keepAlive = { keepaliveInterval: 1000, keepaliveCountMax: 3 };
/** For the other end to hear that we leave; one that hangs would otherwise keep this process from ending. */
const partingMilliseconds = 1000;

/** Errors name the host and what to look at: key, route, account. */
export async function connect(target: HostAddress, options: ConnectOptions = {}): Promise<HostConnection> {
    const { bastion, address } = target;
    const seconds = options.dialSeconds ?? usualDialSeconds;
    const reach = readKeys(target, address);
    if (!bastion) {
        return connectionOf([await dial(reach, seconds)], address);
    }
    const first = readKeys({ privateKey: target.privateKey, ...bastion }, `bastion ${bastion.address}`);
    const through = await dial(first, seconds);
    try {
        const stream = await leadOn(through, first.name, reach, seconds);
        // A bastion that goes away says more of itself than the connection that it carried.
        const session = await Promise.race([dial(reach, seconds, stream), failed(through, first)]);
        return connectionOf([session, through], address);
    } catch (error) {
        through.end();
        throw error;
    }
}

/** Where to, as whom, and with which keys, read. */
interface Reach {
    name: string;
    address: string;
    port: number;
    user: string;
    privateKey: Secret<string>;
    hostKey: PinnedKey;
}

function readKeys(target: Omit<HostAddress, "bastion">, name: string): Reach {
    return {
        name,
        address: target.address,
        port: target.port ?? ports.ssh,
        user: target.user,
        privateKey: usablePrivateKey(target.privateKey, name),
        hostKey: pinnedHostKey(target.hostKey, name),
    };
}

interface Session {
    client: Client;
    /** Rejects with the first thing that goes wrong, also its end, from the first moment to the last. */
    failure: Promise<never>;
    end(): void;
}

/** `socket`: through a bastion. */
async function dial(reach: Reach, seconds: number, socket?: Duplex): Promise<Session> {
    const { address, port, hostKey } = reach;
    // Words of the closed window are small: none waits until the host has acknowledged the one before (40 ms on Linux).
    const sock = socket ?? net.connect({ host: address, port, noDelay: true });
    const session = sessionOn(sock);
    const { client } = session;
    let shown: string | undefined;
    try {
        const ready = new Promise<void>((resolve) => client.once("ready", resolve));
        client.connect({
            username: reach.user,
            privateKey: reveal(reach.privateKey),
            readyTimeout: seconds * 1000,
            sock,
            ...keepAlive,
            algorithms: offered(hostKey),
            hostVerifier: (key: Buffer) => {
                const matches = hostKey.bytes.equals(key);
                shown = matches ? undefined : key.toString("base64");
                return matches;
            },
        });
        await Promise.race([ready, session.failure]);
        return session;
    } catch (error) {
        session.end();
        throw explain(reach, error as Error, shown);
    }
}

/** Listens to all that can fail, and goes on listening: an error that nobody hears would end the process. */
function sessionOn(sock: Duplex): Session {
    const client = new Client();
    const failure = new Promise<never>((_resolve, reject) => {
        client.on("error", reject);
        sock.on("error", reject);
        const closed = () => reject(new Error("it was closed"));
        client.on("close", closed);
        sock.on("close", closed);
    });
    failure.catch(() => undefined); // whoever waits for it hears it
    return {
        client,
        failure,
        end: () => {
            client.end();
            setTimeout(() => sock.destroy(), partingMilliseconds).unref();
        },
    };
}

function failed(session: Session, { name }: Reach): Promise<never> {
    return session.failure.catch((error: Error) => {
        throw new ConnectionError(`${name} went away: ${error.message}`, true);
    });
}

/** A stream through a bastion. */
async function leadOn(through: Session, name: string, onward: Reach, seconds: number): Promise<Duplex> {
    let timer: NodeJS.Timeout | undefined;
    const where = `${onward.address}:${onward.port}`;
    const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(
            () => reject(new ConnectionError(`${name} did not lead to ${where} within ${seconds} s`, true)),
            seconds * 1000,
        );
    });
    const led = forward(through.client, onward.address, onward.port).catch(async (error: Error) => {
        // What ends the bastion's connection ends this request too, and says less. It comes a moment later.
        await Promise.race([failed(through, { ...onward, name }), new Promise((resolve) => setTimeout(resolve, 50))]);
        throw new ConnectionError(`${name}: ${error.message}`, true);
    });
    return Promise.race([led, failed(through, { ...onward, name }), late]).finally(() => clearTimeout(timer));
}

type SshError = Error & { level?: string; code?: string };

function explain({ name, port, user, hostKey }: Reach, error: SshError, shown?: string): ConnectionError {
    const lasting = (words: string) => new ConnectionError(`${name} ${words}`, false);
    const passing = (words: string) => new ConnectionError(`${name} ${words}`, true);
    if (shown !== undefined) {
        return lasting(
            `shows another host key (${shown.slice(0, 24)}…) than the one that is configured. If the host was really replaced, compare the new key on the host itself (cat /etc/ssh/ssh_host_ed25519_key.pub) and change hostKey; otherwise somebody is in between.`,
        );
    }
    if (error.level === "client-authentication") {
        return lasting(
            `refuses user "${user}" with the configured private key: check ssh.user, the secret sshPrivateKey and the host's authorized_keys.`,
        );
    }
    if (error.level === "client-timeout" || error.code === "EHOSTUNREACH" || error.code === "ETIMEDOUT") {
        return passing(
            `does not answer on port ${port}: check that it runs, its address, the route and the security group's SSH rule.`,
        );
    }
    if (error.code === "ECONNREFUSED") {
        return passing(`refuses connections on port ${port}: is sshd running there, on that port?`);
    }
    if (error.message.includes("no matching host key")) {
        return lasting(
            `has no host key of the pinned kind (${hostKey.type}): take hostKey from the host itself (cat /etc/ssh/ssh_host_*_key.pub).`,
        );
    }
    if (error.message.includes("no matching")) {
        return lasting(
            `and this program have no algorithm in common that is safe (${error.message}): its sshd must offer one without SHA-1 and CBC.`,
        );
    }
    return new ConnectionError(`${name}: SSH failed: ${error.message}`, true);
}

/** The connection that commands run on, and what carries it. */
function connectionOf([session, ...carriers]: [Session, ...Session[]], host: string): HostConnection {
    const { client } = session;
    let closed = false;
    const broken = new Promise<never>((_resolve, reject) => {
        for (const { failure } of [...carriers, session]) {
            failure.catch((error: Error) => {
                if (!closed) {
                    reject(new ConnectionError(`the connection to ${host} broke: ${error.message}`, true));
                }
                leave();
            });
        }
    });
    broken.catch(() => undefined); // whoever waits for it hears it
    const leave = () => [session, ...carriers].forEach((each) => each.end());
    const start = (command: string) =>
        new Promise<ClientChannel>((resolve, reject) =>
            client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel))),
        );
    return {
        host,
        broken,
        start: (command) => Promise.race([broken, start(command)]),
        run: (command, stdin) => Promise.race([broken, start(command).then((channel) => finish(channel, stdin))]),
        forward: (address, port) => Promise.race([broken, forward(client, address, port)]),
        close: () => {
            closed = true;
            leave();
        },
    };
}

function finish(channel: ClientChannel, stdin = ""): Promise<CommandResult> {
    return new Promise((resolve) => {
        let exitCode = -1;
        const stdout: Buffer[] = [];
        const stderr: Buffer[] = [];
        channel.on("data", (chunk: Buffer) => stdout.push(chunk));
        channel.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
        channel.on("exit", (code: number | null) => (exitCode = code ?? -1));
        // Decoded as a whole: a letter may lie across two packets.
        channel.on("close", () =>
            resolve({ exitCode, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
        );
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
