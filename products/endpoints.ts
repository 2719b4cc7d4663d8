// The endpoints of products: which port is a product's own, and what users type where a name alone is written.
import { products } from "./descriptions";
import { Endpoint, isUrl, parseEndpoint } from "./endpoint";
import { ProductId } from "./ids";

/** Where a product listens when nobody says otherwise. */
export function usualPort(product: ProductId): number {
    return products[product].port;
}

/** On its own host: products serve plain HTTP in this version. */
export function localEndpoint(host: string, port: number): Endpoint {
    return { scheme: "http", host, port };
}

/**
 * "connect.example.com" is where the product itself answers; a URL says all of it. Of what configuration has accepted.
 * @param port where the product listens.
 */
export function publicEndpoint(text: string, port: number): Endpoint {
    const endpoint = isUrl(text) ? parseEndpoint(text) : localEndpoint(text, port);
    if (typeof endpoint === "string") {
        throw new Error(`${text} ${endpoint}`);
    }
    return endpoint;
}

/** Users can't come to the product itself there: something in front of it must answer, and lead on. */
export function isFronted({ scheme, port }: Endpoint, local: number): boolean {
    return scheme !== "http" || port !== local;
}
