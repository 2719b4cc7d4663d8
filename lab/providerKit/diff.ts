// Compares what stands with what the program gives now; what the cloud derived is not looked at.
import type { ResourceType } from "./resource";
import { Properties } from "./values";

export interface Difference {
    /** Path such as "tags.Name". */
    path: string;
    kind: "add" | "delete" | "update";
    replace: boolean;
}

type Behaviour = Pick<ResourceType, "forceNew" | "optionalComputed" | "inputs" | "sets" | "replacing">;

/** `olds` is what was given last time; of a type that is answered from the cloud, what that said last. */
export function difference(type: Behaviour, olds: Properties, news: Properties): Difference[] {
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
        (key) => !key.startsWith("__") && (type.inputs?.includes(key) ?? true),
    );
    const alsoReplacing = type.replacing?.(olds, news) ?? [];
    return keys.flatMap((key) => {
        const filled = type.optionalComputed?.includes(key) ?? false;
        if (unchanged(type, key, olds[key], news[key], filled)) {
            return [];
        }
        const before = filled ? named(olds[key], news[key]) : olds[key];
        return paths(key, before, news[key]).map(({ path, kind }) => ({
            path,
            kind,
            replace: [...type.forceNew, ...alsoReplacing].some((one) => path === one || startsIn(path, one)),
        }));
    });
}

function unchanged(type: Behaviour, key: string, before: unknown, after: unknown, filled: boolean): boolean {
    if (absent(after) && filled) {
        return true;
    }
    // Terraform's older kind of state knows no difference between nothing and the zero of a type.
    if (type.inputs && isZero(before) && isZero(after)) {
        return true;
    }
    return type.sets?.includes(key) === true && sameSet(before, after);
}

const startsIn = (path: string, start: string): boolean => path.startsWith(`${start}.`) || path.startsWith(`${start}[`);

/** Of a block that the cloud completes, what the program names. */
export function named(before: unknown, after: unknown): unknown {
    return isMap(before) && isMap(after)
        ? Object.fromEntries(Object.entries(before).filter(([key]) => !absent(after[key])))
        : before;
}

function isZero(value: unknown): boolean {
    return absent(value) || value === false || value === "" || value === 0 || isEmpty(value);
}

const isEmpty = (value: unknown): boolean =>
    (Array.isArray(value) && value.length === 0) || (isMap(value) && Object.keys(value).length === 0);

function sameSet(before: unknown, after: unknown): boolean {
    if (!Array.isArray(before) || !Array.isArray(after)) {
        return false;
    }
    const sorted = (list: unknown[]) => list.map((item) => JSON.stringify(item)).sort();
    return same(sorted(before), sorted(after));
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

/** What stands is what was given, however it is written down. */
export const alike = (type: Behaviour, key: string, before: unknown, after: unknown): boolean =>
    same(before, after) ||
    (isZero(before) && isZero(after)) ||
    (type.sets?.includes(key) === true && sameSet(before, after));
