// Conditions between the settings of the production side.
import { z } from "zod";
import { serverOf } from "../databases";
import { captureNames } from "../logic/names";
import { byProduct } from "../products";
import { Between, doubles } from "./between";
import { usableAddress } from "./common";
import { equalNames } from "./environmentChecks";
import { Listed, listedChecks } from "./listedChecks";
import type { productionSchema } from "./production";

type Production = z.infer<typeof productionSchema>;

export function productionChecks(config: Production, secrets: unknown): Between[] {
    const listed = "stack" in config.current ? undefined : config.current;
    return [
        ...captureChecks(config),
        ...(listed ? sharedCaptureNames(config, listed) : []),
        ...(config.entryPoints ? equalNames("posit:entryPoints", config.entryPoints) : []),
        ...(listed && config.entryPoints?.kind === "route53" ? recordChecks(listed) : []),
        ...(config.serve !== "current" && config.entryPoints === undefined
            ? [
                  {
                      at: "posit:serve",
                      says: "without posit:entryPoints no name can be moved: production would be retired, and nobody led to the new side. Declare the three names first",
                      also: ["posit:entryPoints"],
                  },
              ]
            : []),
        ...doubles(config.environments, (name) => name).map(({ item, index }) => ({
            at: `posit:environments[${index}]`,
            says: `${item} stands there twice`,
        })),
        ...(listed ? listedChecks(listed, config, secrets) : []),
    ];
}

function captureChecks({ captures }: Production): Between[] {
    return [
        ...doubles(captures, ({ token }) => token).map(({ item }) => ({
            at: "posit:captures",
            says: `token ${item.token} stands there twice; a token names one capture`,
        })),
        ...captures
            .filter(({ notBefore, notAfter }) => notBefore && notAfter && Date.parse(notBefore) >= Date.parse(notAfter))
            .map(({ token }) => ({ at: "posit:captures", says: `${token}: notBefore must come before notAfter` })),
    ];
}

/** Names made of a token and something else, with hyphens between: two pairs can make one name. */
function sharedCaptureNames({ captures }: Production, current: Listed): Between[] {
    const tokens = [...new Set(captures.map(({ token }) => token))];
    const named = tokens.flatMap((token) => {
        const names = captureNames(token);
        return byProduct(current).flatMap(([product, { dataVolumes, databases }]) => {
            const mounts = [...new Set(dataVolumes.map(({ mount }) => mount))];
            return [
                names.record(product),
                ...mounts.flatMap((mount) => [
                    names.volume(product, mount),
                    names.warmUp(product, mount),
                    names.state(product, mount),
                ]),
                ...new Set(databases.flatMap((database) => serverOf(database) ?? []).map(names.server)),
            ].map((name) => ({ token, name }));
        });
    });
    const pairs = doubles(named, ({ name }) => name).filter(({ item, first }) => item.token !== first.token);
    return [...new Set(pairs.map(({ item, first }) => `${first.token} and ${item.token}`))].map((both) => ({
        at: "posit:captures",
        says: `tokens ${both} give two snapshots one name; take a token that is no beginning of the other`,
        also: ["posit:current"],
    }));
}

/** Names lead to addresses: an A record holds an IPv4 address. */
function recordChecks(current: Listed): Between[] {
    return byProduct(current)
        .filter(([, { publicAddress, address }]) => publicAddress === undefined && !usableAddress(address))
        .map(([product, { address }]) => ({
            at: `posit:current.${product}.publicAddress`,
            says: `is needed, since address is the name ${address}: the entry point's record holds an IPv4 address, where users come in; for example 10.6.0.12`,
            also: [`posit:current.${product}.address`],
        }));
}
