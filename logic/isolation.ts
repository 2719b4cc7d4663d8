// What of production a new host must not reach, as addresses and ports that it tries. Pure. A network of this program's own has no way there but by
// a rule, which the gate `isolation` sees; in one that is there already another's route or rule may lead on.
import type { ProductionOutputs } from "../contract/production";
import { byProduct, PerProduct, products } from "../products";
import { usualPorts } from "../products/endpoint";
import { NetworkPlace } from "./networkPlace";
import { ports } from "./ports";
import type { Answering } from "./publicEndpoints";
import { isOverridden } from "./unmet";

/** A type, since a script's variable takes rows of it. */
export type ProductionPlace = {
    /** In a person's words. */
    what: string;
    address: string;
    port: number;
};

interface IsolationQuestion {
    place: NetworkPlace;
    production: Pick<ProductionOutputs, "addresses"> | undefined;
    /** The environment's own addresses: they are production's once it serves and is current. */
    own: string[];
    answering: PerProduct<Answering>;
    overrides: { gate: string }[];
}

/** Where production publishes no addresses (an older version of its program), there is nothing to try. */
export function placesToTry({ place, production, own, answering, overrides }: IsolationQuestion): ProductionPlace[] {
    if (place.kind === "own" || isOverridden("isolation", overrides)) {
        return [];
    }
    return byProduct(production?.addresses ?? {}).flatMap(([product, addresses]) => {
        // New hosts listen where production does. The others are what a rule of an environment, or somebody's by hand, is likely to open.
        const tried = new Set([answering[product].port, ...Object.values(usualPorts), ...Object.values(ports)]);
        return addresses
            .filter((address) => !own.includes(address))
            .flatMap((address) =>
                [...tried].map((port) => ({ what: `production's ${products[product].title}`, address, port })),
            );
    });
}
