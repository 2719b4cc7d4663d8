// Asks a host something, at once and outside the engine's resources: scripts that only read and answer one line of JSON.
import { connect, HostAddress } from "./connection";
import { renderScript, ScriptRequest } from "./script";

/** Throws what the host said last when it can't answer. */
export async function ask<T>(target: HostAddress, request: ScriptRequest): Promise<T> {
    const label = [request.script, request.product].filter(Boolean).join(":");
    const connection = await connect(target);
    try {
        const { exitCode, stdout, stderr } = await connection.run(
            `sudo -n bash -s -- ${label}`,
            renderScript(request).text,
        );
        if (exitCode !== 0) {
            throw new Error(`${target.address}: ${label} failed: ${lastLine(stderr)}`);
        }
        return JSON.parse(lastLine(stdout)) as T;
    } finally {
        connection.close();
    }
}

function lastLine(text: string): string {
    return text.trim().split("\n").pop() ?? "";
}
