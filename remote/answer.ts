// What a host answered, read by the schema that the register has for its script.
import type { z } from "zod";
import { AnswerOf, entryOf, ScriptName, scripts } from "./scripts";

/** Its last line, parsed; throws what is wrong with it, and nothing of an answer that is a secret. */
export function parseAnswer<S extends ScriptName>(script: S, what: string, stdout: string): AnswerOf<S> {
    const { answer, confidential } = entryOf(script);
    const line = stdout.trim().split("\n").pop() ?? "";
    const read = answer.safeParse(
        parsed(line, () => `${what} answered no JSON${confidential ? "" : `: ${line.slice(0, 80)}`}`),
    );
    if (!read.success) {
        throw new Error(`${what} answered something else than expected:\n${problems(read.error)}`);
    }
    return read.data as AnswerOf<S>;
}

/** Lines that are no events are some command's chatter. What we don't understand is a failure, by which its host opens: nobody waits for more. */
export function parseEvents(text: string): AnswerOf<"window">[] {
    return text.split("\n").flatMap((line): AnswerOf<"window">[] => {
        if (!line.startsWith("{")) {
            return [];
        }
        let value: unknown;
        try {
            value = JSON.parse(line);
        } catch {
            return [];
        }
        const read = scripts.window.answer.safeParse(value);
        const reason = () => `said something else than expected:\n${problems(read.error!)}`;
        return read.success
            ? [read.data]
            : typeof value === "object" && value !== null && "event" in value
              ? [{ event: "error", reason: reason() }]
              : [];
    });
}

function parsed(line: string, complaint: () => string): unknown {
    try {
        return JSON.parse(line);
    } catch {
        throw new Error(complaint());
    }
}

/** Where, and what was expected there; never what was found. */
function problems({ issues }: z.ZodError): string {
    return issues.map(({ path, message }) => `  - ${path.join(".") || "(whole)"}: ${message}`).join("\n");
}
