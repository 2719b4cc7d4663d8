// What the inventory found that this version does not carry, for people.
import type { Inventory } from "../contract/production";
import { byProduct, PerProduct, products } from "../products";

/** One line a finding, with what to do about it. */
export function notCarried(
    inventory: PerProduct<Inventory>,
    verdict: Inventory["findings"][number]["verdict"],
): string[] {
    return byProduct(inventory).flatMap(([product, { findings }]) =>
        findings
            .filter((finding) => finding.verdict === verdict)
            .map(({ code, detail, remedy }) => `${products[product].title} [${code}]: ${detail}; ${remedy}`),
    );
}
