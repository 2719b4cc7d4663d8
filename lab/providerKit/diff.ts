// Compares what the program gave last time with what it gives now; what the cloud derived is not looked at.
import { ResourceType } from "./resource";
import { Properties } from "./values";

export interface Difference {
    /** Path such as "tags.Name". */
    path: string;
    kind: "add" | "delete" | "update";
    replace: boolean;
}

export function difference(
    type: Pick<ResourceType, "forceNew" | "optionalComputed">,
    olds: Properties,
    news: Properties,
): Difference[] {
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((key) => !key.startsWith("__"));
    return keys.flatMap((key) => {
        const [before, after] = [olds[key], news[key]];
        if (absent(after) && type.optionalComputed?.includes(key)) {
            return [];
        }
        const replace = type.forceNew.includes(key);
        return paths(key, before, after).map(({ path, kind }) => ({ path, kind, replace }));
    });
}

function paths(path: string, before: unknown, after: unknown): Pick<Difference, "path" | "kind">[] {
    if (same(before, after)) {
        return [];
    }
    if (absent(before)) {
        return [{ path, kind: "add" }];
    }
    if (absent(after)) {
        return [{ path, kind: "delete" }];
    }
    if (isMap(before) && isMap(after)) {
        const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
        return keys.flatMap((key) =>
            paths(/^\w+$/.test(key) ? `${path}.${key}` : `${path}["${key}"]`, before[key], after[key]),
        );
    }
    return [{ path, kind: "update" }];
}

function absent(value: unknown): boolean {
    return value === undefined || value === null;
}

function isMap(value: unknown): value is Properties {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Key order does not matter; absent and null are the same. */
export function same(a: unknown, b: unknown): boolean {
    if (absent(a) || absent(b)) {
        return absent(a) && absent(b);
    }
    if (Array.isArray(a) && Array.isArray(b)) {
        return a.length === b.length && a.every((item, index) => same(item, b[index]));
    }
    if (isMap(a) && isMap(b)) {
        return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same(a[key], b[key]));
    }
    return a === b;
}
