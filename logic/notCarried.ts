// What the inventory found that this version does not carry, for people.
import type { Inventory } from "../contract/production";
import { ProductId, productIds, products } from "../products";

/** One line a finding, with what to do about it. */
export function notCarried(
    inventory: Record<ProductId, Inventory>,
    verdict: Inventory["findings"][number]["verdict"],
): string[] {
    return productIds.flatMap((product) =>
        inventory[product].findings
            .filter((finding) => finding.verdict === verdict)
            .map(({ code, detail, remedy }) => `${products[product].title} [${code}]: ${detail}; ${remedy}`),
    );
}
