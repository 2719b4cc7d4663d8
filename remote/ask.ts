// Asks a host something, at once and outside the engine's resources: scripts that answer one line of JSON. Every question has a time limit,
// since a disk or a file server that hangs would otherwise hang whoever asks.
import { z } from "zod";
import { HostState, hostStateSchema } from "../contract/host";
import { ProductId } from "../products/ids";
import { connect, HostAddress } from "./connection";
import { HostLayout, renderScript, ScriptRequest } from "./script";

/** Longer than any question that only reads; the dial's own limit comes on top. */
const usualSeconds = 30;

export interface AskOptions<T> {
    /** What the answer must be. */
    schema?: z.ZodType<T>;
    /** From the connection on; the host's script goes on when they are over. */
    seconds?: number;
    /** For each hop of the connection. */
    dialSeconds?: number;
}

/** Throws what the host said last when it can't answer, or that it did not answer in time, or what is wrong with its answer. */
export async function ask<T>(target: HostAddress, request: ScriptRequest, options: AskOptions<T> = {}): Promise<T> {
    const { schema, seconds = usualSeconds, dialSeconds } = options;
    const label = [request.script, request.product].filter(Boolean).join(":");
    const connection = await connect(target, { dialSeconds });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(
            () => reject(new Error(`${target.address}: ${label} did not answer within ${seconds} s`)),
            seconds * 1000,
        );
    });
    try {
        const { exitCode, stdout, stderr } = await Promise.race([
            connection.run(`sudo -n bash -s -- ${label}`, renderScript(request).text),
            late,
        ]);
        if (exitCode !== 0) {
            throw new Error(`${target.address}: ${label} failed: ${lastLine(stderr) || "it ended without a word"}`);
        }
        return parsed(`${target.address}: ${label}`, lastLine(stdout), schema);
    } finally {
        clearTimeout(timer);
        connection.close();
    }
}

/** How the host stands, by its own account. */
export function askState(
    target: HostAddress,
    product: ProductId,
    layout?: HostLayout,
    seconds?: number,
    dialSeconds?: number,
): Promise<HostState> {
    return ask(target, { script: "state", product, layout }, { schema: hostStateSchema, seconds, dialSeconds });
}

function parsed<T>(what: string, text: string, schema: z.ZodType<T> | undefined): T {
    let value: unknown;
    try {
        value = JSON.parse(text);
    } catch {
        throw new Error(`${what} answered no JSON: ${text.slice(0, 80)}`);
    }
    if (!schema) {
        return value as T;
    }
    const read = schema.safeParse(value);
    if (!read.success) {
        throw new Error(`${what} answered something else than expected: ${z.prettifyError(read.error)}`);
    }
    return read.data;
}

function lastLine(text: string): string {
    return text.trim().split("\n").pop() ?? "";
}
