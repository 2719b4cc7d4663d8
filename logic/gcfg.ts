// Reads and edits gcfg text (Package Manager, Connect) as gopkg.in/gcfg.v1 reads it, to which tests/gcfg holds this file. Posit's own
// github.com/rstudio/gcfgenv wraps that very module; that both products read by it is assumed. `[Section]` or `[Section "name"]`, `Key = value`,
// `;` and `#` comments also behind a value, quotes anywhere in one, a `\` at a line's end goes on in the next line; names don't mind case. A
// section may come again: of a single value the last one of all sections of that name counts, a list collects from all of them. What is not
// edited stays, byte for byte.
import { Refusal } from "./refusal";

/** A setting: "Section.Key", or `Section "name".Key`. */
export interface GcfgPlace {
    section: string;
    /** Of `[Section "name"]`; it does mind case. */
    name?: string;
    key: string;
}

export interface GcfgEdit extends GcfgPlace {
    /** A list writes one line each; `undefined` takes the key away. Either way nothing else of that key is left, in no section of that name. */
    value: string | string[] | undefined;
}

/** What stands from `start` up to `end`, line ends included; comments and blank lines are between statements. */
interface Statement {
    section: string;
    name: string;
    /** Absent: it is the header of the section. */
    key?: string;
    /** `undefined` for a key without "=". */
    value?: string;
    start: number;
    end: number;
    /** The text ends with it, and no line end closes it: what is put behind must begin with one. */
    open: boolean;
}

export interface GcfgSetting extends Required<GcfgPlace> {
    /** `undefined` where it has no "=". */
    value: string | undefined;
}

export interface GcfgProblem {
    /** From 1. */
    line: number;
    says: string;
}

/** What keeps the whole text from being read; the product would refuse it too. */
export function gcfgProblem(text: string): GcfgProblem | undefined {
    return statementsOf(text).problem;
}

/** The text with every edit made; a missing section is appended, a missing key goes to the end of the last section of that name. */
export function editGcfg(text: string, edits: GcfgEdit[]): string {
    return edits.reduce(editOne, text);
}

function editOne(text: string, edit: GcfgEdit): string {
    const statements = readable(text);
    const values = edit.value === undefined ? [] : [edit.value].flat();
    const lines = values.map((value) => `${edit.key} = ${written(value)}`);
    const old = statements.filter((statement) => isOf(statement, edit));
    // Where the one stood that counted.
    const last = old.pop();
    if (last) {
        const kept = replaced(text, last, lines);
        return old.reduceRight((rest, statement) => replaced(rest, statement, []), kept);
    }
    if (lines.length === 0) {
        return text;
    }
    const section = statements.filter((statement) => inSection(statement, edit)).pop();
    if (section) {
        return replaced(text, { start: section.end, end: section.end }, lines, section.open);
    }
    const open = statements[statements.length - 1]?.open || (text !== "" && !text.endsWith("\n"));
    const apart = text === "" ? [] : [""];
    return replaced(text, { start: text.length, end: text.length }, [...apart, headerOf(edit), ...lines], open);
}

/** The text with these lines in that place, whole lines themselves. */
function replaced(
    text: string,
    { start, end }: Pick<Statement, "start" | "end">,
    lines: string[],
    afterOpen = false,
): string {
    // As the line before has it, which may be the one that is replaced.
    const before = text.lastIndexOf("\n", end - 1);
    const lineEnd = (before > 0 ? text[before - 1] === "\r" : text.includes("\r\n")) ? "\r\n" : "\n";
    const inserted = `${afterOpen ? lineEnd : ""}${lines.map((line) => line + lineEnd).join("")}`;
    return `${text.slice(0, start)}${inserted}${text.slice(end)}`;
}

/** The settings of a text, one after the other, or those of one place: of a single setting the last one counts, a list has them all. */
export function gcfgSettings(text: string, place?: GcfgPlace): GcfgSetting[] {
    return readable(text).flatMap(({ section, name, key, value }) =>
        key !== undefined && (place === undefined || isOf({ section, name, key }, place))
            ? [{ section, name, key, value }]
            : [],
    );
}

function inSection(statement: Pick<Statement, "section" | "name">, { section, name = "" }: GcfgPlace): boolean {
    return folded(statement.section) === folded(section) && statement.name === name;
}

function isOf(statement: Pick<Statement, "section" | "name" | "key">, place: GcfgPlace): boolean {
    return statement.key !== undefined && inSection(statement, place) && folded(statement.key) === folded(place.key);
}

/** The parser folds case as Unicode does, which has a second small s and knows the sign of kelvin for a K. */
function folded(word: string): string {
    return word.toLowerCase().replaceAll("\u017f", "s");
}

