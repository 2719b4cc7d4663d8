// Real SSH servers in this process, for the ways in which a connection ends: a host that runs what it is told, a bastion that leads to
// others and can go away in the middle, a port that takes a connection and says nothing.
import * as net from "node:net";
import { Connection, Server } from "ssh2";
import { seal } from "../../../logic/secret";
import type { HostAddress } from "../../../remote/connection";
import { listening } from "../ports";
import { generateKeyPair } from "../../../lab/keyPair";

export const keys = { host: generateKeyPair(), user: generateKeyPair() };

export interface SshServer {
    address: HostAddress;
    /** As seen from a target behind it. */
    asBastion: NonNullable<HostAddress["bastion"]>;
    /** Commands that were begun. */
    commands: string[];
    /** Connections that logged in. */
    logins(): number;
    /** Every connection is cut with RST, as by a machine that restarts. */
    reset(): void;
    stop(): void;
}

/** A command's stdout and exit status; `undefined`: it never returns. */
type Said = { stdout: string; code?: number } | undefined;
export type Answer = (command: string, stdin: string) => Said | Promise<Said>;

export interface ServerOptions {
    answer?: Answer;
    /** Of a bastion: what it does when it is asked to lead somewhere. */
    leading?: "leads" | "silent" | "resets";
    /** Stands still from its first command on: reads nothing, not even that the other end leaves. */
    freezes?: boolean;
}

const servers: { stop(): void }[] = [];

/** Of a whole test file: `after(stopServers)`. */
export function stopServers(): void {
    servers.splice(0).forEach((server) => server.stop());
}

export async function sshServer(options: ServerOptions = {}): Promise<SshServer> {
    const { answer, leading = "leads", freezes = false } = options;
    const sockets = new Set<net.Socket>();
    const commands: string[] = [];
    let logins = 0;
    const server = new Server({ hostKeys: [keys.host.private] }, (connection) => {
        connection.on("authentication", (context) => context.accept());
        connection.on("error", () => undefined);
        connection.on("ready", () => (logins += 1));
        runCommands(connection, commands, answer);
        if (freezes) connection.on("session", () => sockets.forEach((socket) => socket.pause()));
        lead(connection, leading, reset);
    });
    // Beneath ssh2's own listener: only the raw socket can be reset.
    const front = net.createServer({ allowHalfOpen: freezes }, (socket) => {
        sockets.add(socket);
        socket.on("error", () => undefined);
        socket.on("close", () => sockets.delete(socket));
        server.injectSocket(socket);
    });
    const port = await listening(front);
    function reset(): void {
        sockets.forEach((socket) => socket.resetAndDestroy());
    }
    const stop = () => {
        front.close();
        sockets.forEach((socket) => socket.destroy());
    };
    servers.push({ stop });
    const at = { address: "127.0.0.1", port, user: "operator", hostKey: keys.host.public };
    return {
        address: { ...at, privateKey: seal(keys.user.private) },
        asBastion: at,
        commands,
        logins: () => logins,
        reset,
        stop,
    };
}

/** A port that takes connections and says nothing, as a machine whose disk hangs. */
export async function silentPort(): Promise<HostAddress> {
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => {
        sockets.add(socket);
        socket.on("error", () => undefined);
    });
    const port = await listening(server);
    servers.push({ stop: () => (server.close(), sockets.forEach((socket) => socket.destroy())) });
    return {
        address: "127.0.0.1",
        port,
        user: "operator",
        privateKey: seal(keys.user.private),
        hostKey: keys.host.public,
    };
}

function runCommands(connection: Connection, commands: string[], answer?: Answer): void {
    connection.on("session", (accept) => {
        accept().on("exec", (acceptExec, _reject, { command }) => {
            const channel = acceptExec();
            commands.push(command);
            channel.on("error", () => undefined);
            let stdin = "";
            channel.on("data", (data: Buffer) => (stdin += data.toString()));
            channel.on("end", () => {
                void Promise.resolve(answer ? answer(command, stdin) : { stdout: "{}" }).then((said) => {
                    if (!said || !channel.writable) return;
                    channel.write(said.stdout);
                    channel.exit(said.code ?? 0);
                    channel.end();
                });
            });
        });
    });
}

function lead(connection: Connection, leading: ServerOptions["leading"], reset: () => void): void {
    connection.on("tcpip", (accept, _reject, { destIP, destPort }) => {
        if (leading === "silent") return;
        if (leading === "resets") return reset();
        const onward = net.connect(destPort, destIP, () => {
            const channel = accept();
            channel.on("error", () => undefined);
            channel.pipe(onward).pipe(channel);
            channel.on("close", () => onward.destroy());
        });
        onward.on("error", () => undefined);
    });
}
