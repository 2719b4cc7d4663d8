// Whether policies allow what was asked of the provider: type by type and operation by operation, by their actions alone.
import { actionsFor, providerCalls } from "./calls";
import type { Operation } from "./calls/calls";
import type { Policy } from "./policies";

/** A look-up is a `read`. */
export interface AskedOfProvider {
    token: string;
    operation: Operation;
}

/** A sentence for each that is not allowed; none where all is. */
export function notAllowed(asked: AskedOfProvider[], policies: Policy[]): string[] {
    const statements = policies.flatMap(({ Statement }) => Statement);
    const allowed = new Set(statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action));
    return asked.flatMap(({ token, operation }) => {
        if (providerCalls[token] === undefined) {
            return [`${token} is in no row of deploy/iam/calls`];
        }
        const missing = actionsFor(token, operation).filter((action) => !allowed.has(action));
        return missing.length === 0
            ? []
            : [`${operation} of ${token} needs ${missing.join(", ")}, which no policy allows`];
    });
}
