// Reads and edits Workbench's files of `key=value` lines, with or without `[sections]`, in place: comments, order and other lines stay. Three
// readers take such files in the server's code, and what is written here means the same to each (products/workbenchFiles.ts says which reads
// which): boost's parse_config_file, where a `#` cuts a value and a repeated option is refused but for lists; boost's read_ini, where both a
// repeated section and a repeated key are refused; and the server's own map of settings, where the first of repeated keys counts and quotes
// around a value are taken off. Names mind case.

export interface KeyValuePlace {
    /** Of `[section]`; absent above the first one. */
    section?: string;
    key: string;
}

export interface KeyValueEdit extends KeyValuePlace {
    /** A list writes one line each; `undefined` takes the key away. */
    value: string | string[] | undefined;
}

interface Line {
    section?: string;
    kind: "header" | "setting" | "other";
    key?: string;
    value?: string;
}

/** A key is set where it first stands, or at the end of its section; a missing section is appended. */
export function editKeyValue(text: string, edits: KeyValueEdit[]): string {
    return edits.reduce(editOne, text);
}

function editOne(text: string, edit: KeyValueEdit): string {
    const lineEnd = /\r\n/.test(text) ? "\r\n" : "\n";
    const raw = text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
    const lines = linesOf(raw);
    const written = edit.value === undefined ? [] : [edit.value].flat().map((value) => `${edit.key}=${quoted(value)}`);
    const old = lines.flatMap((line, index) => (isOf(line, edit) ? [index] : []));
    if (old.length === 0 && written.length === 0) {
        return text;
    }
    const kept = raw.flatMap((line, index) => (index === old[0] ? written : old.includes(index) ? [] : [line]));
    if (old.length === 0) {
        const inside = lines.flatMap((line, index) => (line.section === edit.section ? [index] : []));
        const content = inside.filter((index) => lines[index].kind !== "other");
        const place = (content.pop() ?? (edit.section === undefined ? inside.pop() : undefined) ?? -1) + 1;
        if (edit.section !== undefined && place === 0) {
            kept.push(...(raw.length > 0 ? [""] : []), `[${edit.section}]`, ...written);
        } else {
            kept.splice(place, 0, ...written);
        }
    }
    return kept.map((line) => line + lineEnd).join("");
}

/** Every value of a key, in the order of the file. */
export function keyValues(text: string, place: KeyValuePlace): string[] {
    return linesOf(text.split(/\r?\n/)).flatMap((line) => (isOf(line, place) ? [line.value ?? ""] : []));
}

/** How many sections of that name there are. */
export function sectionsOf(text: string, section: string): number {
    return linesOf(text.split(/\r?\n/)).filter((line) => line.kind === "header" && line.section === section).length;
}

function isOf(line: Line, { section, key }: KeyValuePlace): boolean {
    return line.kind === "setting" && line.section === section && line.key === key;
}

function linesOf(lines: string[]): Line[] {
    let section: string | undefined;
    return lines.map((line): Line => {
        const text = line.trim();
        const header = /^\[([^\]]*)\]/.exec(text);
        if (header) {
            section = header[1].trim();
            return { section, kind: "header" };
        }
        const at = text.indexOf("=");
        return at <= 0 || /^[#;]/.test(text)
            ? { section, kind: "other" }
            : { section, kind: "setting", key: text.slice(0, at).trim(), value: unquoted(text.slice(at + 1).trim()) };
    });
}

function unquoted(value: string): string {
    if (!/^".*"$/s.test(value) || value.length < 2) {
        return value;
    }
    try {
        const read: unknown = JSON.parse(value);
        return typeof read === "string" ? read : value;
    } catch {
        return value;
    }
}

/** A value in quotes of its own would lose them. */
function quoted(value: string): string {
    return /^".*"$/s.test(value) ? JSON.stringify(value) : value;
}
