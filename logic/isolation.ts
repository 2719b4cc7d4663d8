// What of production a new host must not reach, as addresses and ports that it tries. Pure. A network of this program's own has no way there but by
// a rule, which the gate `isolation` sees; in one that is there already another's route or rule may lead on.
import type { EnvironmentConfig } from "../config/schema";
import type { EnvironmentOutputs } from "../contract/environment";
import type { ProductionOutputs } from "../contract/production";
import { byProduct, PerProduct, ProductId, products } from "../products";
import { usualPorts } from "../products/endpoint";
import { NetworkPlace } from "./networkPlace";
import { ports } from "./ports";
import type { Answering } from "./publicEndpoints";
import { isOverridden, Unmet } from "./unmet";

/** A type, since a script's variable takes rows of it. */
export type ProductionPlace = {
    /** In a person's words. */
    what: string;
    address: string;
    port: number;
};

interface IsolationQuestion {
    place: NetworkPlace;
    production: Pick<ProductionOutputs, "addresses" | "databaseServers"> | undefined;
    /** The environment's own addresses: they are production's once it serves and is current. */
    own: string[];
    answering: PerProduct<Answering>;
    overrides: { gate: string }[];
}

/** Of what production says of itself; what it does not say is `untoldPlaces`. */
export function placesToTry({ place, production, own, answering, overrides }: IsolationQuestion): ProductionPlace[] {
    if (place.kind === "own" || isOverridden("isolation", overrides)) {
        return [];
    }
    const hosts = byProduct(production?.addresses ?? {}).flatMap(([product, addresses]) => {
        // New hosts listen where production does. The others are what a rule of an environment, or somebody's by hand, is likely to open.
        const tried = new Set([answering[product].port, ...Object.values(usualPorts), ...Object.values(ports)]);
        return addresses.flatMap((address) => [...tried].map((port) => ({ what: hostWords(product), address, port })));
    });
    return [...hosts, ...serverPlaces(production)].filter(({ address }) => !own.includes(address));
}

/** Production's hosts and database servers, to be held against ranges. */
export function productionPlaces(production: IsolationQuestion["production"]): Omit<ProductionPlace, "port">[] {
    const hosts = byProduct(production?.addresses ?? {}).flatMap(([product, addresses]) =>
        addresses.map((address) => ({ what: hostWords(product), address })),
    );
    return [...hosts, ...serverPlaces(production).map(({ what, address }) => ({ what, address }))];
}

function serverPlaces(production: IsolationQuestion["production"]): ProductionPlace[] {
    return (production?.databaseServers ?? []).flatMap(({ server, address, port }) =>
        address === undefined ? [] : [{ what: serverWords(server), address, port }],
    );
}

const hostWords = (product: ProductId) => `production's ${products[product].title}`;
const serverWords = (server: string) => `production's database server ${server}`;

/** What nobody could try, since production's last `up` did not say where it is. */
export function untoldPlaces({ addresses, databaseServers }: NonNullable<IsolationQuestion["production"]>): string[] {
    return [
        ...(addresses ? [] : ["production's hosts"]),
        ...(databaseServers
            ? databaseServers.flatMap(({ server, address }) => (address === undefined ? [serverWords(server)] : []))
            : ["production's database servers"]),
    ];
}

interface UntoldQuestion {
    config: EnvironmentConfig;
    place: NetworkPlace;
    production: IsolationQuestion["production"];
    /** Its last outputs: absent until it stands. */
    own?: Pick<EnvironmentOutputs, "phase" | "restored">;
}

/** Whether this `up` puts a content where none was: install, or a capture's. Only then somebody tries. */
const tries = ({ config, own }: UntoldQuestion) => own?.phase !== config.phase || own.restored !== config.restore;

/** In a network that is there nothing but the try tells. Without any outputs of production there is no capture either, so that a try will come. */
export function checkUntold(question: UntoldQuestion): Unmet[] {
    const { place, production } = question;
    const untold = production && place.kind === "existing" && tries(question) ? untoldPlaces(production) : [];
    return untold.length === 0
        ? []
        : [
              {
                  gate: "isolation",
                  condition: `posit:network.existing: production has not published where ${untold.join(" and ")} can be reached, so that no new host could try. Run \`pulumi up\` of the production stack with this version of the program first, and mend what it warns of; or leave the try out with posit:overrides: [{gate: isolation, reason: …}]`,
              },
          ];
}

/** What is only said: nobody is kept from an environment that has a network of its own, or no production yet. */
export function untoldWarning(question: UntoldQuestion): string | undefined {
    const { place, production } = question;
    if (!tries(question)) {
        return undefined;
    }
    if (production === undefined) {
        return place.kind === "own"
            ? undefined
            : "production has published nothing, so new hosts do not try whether they reach it; they will before a capture is restored";
    }
    const untold = place.kind === "own" ? untoldPlaces(production) : [];
    return untold.length === 0
        ? undefined
        : `production has not published where ${untold.join(" and ")} can be reached, so that posit:network is not held against it: run \`pulumi up\` of the production stack with this version of the program, then of this one`;
}
