// A live SSH connection to a host whose key is known, through a bastion where there is one.
import type { Duplex } from "node:stream";
import type { ClientChannel } from "ssh2";

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

/** Errors name the host and what to look at: key, route, account. */
export async function connect(_target: HostAddress): Promise<HostConnection> {
    throw new Error("not there yet");
}
