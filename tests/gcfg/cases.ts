// Texts of gcfg files with a setting that is looked for in each: one table for every reader that there is, the real parser first.

export interface Case {
    what: string;
    text: string;
    place: { section: string; name?: string; key: string };
}

const url = { section: "Postgres", key: "URL" };

export const cases: Case[] = [
    { what: "one value", text: "[Postgres]\nURL = postgres://a\n", place: url },
    { what: "no value", text: "[Server]\nURL = x\n", place: url },
    { what: "an empty file", text: "", place: url },
    { what: "other letters", text: "[POSTGRES]\nurl=x\n", place: url },
    { what: "a second value in the section", text: "[Postgres]\nURL = a\nURL = b\n", place: url },
    { what: "a second section", text: "[Postgres]\nURL = a\n[Server]\nX = 1\n[postgres]\nUrl = b\n", place: url },
    { what: "a comment behind a value", text: "[Postgres]\nURL = a ; b\n", place: url },
    { what: "a hash behind a value, close to it", text: "[Postgres]\nURL = a#b\n", place: url },
    { what: "a comment behind a header", text: "[Postgres] ; here\nURL = a\n", place: url },
    { what: "a comment for a value", text: "[Postgres]\nURL = ; none\n", place: url },
    { what: "a setting in a comment", text: "[Postgres]\n; URL = a\n# URL = b\n", place: url },
    { what: "quotes", text: '[Postgres]\nURL = "a;b#c d"   ; x\n', place: url },
    { what: "quotes within a value", text: '[Postgres]\nURL = a"  ; "b\n', place: url },
    { what: "escapes", text: '[Postgres]\nURL = "a\\"b\\\\c\\td"\n', place: url },
    { what: "an escaped quote outside quotes", text: '[Postgres]\nURL = a \\" b\n', place: url },
    { what: "blanks", text: "  [ Postgres ]  \n\tURL\t=\t a  b \t\n", place: url },
    { what: "a value that goes on", text: "[Postgres]\nURL = a \\\n  b\n", place: url },
    { what: "a value that goes on, from Windows", text: "[Postgres]\r\nURL = a\\\r\nb\r\n", place: url },
    { what: "a comment behind a line that goes on", text: "[Postgres]\nURL = a\\\nb ; c \\\nX = 1\n", place: url },
    { what: "a setting that is another's second line", text: "[Postgres]\nX = a\\\nURL = b\n", place: url },
    { what: "a header that is a value's second line", text: "[Server]\nX = a\\\n[Postgres]\nURL = b\n", place: url },
    { what: "Windows' line ends", text: "[Postgres]\r\nURL = a\r\n", place: url },
    { what: "a mark in front", text: "\ufeff[Postgres]\nURL = a\n", place: url },
    { what: "no line end at the end", text: "[Postgres]\nURL = a", place: url },
    { what: "an empty value in quotes", text: '[Postgres]\nURL = a\nURL = ""\n', place: url },
    { what: "an equals sign in a value", text: "[Postgres]\nURL = a=b\n", place: url },
    { what: "a switch without a value", text: "[Launcher]\nEnabled\n", place: { section: "Launcher", key: "Enabled" } },
    {
        what: "a switch that is off at last",
        text: "[Launcher]\nEnabled\nEnabled = false\n",
        place: { section: "Launcher", key: "Enabled" },
    },
    {
        what: "a section of that name",
        text: '[R "a"]\nURL = 1\n[r "b"]\nURL = 2\n',
        place: { section: "R", name: "b", key: "URL" },
    },
    { what: "a section's name minds case", text: '[R "A"]\nURL = 1\n', place: { section: "R", name: "a", key: "URL" } },
    { what: "a section without the name", text: '[R "A"]\nURL = 1\n', place: { section: "R", key: "URL" } },
    {
        what: "a name with signs",
        text: '[R "a]\\"\\\\ #"]\nURL = 1\n',
        place: { section: "R", name: 'a]"\\ #', key: "URL" },
    },
    { what: "a longer key", text: "[Postgres]\nURLs = a\nInstrumentationURL = b\n", place: url },
    { what: "an odd s", text: "[Po\u017ftgres]\nURL = a\n", place: url },
    { what: "letters of other people", text: "[Größe]\nMaß = ä\n", place: { section: "größe", key: "maß" } },
    { what: "a hyphen", text: "[a-b]\nc-d = 1\n", place: { section: "A-B", key: "C-D" } },
    // None of these can be read.
    { what: "a setting before the first section", text: "URL = a\n[Postgres]\nURL = b\n", place: url },
    { what: "an open quote", text: '[Postgres]\nURL = a\nX = "b\n', place: url },
    { what: "a backslash in a value", text: "[Postgres]\nURL = a\nX = C:\\b\n", place: url },
    { what: "an unknown escape", text: '[Postgres]\nX = "\\q"\nURL = a\n', place: url },
    { what: "a section without a name", text: "[]\nX = 1\n[Postgres]\nURL = a\n", place: url },
    { what: "an empty name", text: '[Postgres ""]\nURL = a\n', place: url },
    { what: "an open header", text: "[Postgres\nURL = a\n", place: url },
    { what: "text behind a header", text: "[Postgres] URL = a\n", place: url },
    { what: "an underscore in a key", text: "[Postgres]\nMy_URL = a\nURL = b\n", place: url },
    { what: "a key with a colon", text: "[Postgres]\nX: a\nURL = b\n", place: url },
    { what: "nonsense", text: "[Postgres]\nURL = a\n!\n", place: url },
];
