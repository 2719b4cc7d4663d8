// Edits gcfg text (Package Manager, Connect) and key=value text (Workbench) in place: comments, order and unknown lines stay.
// gcfg: `[Section]` or `[Section "name"]`, `Key = value`, `;` or `#` comments, repeated keys are lists.

export interface GcfgEdit {
    section: string;
    /** Of `[Section "name"]`. */
    name?: string;
    key: string;
    /** A list writes one line each; `undefined` takes the key away. */
    value: string | string[] | undefined;
}

/** The text with every edit made; a missing section is appended, a missing key goes to the end of its section. */
export function editGcfg(text: string, edits: GcfgEdit[]): string {
    return edits.reduce(editOne, text);
}

function editOne(text: string, edit: GcfgEdit): string {
    const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
    const values = edit.value === undefined ? [] : Array.isArray(edit.value) ? edit.value : [edit.value];
    const written = values.map((value) => `${edit.key} = ${gcfgValue(value)}`);
    const header = lines.findIndex((line) => isHeader(line, edit));
    if (header < 0) {
        return written.length === 0
            ? text
            : `${[...lines, "", headerOf(edit), ...written].join("\n").replace(/^\n/, "")}\n`;
    }
    const next = lines.findIndex((line, index) => index > header && /^\s*\[/.test(line));
    const end = next < 0 ? lines.length : next;
    const body = lines.slice(header + 1, end);
    const place = body.findIndex((line) => keyOf(line) === edit.key.toLowerCase());
    const kept = body.filter((line) => keyOf(line) !== edit.key.toLowerCase());
    const at = place >= 0 ? place : lastContent(kept);
    return `${[...lines.slice(0, header + 1), ...kept.slice(0, at), ...written, ...kept.slice(at), ...lines.slice(end)].join("\n")}\n`;
}

/** Every value of a key, as written, quotes taken off. */
export function gcfgValues(text: string, section: string, key: string, name?: string): string[] {
    const lines = text.split("\n");
    const values: string[] = [];
    let inside = false;
    for (const line of lines) {
        if (/^\s*\[/.test(line)) {
            inside = isHeader(line, { section, name });
        } else if (inside && keyOf(line) === key.toLowerCase()) {
            values.push(unquote(line.slice(line.indexOf("=") + 1).trim()));
        }
    }
    return values;
}

function isHeader(line: string, { section, name }: Pick<GcfgEdit, "section" | "name">): boolean {
    const match = /^\s*\[\s*([^\s"\]]+)\s*(?:"([^"]*)")?\s*\]/.exec(line);
    return match !== null && match[1].toLowerCase() === section.toLowerCase() && (match[2] ?? "") === (name ?? "");
}

function headerOf({ section, name }: GcfgEdit): string {
    return name === undefined ? `[${section}]` : `[${section} "${name}"]`;
}

function keyOf(line: string): string | undefined {
    return /^\s*([A-Za-z][\w-]*)\s*=/.exec(line)?.[1].toLowerCase();
}

/** Where a section's lines end, blank lines and comments of the next section left below. */
function lastContent(body: string[]): number {
    let at = body.length;
    while (at > 0 && /^\s*([;#].*)?$/.test(body[at - 1])) {
        at--;
    }
    return at;
}

function gcfgValue(value: string): string {
    return /[\s;#"\\]/.test(value) || value === "" ? `"${value.replace(/(["\\])/g, "\\$1")}"` : value;
}

function unquote(value: string): string {
    const match = /^"((?:[^"\\]|\\.)*)"/.exec(value);
    return match ? match[1].replace(/\\(.)/g, "$1") : value.replace(/\s*[;#].*$/, "");
}

/** `key=value` files: sets each key where it stands, or at the end; `undefined` takes it away. */
export function editKeyValue(text: string, edits: Record<string, string | undefined>): string {
    const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
    const seen = new Set<string>();
    const edited = lines.flatMap((line) => {
        const key = /^\s*([\w.-]+)\s*=/.exec(line)?.[1];
        if (key === undefined || !(key in edits)) {
            return [line];
        }
        const value = edits[key];
        const repeated = seen.has(key);
        seen.add(key);
        return value === undefined || repeated ? [] : [`${key}=${value}`];
    });
    const missing = Object.entries(edits).filter(([key, value]) => value !== undefined && !seen.has(key));
    return `${[...edited, ...missing.map(([key, value]) => `${key}=${value}`)].join("\n")}\n`;
}

/** URLs of binary packages name the operating system they are for ("noble", "manylinux_2_28"). */
export function forBinaries(text: string, binaries: string): string {
    return text.replace(/__linux__\/[a-z0-9_]+/g, `__linux__/${binaries}`);
}
