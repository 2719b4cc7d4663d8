// A load balancer between the three names and the hosts of both sides, with people who change it by hand: real DNS and HTTP on this machine.
// Behind it a host answers as it stands. Does not prove what a real balancer answers while none of its hosts does.
import { perProduct, ProductId, productIds } from "../../products";
import { playedNames } from "./playedNames";

type Side = "old" | "new";

export interface PlayedBalancer {
    /** In a stack file's words. */
    entryPoints: Record<string, unknown>;
    /** By product; changed by a person. */
    readonly leads: Record<ProductId, Side>;
    /** How often each name was asked since somebody set this; with it people do what they do. */
    asked: Record<ProductId, number>;
    /** Called at each question; usual: the one person who is there leads a name to the side that is open, once it answers nothing twice. */
    person: (product: ProductId) => void;
    stop(): void;
}

export async function playedBalancer(
    nameOf: (product: ProductId) => string,
    standing: (side: Side, product: ProductId) => string,
): Promise<PlayedBalancer> {
    const opens = (side: Side, product: ProductId) => standing(side, product) === "serving";
    const names = await playedNames((name) => {
        const product = productIds.find((id) => nameOf(id) === name)!;
        balancer.asked[product] += 1;
        balancer.person(product);
        return { status: opens(balancer.leads[product], product) ? 200 : 503 };
    });
    productIds.forEach((product) => (names.addresses[nameOf(product)] = ["127.0.0.9"]));
    const balancer: PlayedBalancer = {
        entryPoints: { kind: "external", ...perProduct(nameOf), port: names.port, patienceMinutes: 1 },
        leads: perProduct(() => "old"),
        asked: perProduct(() => 0),
        person: (product) => {
            const other = balancer.leads[product] === "old" ? "new" : "old";
            if (
                opens(other, product) &&
                !opens(balancer.leads[product], product) &&
                balancer.asked[product] % 2 === 0
            ) {
                balancer.leads[product] = other;
            }
        },
        stop: () => names.stop(),
    };
    return balancer;
}
