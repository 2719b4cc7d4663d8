// Physical names that somebody else's rules apply to, made from parts of any length.
import { createHash } from "node:crypto";

const hashLength = 8;

export interface NameRules {
    /** Letters, hyphens and all. */
    longest: number;
    /** Always with a hash: two lists of parts never make one name, wherever a hyphen stands. */
    distinct?: boolean;
}

// terraform-provider-aws, internal/service/rds/subnet_group.go, holds a name to this; RDS itself would take upper case and lower it.
const subnetGroupName = /^[0-9a-z ._-]{1,255}$/;

/** One that was taken so far stays as it is, whatever hyphens it has: a new name is a new group under a standing server. */
export function rdsSubnetGroupName(parts: string[]): string {
    const wanted = parts.join("-");
    return subnetGroupName.test(wanted) ? wanted : rdsName(parts, { longest: 255 });
}

const server: NameRules = { longest: 63 };

/**
 * An identifier as RDS takes it (API reference, CreateDBInstance and CreateDBSnapshot): a-z, 0-9 and single hyphens, a letter first, no hyphen
 * last. Names that fit already stay as they are; what is too long, or had to be changed, gets a short hash of all parts, so that what was cut
 * off still tells two apart.
 */
export function rdsName(parts: string[], { longest, distinct }: NameRules = server): string {
    const wanted = parts.join("-");
    const safe = wanted
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^[^a-z]+/, "")
        .replace(/-$/, "");
    if (!distinct && safe === wanted && safe !== "" && safe.length <= longest) {
        return safe;
    }
    const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, hashLength);
    const kept = safe.slice(0, longest - hashLength - 1).replace(/-$/, "");
    return kept === "" ? `r-${hash}` : `${kept}-${hash}`;
}
