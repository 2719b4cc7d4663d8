// A company's own tags, by the rules of the services that are to take them.
import { z } from "zod";
import { companyTagLimit, ownTag } from "../logic/names";
import { text } from "./leaves";

// What both EC2 and RDS take (RDS API reference, Tag: letters, digits, blanks and _ . : / = + - @, 128 and 256 characters, no `aws:` or `rds:` in
// front; EC2 user guide, "Tag your Amazon EC2 resources": the same lengths, `aws:` in any case, more signs).
const letters = /^[\p{L}\p{N} _.:/=+@-]*$/u;
const reserved = /^(aws|rds):/i;

function problem(what: string, longest: number, value: string): string | undefined {
    return !letters.test(value)
        ? `must be ${what} of letters, digits, blanks and _ . : / = + - @: RDS takes no other signs`
        : [...value].length > longest
          ? `is longer than ${longest} characters`
          : value.trim() !== value
            ? "has a blank at an end"
            : reserved.test(value)
              ? "begins with aws: or rds:, which AWS keeps for itself"
              : undefined;
}

const key = text("must be a tag's key", "CostCenter", (value) =>
    value === ""
        ? "must be a tag's key: 1 to 128 characters"
        : ownTag(value)
          ? `is a key that this program uses itself (Project, Environment, ManagedBy, Name, posit:…)`
          : problem("a tag's key", 128, value),
);
const value = text("must be a tag's value", "4711", (given) => problem("a tag's value", 256, given));

export const companyTags = z
    .record(key, value)
    .superRefine((tags, context) => {
        if (Object.keys(tags).length > companyTagLimit) {
            context.addIssue({
                code: "custom",
                message: `are ${Object.keys(tags).length} tags; AWS takes 50 on a resource, and ${50 - companyTagLimit} are kept for this program's own: name ${companyTagLimit} at most`,
            });
        }
    })
    .optional()
    .describe(
        "Your company's own tags, on everything that can have any, root volumes too. What stands gets them in place; captured snapshots, and the root volumes of hosts that stand, keep those that they were made with.",
    )
    .meta({ must: 'must be tags, as `CostCenter: "4711"`' });
