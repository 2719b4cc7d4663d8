// A condition that does not hold: the gate it belongs to, in words that say what to do. Only an override of that very gate lets it pass.
import type { ProductId } from "../products/ids";
import type { GateName } from "./gateNames";

/** Something to be looked up on a host, so that a refusal can say what would be lost. */
export interface Loss {
    side: string;
    product: ProductId;
    /** ISO 8601; empty: since that host serves. */
    since: string;
}

export interface Unmet {
    /** The name an override uses. */
    gate: GateName;
    condition: string;
    /** No override lets it pass. */
    firm?: boolean;
    losses?: Loss[];
}

export function isOverridden(gate: string, overrides: { gate: string }[]): boolean {
    return overrides.some((override) => override.gate === gate);
}

export function remaining(unmet: Unmet[], overrides: { gate: string }[]): Unmet[] {
    return unmet.filter(({ gate, firm }) => firm || !isOverridden(gate, overrides));
}

export function sentence({ gate, condition }: Unmet): string {
    return `[${gate}] ${condition}`;
}
