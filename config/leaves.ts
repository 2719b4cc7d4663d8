// Makers of the schema's leaves. Each has a rule in words and an example, so that no message is the schema library's own:
// parse.ts says "path: rule, for example …" of whatever is wrong.
import { z } from "zod";

/** What a leaf knows of itself beside `describe` and `caution`. */
export interface LeafWords {
    /** "must be …" */
    must: string;
    examples: unknown[];
}

/** Answers what is wrong with a text; undefined when nothing is. */
export type Check = (text: string) => string | undefined;

/**
 * @param must the rule, as "must be …".
 * @param example a text that is accepted; undefined for texts of many lines, whose rule says how they begin.
 * @param check a pattern, or what tells more exactly what is wrong.
 */
export function text(must: string, example: string | undefined, check: RegExp | Check): z.ZodString {
    const problem = check instanceof RegExp ? (value: string) => (check.test(value) ? undefined : must) : check;
    return z
        .string()
        .superRefine((value, context) => {
            const message = problem(value);
            if (message !== undefined) {
                context.addIssue({ code: "custom", message });
            }
        })
        .meta({
            must,
            ...(example !== undefined && { examples: [example] }),
            // For editors, whose expressions have no flags.
            ...(check instanceof RegExp && check.flags === "" && { pattern: check.source }),
        });
}

/** A whole number within bounds. */
export function whole(min: number, max: number, example: number): z.ZodNumber {
    return z
        .number()
        .int()
        .min(min)
        .max(max)
        .meta({ must: `must be a whole number from ${min} to ${max}`, examples: [example] });
}

/** Controls, line ends of any reader, halves of letters, and signs that turn the direction of reading: nothing that a person types. */
export const controlCharacters = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** Of a DNS name, between its dots. */
export const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const dnsPattern = new RegExp(`^(?=.{1,253}$)(${label}\\.)+(?!\\d+$)${label}$`);
export const dnsName = text("must be a lower-case DNS name", "connect.acme.com", (value) =>
    dnsPattern.test(value)
        ? undefined
        : value.split(".").some((part) => part.length > 63)
          ? "has a label of more than 63 letters, which DNS does not know"
          : "must be a lower-case DNS name of two labels at least",
);
