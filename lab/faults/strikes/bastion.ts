// An SSH bastion in the operator's network that leads on to the hosts, and can be made to go away in the middle of what it carries.
import * as net from "node:net";
import { Server } from "ssh2";
import { addresses } from "../../paths";
import type { Bastion } from "../bench/operator";
import { generateKeyPair } from "../../keyPair";

export interface RunningBastion {
    access: Bastion;
    /** Connections that came in so far. */
    count(): number;
    /** Every connection ends at once, and new ones are refused until `comeBack`. */
    goAway(): void;
    comeBack(): void;
    close(): void;
}

/** Lets everybody in: what is tried is not its lock. */
export async function startBastion(): Promise<RunningBastion> {
    const keys = generateKeyPair();
    const sockets = new Set<net.Socket>();
    let away = false;
    let count = 0;
    const ssh = new Server({ hostKeys: [keys.private] }, (client) => {
        client.on("error", () => undefined);
        client.on("authentication", (context) => context.accept());
        client.on("ready", () => {
            client.on("tcpip", (accept, reject, { destIP, destPort }) => {
                const there = net.connect(destPort, destIP);
                sockets.add(there);
                there.once("error", () => reject());
                there.once("connect", () => {
                    const stream = accept();
                    stream.on("error", () => undefined);
                    there.on("error", () => stream.end());
                    there.pipe(stream).pipe(there);
                });
            });
        });
    });
    const listener = net.createServer((socket) => {
        socket.on("error", () => undefined);
        if (away) return void socket.resetAndDestroy();
        count += 1;
        sockets.add(socket);
        ssh.injectSocket(socket);
    });
    await new Promise<void>((resolve) => listener.listen(0, addresses.operator, resolve));
    const { port } = listener.address() as net.AddressInfo;
    const [kind, key] = keys.public.split(" ");
    return {
        access: { address: addresses.operator, port, user: "bastion", hostKey: `${kind} ${key}` },
        count: () => count,
        goAway: () => {
            away = true;
            for (const socket of sockets) socket.resetAndDestroy();
            sockets.clear();
        },
        comeBack: () => (away = false),
        close: () => {
            for (const socket of sockets) socket.destroy();
            listener.close();
        },
    };
}
