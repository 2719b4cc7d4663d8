// Where an environment's products answer, to users and on their hosts, and what of that can't be served: from its configuration, and from what
// production's own configuration says.
import type { EnvironmentConfig } from "../config/schema";
import type { EnvironmentOutputs } from "../contract/environment";
import type { Inventory } from "../contract/production";
import { byProduct, mapProducts, PerProduct, perProduct, ProductId, products } from "../products";
import { Endpoint, parseEndpoint, sameEndpoint, urlOf } from "../products/endpoint";
import { isFronted, publicEndpoint, usualPort } from "../products/endpoints";

export interface Answering {
    /** What users type. */
    endpoint: Endpoint;
    /** Where the product listens on its host. */
    port: number;
    /** The address of what answers in front of the product, where users don't come to the product itself. */
    front?: string;
}

/**
 * Each product listens where it does in production, so that what is written for one side holds on the other.
 * @param kept the ports of an environment that stands (`keptPorts`).
 */
export function answeringOf(
    config: Pick<EnvironmentConfig, "names" | "front">,
    inventory: PerProduct<Inventory> | undefined,
    kept?: PerProduct<number>,
): PerProduct<Answering> {
    return perProduct((product) => {
        const port = kept?.[product] ?? listenPort(product, inventory?.[product]);
        const endpoint = publicEndpoint(config.names[product], port);
        return { endpoint, port, ...(isFronted(endpoint, port) && { front: config.front }) };
    });
}

/**
 * Of an environment that goes on with the capture that it has: it may serve, so nothing that production says by now moves its products to another
 * port. `undefined` of any other.
 */
export function keptPorts(
    { phase, restore }: Pick<EnvironmentConfig, "phase" | "restore">,
    own: EnvironmentOutputs | undefined,
): PerProduct<number> | undefined {
    return phase === "migrate" && own?.restored !== undefined && own.restored === restore
        ? mapProducts(own.hosts, ({ local }) => local.port)
        : undefined;
}

/** What an older version of this program has read says nothing of it. */
export function listenPort(product: ProductId, inventory: Inventory | undefined): number {
    const plain = inventory?.endpoints?.listens.find(({ scheme }) => scheme === "http");
    return plain?.port ?? usualPort(product);
}

/** What keeps an environment from being built: users would find nothing where they are told to come. */
export function unserved({ names, front }: EnvironmentConfig, answering: PerProduct<Answering>): string[] {
    const fronted = byProduct(answering).filter(([, { endpoint, port }]) => isFronted(endpoint, port));
    return [
        ...fronted
            .filter(() => front === undefined)
            .map(
                ([product, { endpoint, port }]) =>
                    `posit:names.${product}: ${urlOf(endpoint)} is not where ${products[product].title} itself answers, which is plain HTTP on port ${port} of its host: write \`${endpoint.host}\` alone if users are to come there, or set posit:front to the address at which something answers in front of the new hosts`,
            ),
        ...(front !== undefined && fronted.length === 0
            ? [
                  `posit:front: no name leads there, since each of ${byProduct(names)
                      .map(([, name]) => name)
                      .join(
                          ", ",
                      )} is where its product itself answers; write what users type as a URL, or take posit:front away`,
              ]
            : []),
    ];
}

/** That a product is told one address and its users another, of what production itself says. */
export interface AddressConflict {
    product: ProductId;
    detail: string;
}

/**
 * Production's own configuration has a public address, and its entry points lead users to one: where an environment's is another, links in mails
 * and pages, sign-in and packages lead elsewhere.
 */
export function addressConflicts(
    answering: PerProduct<Answering>,
    inventory: PerProduct<Inventory>,
    entryPoints: PerProduct<Endpoint> | undefined,
): AddressConflict[] {
    return byProduct(answering).flatMap(([product, { endpoint }]) => {
        const told = inventory[product].endpoints?.address ?? "";
        const led = entryPoints?.[product];
        return [
            ...(told === "" || isAddress(told, endpoint)
                ? []
                : [
                      {
                          product,
                          detail: `its configuration in production says that it is at ${told} (Server.Address), and posit:names.${product} makes it ${urlOf(endpoint)}; write what users type there, in both`,
                      },
                  ]),
            ...(led === undefined || sameEndpoint(led, endpoint)
                ? []
                : [
                      {
                          product,
                          detail: `posit:entryPoints of production leads users to ${urlOf(led)}, and posit:names.${product} makes it ${urlOf(endpoint)}; write what users type there, in both`,
                      },
                  ]),
        ];
    });
}

/** Of what a host says; text that is no endpoint is no such address. */
function isAddress(told: string, endpoint: Endpoint): boolean {
    const parsed = parseEndpoint(told);
    return typeof parsed !== "string" && sameEndpoint(parsed, endpoint);
}

/** The inventory, with a finding for each product whose own configuration has another public address than users are led to. */
export function withAddressFindings(
    inventory: PerProduct<Inventory>,
    entryPoints: PerProduct<Endpoint> | undefined,
): PerProduct<Inventory> {
    return mapProducts(inventory, (read, product) => {
        const told = read.endpoints?.address ?? "";
        const led = entryPoints?.[product];
        return told === "" || led === undefined || isAddress(told, led)
            ? read
            : {
                  ...read,
                  findings: [
                      ...read.findings,
                      {
                          code: "other-address",
                          verdict: "declare" as const,
                          detail: `its configuration says that it is at ${told} (Server.Address), and posit:entryPoints leads users to ${urlOf(led)}`,
                          remedy: "set Server.Address, or posit:entryPoints, to what users type (docs/entry-points.md)",
                      },
                  ],
              };
    });
}
