// What a move would lose: asked of the hosts themselves, before anything is registered.
import { HostMarker } from "../logic/captureState";
import { Changes, describeChanges, whyNotClosed } from "../logic/losses";
import { ProductId, productIds } from "../products";
import { ask } from "../remote/ask";
import { NamedSide } from "./sides";

/** One finding a product that is not closed as it was when the capture of that token was taken. A host that can't be asked is a finding. */
export async function openedSince(side: NamedSide, token: string): Promise<string[]> {
    const findings = await Promise.all(
        productIds.map(async (product) => {
            try {
                const { target } = side.hosts[product];
                const marker = await ask<HostMarker>(target, {
                    script: "record",
                    product,
                    variables: { TOKEN: token },
                });
                const opened = whyNotClosed(product, marker);
                return opened && { opened, changes: await changesOn(side, product, marker.frozenAt ?? "") };
            } catch (error) {
                return { opened: `${product} can't be asked whether it is still closed: ${(error as Error).message}` };
            }
        }),
    );
    return findings.flatMap((finding) =>
        finding ? [[finding.opened, finding.changes].filter(Boolean).join("; ")] : [],
    );
}

/** One line a product: what was changed on a side since it serves. */
export async function changedSinceServing(side: NamedSide): Promise<string[]> {
    return Promise.all(
        productIds.map((product) =>
            changesOn(side, product, "").catch(
                (error: Error) => `what changed on ${product} can't be told: ${error.message}`,
            ),
        ),
    );
}

async function changesOn(side: NamedSide, product: ProductId, since: string): Promise<string> {
    const { target, layout } = side.hosts[product];
    return describeChanges(
        await ask<Changes>(target, { script: "changes", product, layout, variables: { SINCE: since } }),
    );
}
