// What the templates say where a person has to say something: a stack file that still has it is not ready.
import { Problem } from "./explain";

/** Pulumi.prod.yaml and Pulumi.staging.yaml are written so that each value to replace has one of these. */
const signs: RegExp[] = [
    /REPLACEME/i,
    /…/,
    /^(i|ami|vol|tgw|fs)-0123456789abcdef/,
    /^Z0123456789ABCDEFGHIJ$/,
    /^arn:aws:kms:[a-z0-9-]*:111122223333:/,
    /\b00000000-0000-0000-0000-000000000000\b/,
];

export function placeholders(value: unknown, path: PropertyKey[] = []): Problem[] {
    if (typeof value === "string") {
        return signs.some((sign) => sign.test(value))
            ? [{ path, says: "is still the template's; put your own value here" }]
            : [];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => placeholders(item, [...path, index]));
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => placeholders(item, [...path, key]))
        : [];
}
