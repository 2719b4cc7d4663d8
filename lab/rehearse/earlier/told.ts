// What users must write otherwise in their stack files, and whether CHANGELOG.md has told them since. Pure.
import { canonical } from "../proofs/compare";
import type { ConfigValues } from "../stackFile";

/** Each place that differs, as deep as it goes: "posit:operatingSystem.codename". A list is one place. */
export function changedPlaces(before: unknown, after: unknown, at = ""): string[] {
    if (canonical(before ?? null) === canonical(after ?? null)) return [];
    if (!isObject(before) || !isObject(after)) return [at];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
        .flatMap((key) => changedPlaces(before[key], after[key], at === "" ? key : `${at}.${key}`))
        .sort();
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a commit must change to get from one to the other. */
export function changesBetween(before: ConfigValues, after: ConfigValues): ConfigValues {
    const gone = Object.keys(before).filter((key) => !(key in after));
    return { ...after, ...Object.fromEntries(gone.map((key) => [key, undefined])) };
}

/** Digests of receipts that are published, and others than those that were accepted. */
export function otherReceipts(accepted: Record<string, string>, { receipts }: Published): Record<string, string> {
    const published = Object.entries(receipts).map(([name, receipt]) => [name, receipt?.digest] as const);
    return Object.fromEntries(
        published.filter((one): one is [string, string] => one[1] !== undefined && one[1] !== accepted[one[0]]),
    );
}

interface Published {
    receipts: { [name in "install" | "migrate"]?: { digest: string } };
}

/** What one text says and the other did not, by lines. */
export function added(before: string, after: string): string {
    const had = new Set(before.split("\n"));
    return after
        .split("\n")
        .filter((line) => !had.has(line))
        .join("\n");
}

/** Those places of which neither the path nor its last word stands in the text in backticks. */
export function untold(places: string[], text: string): string[] {
    const told = [...text.matchAll(/`([^`]+)`/g)].map(([, words]) => words);
    return places.filter((place) => {
        const path = place.replace(/^\w+:/, "");
        const names = [place, path, path.split(".").at(-1) ?? path];
        return !told.some((words) => names.some((name) => wordsOf(words).includes(name)));
    });
}

const wordsOf = (text: string): string[] => text.split(/[^\w.:-]+/).map((word) => word.replace(/[:.]$/, ""));
