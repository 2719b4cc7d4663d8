// A host behind real SSH that answers scripts as a test says. Runs nothing.
import { Server } from "ssh2";
import { seal } from "../../logic/secret";
import type { HostAddress } from "../../remote/connection";
import { generateKeyPair } from "../../lab/keyPair";

const keys = {
    host: generateKeyPair(),
    user: generateKeyPair(),
};

/** What it answers to a script ("record", with the program that was sent); an error for one that it fails at. */
export type Script = (name: string, program: string) => object | Error;

export interface ScriptedHost {
    target: HostAddress;
    stop: () => void;
}

export async function scriptedHost(script: Script): Promise<ScriptedHost> {
    const server = new Server({ hostKeys: [keys.host.private] }, (connection) => {
        // Small packets would wait for each other.
        (connection as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
        connection.on("authentication", (context) => context.accept());
        connection.on("error", () => undefined);
        connection.on("session", (accept) => {
            accept().on("exec", (acceptExec, _reject, { command }) => {
                const channel = acceptExec();
                let program = "";
                channel.on("data", (chunk: Buffer) => (program += chunk.toString()));
                channel.on("end", () => {
                    const answer = script(/ -- ([\w-]+)/.exec(command)?.[1] ?? "", program);
                    const failed = answer instanceof Error;
                    if (failed) channel.stderr.write(`${answer.message}\n`);
                    else channel.write(`${JSON.stringify(answer)}\n`);
                    channel.exit(failed ? 1 : 0);
                    channel.end();
                });
            });
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
        target: {
            address: "127.0.0.1",
            port: (server.address() as { port: number }).port,
            user: "admin",
            privateKey: seal(keys.user.private),
            hostKey: keys.host.public,
        },
        stop: () => server.close(),
    };
}
