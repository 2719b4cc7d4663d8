// How a stack says no: every unmet condition at once, before anything is registered.
import * as pulumi from "@pulumi/pulumi";
import { inspect } from "node:util";
import { Refusal } from "../logic/refusal";

/** Ends the program with all reasons, when there are any. Nothing is changed or deleted by that. */
export function refuse(what: string, reasons: string[]): void {
    if (reasons.length > 0) {
        throw refusal(what, reasons);
    }
}

export function refusal(what: string, reasons: string[]): Refusal {
    return new Refusal(`${what}:\n${reasons.map((reason) => `  - ${reason}`).join("\n")}`);
}

/** An accepted exception is said at every run until it is removed. */
export function warnOverrides(overrides: { gate: string; reason: string }[]): void {
    for (const { gate, reason } of overrides) {
        void pulumi.log.warn(`gate "${gate}" is overridden: ${reason}`);
    }
}

/** A refusal as what prints its message alone; a stack trace would hide what to do. Any other error as it is. */
export function plainly(error: unknown): unknown {
    if (!(error instanceof Refusal)) {
        return error;
    }
    const plain = new pulumi.RunError(error.message);
    // The SDK's runner also inspects every error, for its tracing; with all that a running program hangs on to that takes half a minute.
    Object.defineProperty(plain, inspect.custom, { value: () => error.message, enumerable: false });
    return plain;
}
