// Makers of the schema's leaves. Each has a rule in words and an example, so that no message is the schema library's own:
// parse.ts says "path: rule, for example …" of whatever is wrong.
import { isIPv4 } from "node:net";
import { z } from "zod";
import { parseAddress } from "../logic/ranges";

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

const hostPattern = new RegExp(`^(?=.{1,253}$)(${label}\\.)*(?!\\d+$)${label}$`, "i");
/** An IPv4 address that a machine can have, or a host name. */
export const hostAddress = text("must be an IPv4 address or a host name", "10.1.0.12", (value) =>
    /^[\d.]+$/.test(value)
        ? usableAddress(value)
            ? undefined
            : "must be an IPv4 address that a host can have"
        : hostPattern.test(value)
          ? undefined
          : "must be an IPv4 address or a host name",
);

/** Neither this host, nor nobody, nor a group. */
export function usableAddress(value: string): boolean {
    const [first, second] = value.split(".").map(Number);
    return (
        isIPv4(value) &&
        parseAddress(value) !== undefined &&
        first !== 0 &&
        first !== 127 &&
        first < 224 &&
        !(first === 169 && second === 254)
    );
}

export const port = whole(1, 65_535, 22);

/** Root's scripts write paths into fstab, units and sed: no character that any of them reads as its own. */
export const absolutePath = pathLike("/var/lib/rstudio-connect");

export function pathLike(example: string): z.ZodString {
    const must = "must be an absolute path";
    return text(must, example, (value) => {
        if (!value.startsWith("/")) {
            return must;
        }
        if (!/^[A-Za-z0-9._+@/-]*$/.test(value)) {
            return "must be a path of letters, digits and . _ + @ - / only: it is written into fstab and units, which read blanks and other signs as their own";
        }
        if (value.length > 255) {
            return "is longer than 255 characters";
        }
        return value === "/" || !/^(\/(?!\.{1,2}(\/|$))[^/]+)+$/.test(value)
            ? "must be a plain path: below /, without `..`, `.`, `//` and a slash at the end"
            : undefined;
    });
}

/** Any name that Postgres takes; it is written into URLs encoded. */
export const postgresName = (example: string) =>
    text("must be a name in Postgres: one line of at most 63 bytes", example, (value) =>
        value === "" || controlCharacters.test(value) || Buffer.byteLength(value) > 63
            ? "must be a name in Postgres: one line of at most 63 bytes"
            : value.trim() !== value
              ? "has a blank at an end"
              : undefined,
    );
