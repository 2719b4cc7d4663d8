// What a fresh database is given of its source's order. Does not prove that a server of RDS has the locale (an account), nor that Postgres sorts so.
import { strict as assert } from "node:assert";
import { DatabaseLocale, freshLocale, unlikeFresh } from "../../../databases/locale";

const libc = (collate: string, ctype = collate, encoding = "UTF8"): DatabaseLocale => ({
    ...{ encoding, collate, ctype },
    ...{ provider: "c", locale: "" },
});

describe("a fresh database", () => {
    const given: [DatabaseLocale | undefined, string, string, string][] = [
        [undefined, "UTF8", "en_US.UTF-8", "en_US.UTF-8"],
        [libc("en_US.UTF-8"), "UTF8", "en_US.UTF-8", "en_US.UTF-8"],
        [libc("en_US.utf8"), "UTF8", "en_US.UTF-8", "en_US.UTF-8"],
        [libc("de_DE.UTF8@euro", "de_DE.utf-8"), "UTF8", "de_DE.UTF-8@euro", "de_DE.UTF-8"],
        [libc("C"), "UTF8", "C", "C"],
        [libc("POSIX", "en_US.utf8"), "UTF8", "C", "en_US.UTF-8"],
        // Code points in UTF-8 sort as their bytes do; letters are those of any language.
        [libc("C.UTF-8"), "UTF8", "C", "en_US.UTF-8"],
        [libc("C.utf8"), "UTF8", "C", "en_US.UTF-8"],
        [libc("fr_FR", "fr_FR.ISO-8859-1", "LATIN1"), "UTF8", "fr_FR.UTF-8", "fr_FR.UTF-8"],
        [libc("en_US.UTF-8", "en_US.UTF-8", "SQL_ASCII"), "SQL_ASCII", "C", "C"],
        [{ ...libc("en_US.UTF-8"), provider: "b", locale: "C.UTF-8" }, "UTF8", "C", "en_US.UTF-8"],
        [{ ...libc("en_US.UTF-8"), provider: "b", locale: "C" }, "UTF8", "C", "C"],
    ];
    for (const [source, encoding, lcCollate, lcCtype] of given) {
        it(`sorts as ${source ? `${source.provider} ${source.collate} ${source.ctype} ${source.encoding}` : "RDS's own where nobody knows"}`, () => {
            assert.deepEqual(freshLocale(source), { encoding, lcCollate, lcCtype });
            assert.equal(source && unlikeFresh(source), undefined);
        });
    }

    it("says where it can't sort as its source, and sorts as RDS's own then", () => {
        for (const [source, why] of [
            [{ ...libc("en_US.UTF-8"), provider: "i", locale: "de-AT" }, /ICU's de-AT/],
            [libc("English_United States.1252"), /English_United States\.1252, which is none of Linux/],
            [libc("en_US.UTF-8", "german"), /german/],
        ] as const) {
            assert.match(unlikeFresh(source) ?? "", why);
            assert.equal(freshLocale(source).lcCollate, "en_US.UTF-8");
        }
    });
});
