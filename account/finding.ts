// One line of the table: what was looked at, how it is, and what to do where it is wrong.

export interface AccountFinding {
    about: string;
    /** "open": could not be told, and `says` has the reason. */
    verdict: "ok" | "wrong" | "open";
    says: string;
    /** What to do; always where it is wrong. */
    remedy?: string;
}

export function ok(about: string, says: string): AccountFinding {
    return { about, verdict: "ok", says };
}

export function wrong(about: string, says: string, remedy: string): AccountFinding {
    return { about, verdict: "wrong", says, remedy };
}

export function open(about: string, why: string, remedy?: string): AccountFinding {
    return { about, verdict: "open", says: why, ...(remedy !== undefined && { remedy }) };
}
