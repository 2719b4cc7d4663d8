// A network of addresses that no machine here has, behind a bastion with real SSH: it leads to each address's host in this process.
import * as net from "node:net";
import { Server } from "ssh2";
import { Script, ScriptedHost, scriptedHost } from "./scriptedHost";
import { generateKeyPair } from "../../lab/keyPair";

const keys = generateKeyPair();

export interface PlayedNetwork {
    /** In a stack file's words. */
    bastion: { address: string; port: number; user: string; hostKey: string };
    /** Of every host. */
    hostKey: string;
    stop(): void;
}

export async function playedNetwork(hosts: Record<string, Script>): Promise<PlayedNetwork> {
    const standing: Record<string, ScriptedHost> = {};
    for (const [address, script] of Object.entries(hosts)) standing[address] = await scriptedHost(script);
    const server = new Server({ hostKeys: [keys.private] }, (connection) => {
        // Small packets would wait for each other.
        (connection as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
        connection.on("authentication", (context) => context.accept());
        connection.on("error", () => undefined);
        connection.on("tcpip", (accept, reject, { destIP }) => {
            const host = standing[destIP] as ScriptedHost | undefined;
            if (!host) return reject();
            const onward = net.connect(host.target.port!, host.target.address, () => {
                const channel = accept();
                channel.on("error", () => undefined);
                channel.pipe(onward).pipe(channel);
                channel.on("close", () => onward.destroy());
            });
            onward.setNoDelay(true);
            onward.on("error", () => undefined);
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as net.AddressInfo;
    return {
        bastion: { address: "localhost", port, user: "jump", hostKey: keys.public },
        hostKey: Object.values(standing)[0].target.hostKey,
        stop: () => {
            server.close();
            Object.values(standing).forEach(({ stop }) => stop());
        },
    };
}