function readable(text: string): Statement[] {
    const { statements, problem } = statementsOf(text);
    if (problem) {
        throw new Refusal(`line ${problem.line} can't be read: ${problem.says}`);
    }
    return statements;
}

// ---- the grammar ----

const word = String.raw`\p{L}[\p{L}\p{Nd}-]*`;
/** Spaces, a comment, and the end of the line or the text. */
const restPattern = /[ \t\r]*(?:[;#][^\n]*)?(?:\n|$)/uy;
const headerPattern = new RegExp(String.raw`\[[ \t\r]*(${word})[ \t\r]*(?:"((?:[^"\\\n]|\\["\\])*)")?[ \t\r]*\]`, "uy");
const keyPattern = new RegExp(String.raw`(${word})[ \t\r]*(=?)[ \t\r]*`, "uy");
/** No part of a part may repeat: a quote that is never closed would take for ever. Quoted parts, `\` with a line's end or a quote, and what is neither a comment nor a line's end. */
const valuePattern = /(?:"(?:[^"\\\n]|\\["\\nt])*"|\\\r?["\n]|[^"\\;#\n]+)*/uy;
const indentPattern = /[ \t\r]*/uy;

function statementsOf(text: string): { statements: Statement[]; problem?: GcfgProblem } {
    const statements: Statement[] = [];
    let [section, name] = ["", ""];
    // A mark that Windows writes in front is passed over.
    let at = text.startsWith("\ufeff") ? 1 : 0;
    const problem = (says: string, where = at): { statements: Statement[]; problem: GcfgProblem } => ({
        statements,
        problem: { line: text.slice(0, where).split("\n").length, says },
    });
    if (text.includes("\0")) {
        return problem("it has a zero byte", text.indexOf("\0"));
    }
    while (at < text.length) {
        const start = at;
        const begin = start + (match(indentPattern, text, start)?.[0].length ?? 0);
        const nothing = match(restPattern, text, begin);
        if (nothing) {
            at = begin + nothing[0].length;
            continue;
        }
        const opened = match(headerPattern, text, begin);
        const keyed = opened ? null : match(keyPattern, text, begin);
        if (opened) {
            [section, name] = [opened[1], (opened[2] ?? "").replace(/\\(.)/gu, "$1")];
            if (opened[2] === "") {
                return problem("a section's name in quotes is empty");
            }
            at = begin + opened[0].length;
        } else if (keyed) {
            if (section === "") {
                return problem("a setting stands before the first section");
            }
            at = begin + keyed[0].length;
        } else {
            return problem("it is neither a [Section], nor a setting, nor a comment");
        }
        const raw = keyed?.[2] ? (match(valuePattern, text, at)?.[0] ?? "") : undefined;
        const end = match(restPattern, text, at + (raw?.length ?? 0));
        if (!end) {
            return problem(
                raw === undefined
                    ? `something else than a comment stands behind the ${opened ? "section" : "setting"}'s name`
                    : 'a quote is not closed, or a "\\" stands before what it can\'t stand before',
            );
        }
        at += (raw?.length ?? 0) + end[0].length;
        statements.push({
            ...{ section, name, start, end: at, open: !end[0].endsWith("\n") },
            ...(keyed && { key: keyed[1], value: raw === undefined ? undefined : meant(raw) }),
        });
    }
    return { statements };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(text);
}

/** Without the quotes, which are always closed here, and what is escaped as it is meant. */
function meant(raw: string): string {
    const escapes: Record<string, string> = { n: "\n", t: "\t", "\n": "" };
    let end = raw.length;
    while (end > 0 && " \t\r".includes(raw[end - 1])) {
        end--;
    }
    return raw
        .slice(0, end)
        .replaceAll("\r", "")
        .replace(/\\(.)|"/gsu, (_, escaped: string | undefined) =>
            escaped === undefined ? "" : (escapes[escaped] ?? escaped),
        );
}

function headerOf({ section, name }: GcfgPlace): string {
    return name === undefined || name === "" ? `[${section}]` : `[${section} "${name.replace(/(["\\])/g, "\\$1")}"]`;
}

/** In quotes where it would be read as something else, by whichever rule of comments. */
function written(text: string): string {
    if (/[\r\0]/.test(text)) {
        throw new Refusal("a value of a gcfg file can't hold a carriage return or a zero byte");
    }
    return /[\s;#"\\]/.test(text) || text === ""
        ? `"${text.replace(/(["\\])/g, "\\$1").replaceAll("\n", "\\n")}"`
        : text;
}

// ---- beside the format ----

/** URLs of binary packages name the operating system they are for ("noble", "manylinux_2_28"). */
export function forBinaries(text: string, binaries: string): string {
    return text.replace(/__linux__\/[a-z0-9_]+/g, `__linux__/${binaries}`);
}
