// Texts of gcfg files, made at random from all that the format knows, and from what it does not.
import * as fc from "fast-check";

/** Few names, so that sections and keys come again; in all letters, the odd s and k included. */
const sectionWord = fc.constantFrom(
    "Server",
    "Server",
    "server",
    "SERVER",
    "\u017ferver",
    "Git",
    "git",
    "A-1",
    "R",
    "Ümlaut",
);
const keyWord = fc.constantFrom(
    "Listen",
    "Listen",
    "LISTEN",
    "Li\u017ften",
    "Key",
    "key",
    "\u212aey",
    "K-2",
    "x",
    "größe",
);
const switchWord = fc.constantFrom("Enabled", "enabled", "Flag");
const names = ["CRAN", "cran", 'a "quoted" \\ one', "zwei Wörter", "#;", "]"];
export const sectionName = fc.constantFrom(...names);

const blank = fc.constantFrom("", " ", "\t", "  \t ");
const comment = fc
    .tuple(fc.constantFrom(";", "#"), fc.constantFrom("", " note", ' "open', " back\\", " [Server]", " Key = 1"))
    .map((parts) => parts.join(""));
const tail = fc.oneof(
    { weight: 3, arbitrary: blank },
    fc.tuple(blank, comment).map((parts) => parts.join("")),
);

const bare = fc.constantFrom("a", "/opt/R/4.4.1/bin/R", ":4242", "=", "x=y", "[b]", "ä", "\u2028", "a b", "]", "0");
const quoted = fc
    .array(fc.constantFrom("a", " ", ";", "#", '\\"', "\\\\", "\\n", "\\t", "[x]", "ö", "=", "\t", "'"), {
        maxLength: 6,
    })
    .map((parts) => `"${parts.join("")}"`);
const continued = fc.constantFrom("\\\n", "\\\r\n", '\\"', '\\\r"');
export const value = fc
    .array(fc.oneof({ weight: 3, arbitrary: bare }, quoted, blank, continued), { maxLength: 5 })
    .map((parts) => parts.join(""));

const escaped = (name: string) => name.replace(/(["\\])/g, "\\$1");
const header = fc
    .tuple(blank, sectionWord, fc.option(sectionName, { freq: 1 }), blank, blank, tail)
    .map(([a, section, name, b, c, end]) =>
        name === null ? `${a}[${b}${section}${c}]${end}` : `${a}[${b}${section} ${c}"${escaped(name)}"${b}]${end}`,
    );
const setting = fc
    .tuple(blank, keyWord, blank, blank, value, tail)
    .map(([a, key, b, c, text, end]) => `${a}${key}${b}=${c}${text}${end}`);
const flag = fc
    .tuple(blank, switchWord, fc.constantFrom("", " ", " = true", "=off", " =YES", "= 0"), tail)
    .map((parts) => parts.join(""));
/** Without "=", which empties a list. */
const emptied = fc.tuple(blank, keyWord, tail).map((parts) => parts.join(""));
const between = fc.oneof(blank, comment);

const line = fc.oneof(
    { weight: 3, arbitrary: header },
    { weight: 6, arbitrary: setting },
    { weight: 2, arbitrary: flag },
    { weight: 1, arbitrary: emptied },
    { weight: 3, arbitrary: between },
);
const lineEnd = fc.oneof({ weight: 4, arbitrary: fc.constant("\n") }, fc.constant("\r\n"));

/** Most can be read: not one whose last line ends in a `\`, nor one with a setting before the first section. */
export const text = fc
    .tuple(
        fc.constantFrom("", "", "", "\ufeff"),
        fc.array(between, { maxLength: 2 }),
        header,
        fc.array(fc.tuple(line, lineEnd), { maxLength: 14 }),
        lineEnd,
        fc.boolean(),
    )
    .map(([mark, first, opened, lines, end, closed]) => {
        const all = [...first.map((one) => one + end), opened + end, ...lines.flat()].join("");
        return mark + (closed ? all : all.replace(/\r?\n$/, ""));
    });

/** What a hand that slips makes of one. */
export const spoilt = fc
    .tuple(
        text,
        fc.nat(),
        fc.constantFrom("[", "]", '"', "\\", "=", "\n", "\r", "\0", "_", "1", "[]", '[a ""]', "[a] b"),
    )
    .map(([whole, at, slip]) => {
        const place = whole === "" ? 0 : at % whole.length;
        return whole.slice(0, place) + slip + whole.slice(place + (at % 2));
    });

export const wanted = fc
    .array(fc.constantFrom(..."aZ09 \t;#\"\\=[]':/@äß\u2028\n"), { maxLength: 12 })
    .map((parts) => parts.join(""));

export const place = fc.record({
    section: fc.constantFrom("Server", "git", "R", "New"),
    name: fc.option(sectionName, { nil: undefined }),
    key: fc.constantFrom("Listen", "key", "x", "Enabled", "Other"),
});
