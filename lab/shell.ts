// A shell on one of the lab's hosts, for people who want to look.
import { Client } from "ssh2";
import { runInside } from "./operatorNetwork";
import { readHosts } from "./hosts";
import type { HostAccess } from "./ssh";

export async function shell(args: string[]): Promise<number> {
    const hosts = readHosts();
    const name = args[0] ?? "";
    if (hosts[name] === undefined) {
        console.error(`No host "${name}". There are: ${Object.keys(hosts).join(", ") || "none; try make legacy"}.`);
        return 2;
    }
    return await runInside(["shell", name]);
}

export function openShell(access: HostAccess): Promise<number> {
    return new Promise((resolve, reject) => {
        const client = new Client();
        client.on("error", reject);
        client.on("ready", () => {
            const size = { cols: process.stdout.columns ?? 80, rows: process.stdout.rows ?? 24 };
            client.shell({ term: process.env.TERM ?? "xterm", ...size }, (error, stream) => {
                if (error) return reject(error);
                process.stdin.setRawMode?.(true);
                process.stdin.pipe(stream).pipe(process.stdout);
                stream.on("close", () => {
                    process.stdin.setRawMode?.(false);
                    client.end();
                    resolve(0);
                });
            });
        });
        const key = access.hostKey.split(" ")[1];
        client.connect({
            host: access.address,
            username: access.user,
            privateKey: access.privateKey,
            algorithms: { serverHostKey: ["ssh-ed25519"] },
            hostVerifier: (shown: Buffer) => shown.toString("base64") === key,
        });
    });
}
