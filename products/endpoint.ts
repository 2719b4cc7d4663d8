// Where something answers over HTTP, as a value. A product has two: the public endpoint is what users type, the local one where it listens on its
// host. Only here is one written as a URL, or read from one.
import { isIPv4, isIPv6 } from "node:net";

/** With the port that a URL leaves out. */
export const usualPorts = { http: 80, https: 443 } as const;

export type Scheme = keyof typeof usualPorts;
export const schemes = Object.keys(usualPorts) as [Scheme, ...Scheme[]];

export interface Endpoint {
    scheme: Scheme;
    /** In lower case; an IPv6 address without brackets. */
    host: string;
    port: number;
}

/** "connect.example.com", "connect.example.com:3939", "[2001:db8::1]:3939": as a URL and a Host header have it. */
export function authorityOf({ scheme, host, port }: Endpoint): string {
    const place = host.includes(":") ? `[${host}]` : host;
    return port === usualPorts[scheme] ? place : `${place}:${port}`;
}

/** @param path with its slash; without one the URL has no slash at its end. */
export function urlOf(endpoint: Endpoint, path = ""): string {
    return `${endpoint.scheme}://${authorityOf(endpoint)}${path}`;
}

export function sameEndpoint(one: Endpoint, other: Endpoint): boolean {
    return one.scheme === other.scheme && one.host === other.host && one.port === other.port;
}

/** Whether a text is meant to be a URL. */
export function isUrl(text: string): boolean {
    return text.includes("://");
}

/** Of "https://connect.example.com" or "http://10.1.0.12:3939/", or what is wrong with it. */
export function parseEndpoint(text: string): Endpoint | string {
    const [, word, authority, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)(.*)$/s.exec(text) ?? [];
    const scheme = schemes.find((one) => one === word?.toLowerCase());
    if (scheme === undefined) {
        return `must begin with ${schemes.map((one) => `${one}://`).join(" or ")}`;
    }
    if (authority.includes("@")) {
        return "has a user or a password in it";
    }
    if (rest !== "" && rest !== "/") {
        return "has a path: a product has a name of its own, and answers at its root";
    }
    const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(authority) ?? [];
    const host = bracketed === undefined ? hostOf(plain ?? "") : addressOf(bracketed);
    if (host === undefined) {
        return "has no host name or address behind ://, or one that can't be";
    }
    const port = digits === undefined ? usualPorts[scheme] : /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
    return port < 1 || port > 65_535 ? "must have a port from 1 to 65535 behind the colon" : { scheme, host, port };
}

function hostOf(text: string): string | undefined {
    const host = text.toLowerCase();
    const name = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
    return (/(^|\.)\d+$/.test(host) ? isIPv4(host) : name.test(host)) ? host : undefined;
}

/** In the one spelling that URLs have for it. */
function addressOf(text: string): string | undefined {
    return isIPv6(text) && !text.includes("%") ? new URL(`http://[${text}]`).hostname.slice(1, -1) : undefined;
}
