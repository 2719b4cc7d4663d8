// How a stack says no: every unmet condition at once, before anything is registered.
import * as pulumi from "@pulumi/pulumi";
import { Refusal } from "../logic/refusal";

/** Ends the program with all reasons, when there are any. Nothing is changed or deleted by that. */
export function refuse(what: string, reasons: string[]): void {
    if (reasons.length > 0) {
        throw new Refusal(`${what}:\n${reasons.map((reason) => `  - ${reason}`).join("\n")}`);
    }
}

/** An accepted exception is said at every run until it is removed. */
export function warnOverrides(overrides: { gate: string; reason: string }[]): void {
    for (const { gate, reason } of overrides) {
        void pulumi.log.warn(`gate "${gate}" is overridden: ${reason}`);
    }
}
