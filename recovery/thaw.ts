// Opens production from outside, whatever became of the program: asks each host itself, in the order in which the products depend
// on each other, and believes only a product that answers. Idempotent: an open host is only looked at.
import { ProductId, productIds } from "../products/ids";
import { ask } from "../remote/ask";
import { HostAddress } from "../remote/connection";

export interface ThawOptions {
    /** Opens a retired side too. Another side serves then, and what is written here is lost. */
    evenRetired: boolean;
    log: (line: string) => void;
}

interface Answer {
    /** "opened" now, "open" before, "retired", or "down" although nothing keeps it closed. */
    state: "opened" | "open" | "retired" | "down";
    /** What to know about it. */
    note?: string;
}

/** Answers whether every product is open; says why not. */
export async function thaw(hosts: Record<ProductId, HostAddress>, options: ThawOptions): Promise<boolean> {
    let open = true;
    for (const product of productIds) {
        try {
            const answer = await thawOne(hosts[product], product, options);
            options.log(
                `${product} (${hosts[product].address}): ${answer.state}${answer.note ? `, ${answer.note}` : ""}`,
            );
            open &&= answer.state === "opened" || answer.state === "open";
        } catch (error) {
            options.log(`${product}: ${(error as Error).message}`);
            open = false;
        }
    }
    return open;
}

async function thawOne(target: HostAddress, product: ProductId, { evenRetired }: ThawOptions): Promise<Answer> {
    const answer = await ask<Answer>(target, { script: "reopen", product, variables: { REASON: "by-hand" } });
    if (answer.state !== "retired" || !evenRetired) {
        return answer;
    }
    await ask(target, { script: "serve", product, variables: { ACTION: "revive" } });
    return { state: "opened", note: "it was retired; see that no user works on the other side any longer" };
}
