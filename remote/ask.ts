// Asks a host something, at once and outside the engine's resources: scripts that answer one line of JSON. Every question has a time limit,
// since a disk or a file server that hangs would otherwise hang whoever asks.
import { HostState } from "../contract/host";
import { ProductId } from "../products/ids";
import { parseAnswer } from "./answer";
import { connect, HostAddress } from "./connection";
import { HostLayout, labelOf, renderScript, ScriptRequest } from "./script";
import type { AnswerOf, ScriptName } from "./scripts";

/** Longer than any question that only reads; the dial's own limit comes on top. */
const usualSeconds = 30;

export interface AskOptions {
    /** From the connection on; the host's script goes on when they are over. */
    seconds?: number;
    /** For each hop of the connection. */
    dialSeconds?: number;
}

/** Throws what the host said last when it can't answer, or that it did not answer in time, or what is wrong with its answer. */
export async function ask<S extends ScriptName>(
    target: HostAddress,
    request: ScriptRequest<S>,
    { seconds = usualSeconds, dialSeconds }: AskOptions = {},
): Promise<AnswerOf<S>> {
    const label = labelOf(request);
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
            connection.run(`sudo -n bash -s -- ${label}`, renderScript(request)),
            late,
        ]);
        if (exitCode !== 0) {
            throw new Error(`${target.address}: ${label} failed: ${lastLine(stderr) || "it ended without a word"}`);
        }
        return parseAnswer(request.script, `${target.address}: ${label}`, stdout);
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
    return ask(target, { script: "state", product, layout }, { seconds, dialSeconds });
}

function lastLine(text: string): string {
    return text.trim().split("\n").pop() ?? "";
}
