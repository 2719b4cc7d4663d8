// A moto server for one test file: AWS's API as far as moto knows it, on this machine, empty again whenever a test wants it.
import { ChildProcess, spawn } from "node:child_process";
import * as net from "node:net";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { programOf } from "../conformance/python";

export interface Moto {
    url: string;
    /** Forgets everything. */
    reset(): Promise<void>;
    /** From now on policies count. */
    enforce(): Promise<void>;
    stop(): void;
}

export async function startMoto(): Promise<Moto> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const process = spawn(programOf("moto_server"), ["-H", "127.0.0.1", "-p", String(port)], {
        stdio: "ignore",
        // One image instead of moto's own forty, each with a snapshot.
        env: { PATH: "/usr/bin:/bin", MOTO_AMIS_PATH: path.join(__dirname, "images.json") },
    });
    await answering(url, process);
    const post = async (place: string, body = "") => {
        const { ok, status } = await fetch(`${url}/moto-api/${place}`, { method: "POST", body });
        if (!ok) throw new Error(`moto answered ${status} to ${place}`);
    };
    return {
        url,
        reset: async () => {
            await post("reset-auth", "Infinity");
            await post("reset");
        },
        enforce: () => post("reset-auth", "0"),
        stop: () => process.kill(),
    };
}

async function answering(url: string, { exitCode }: ChildProcess): Promise<void> {
    for (let tries = 0; tries < 600 && exitCode === null; tries++) {
        const there = await fetch(`${url}/moto-api/data.json`).then(
            () => true,
            () => false,
        );
        if (there) return;
        await pause(100);
    }
    throw new Error("moto does not answer");
}

export function freePort(): Promise<number> {
    return new Promise((resolve, reject) => {
        const listening = net.createServer().listen(0, "127.0.0.1", () => {
            const { port } = listening.address() as net.AddressInfo;
            listening.close(() => resolve(port));
        });
        listening.once("error", reject);
    });
}
