// Endpoints for tests, from a URL.
import { Endpoint, parseEndpoint } from "../../products/endpoint";

export function endpoint(url: string): Endpoint {
    const parsed = parseEndpoint(url);
    if (typeof parsed === "string") {
        throw new Error(`${url} ${parsed}`);
    }
    return parsed;
}
