// How a database sorts and what it takes for letters, and what a fresh one on RDS is given for it (decision 30). Names are glibc's: the part behind
// the dot is compared without case and punctuation there (glibc manual, "Locale Names"), so `en_US.utf8` and `en_US.UTF-8` are one.
import { z } from "zod";

/** As pg_database has it: hosts/lib/postgres.sh asks. */
export const databaseLocale = z.object({
    /** "UTF8" */
    encoding: z.string(),
    /** LC_COLLATE */
    collate: z.string(),
    /** LC_CTYPE */
    ctype: z.string(),
    /** Who sorts: `c`, the C library; `i`, ICU (from Postgres 15 on); `b`, Postgres itself (from 17 on). */
    provider: z.string(),
    /** Of ICU and of Postgres' own. */
    locale: z.string(),
});
export type DatabaseLocale = z.infer<typeof databaseLocale>;

/** By the provider's names. */
export interface FreshLocale {
    encoding: string;
    lcCollate: string;
    lcCtype: string;
}

/** Of RDS's own databases, and where nobody noted the source's. */
const usual = "en_US.UTF-8";

/** Every Postgres has it (Postgres documentation, 24.2.2, "Standard Collations"). */
const byBytes = "C";

/**
 * What a fresh database is made with. All is UTF-8 there, as pg_restore converts what is not; only bytes of no known encoding stay such. A locale
 * that sorts by code point sorts UTF-8 as bytes do, and not every server has one by the name of C.UTF-8.
 */
export function freshLocale(source: DatabaseLocale | undefined): FreshLocale {
    if (source === undefined || unlikeFresh(source) !== undefined) {
        return { encoding: "UTF8", lcCollate: usual, lcCtype: usual };
    }
    if (source.encoding === "SQL_ASCII") {
        return { encoding: "SQL_ASCII", lcCollate: byBytes, lcCtype: byBytes };
    }
    if (source.provider === "b") {
        return { encoding: "UTF8", lcCollate: byBytes, lcCtype: source.locale === byBytes ? byBytes : usual };
    }
    return {
        encoding: "UTF8",
        lcCollate: sortsByBytes(source.collate) ? byBytes : utf8Name(source.collate),
        lcCtype: isPlain(source.ctype) ? byBytes : isCodePoints(source.ctype) ? usual : utf8Name(source.ctype),
    };
}

/** Why a fresh database can't sort as its source does; `undefined` where it can. */
export function unlikeFresh({ provider, locale, collate, ctype }: DatabaseLocale): string | undefined {
    if (provider === "i") {
        return `sorts by ICU's ${locale}`;
    }
    const foreign = provider === "c" ? [collate, ctype].find((name) => !isKnown(name)) : undefined;
    return foreign === undefined ? undefined : `has the locale ${foreign}, which is none of Linux`;
}

/** "de_DE.UTF-8@euro": language, territory, encoding, variant. */
const parts = /^([a-z]{2,3}_[A-Z]{2})(?:\.[A-Za-z0-9-]+)?(@[A-Za-z0-9]+)?$/;

const isPlain = (name: string) => name === "C" || name === "POSIX";
const isCodePoints = (name: string) => /^C\.utf-?8$/i.test(name);
const sortsByBytes = (name: string) => isPlain(name) || isCodePoints(name);
const isKnown = (name: string) => sortsByBytes(name) || parts.test(name);
const utf8Name = (name: string) =>
    name.replace(parts, (_all, language: string, variant = "") => `${language}.UTF-8${variant}`);
