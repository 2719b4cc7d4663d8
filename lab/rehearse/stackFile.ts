// A stack's configuration file as a person would write it, and what a commit changes in it.
import * as fs from "node:fs";

export type ConfigValues = Record<string, unknown>;

/** YAML in block style; only what a configuration needs: maps, lists, text, numbers, booleans. */
export function toYaml(value: unknown, indent = ""): string {
    if (Array.isArray(value)) {
        if (value.length === 0) return " []";
        return value.map((item) => `\n${indent}- ${JSON.stringify(item)}`).join("");
    }
    if (typeof value === "object" && value !== null) {
        const entries = Object.entries(value).filter(([, item]) => item !== undefined);
        if (entries.length === 0) return " {}";
        return entries.map(([key, item]) => `\n${indent}${plain(key)}:${toYaml(item, `${indent}  `)}`).join("");
    }
    return ` ${typeof value === "string" ? plain(value) : JSON.stringify(value)}`;
}

/** Text that YAML would read as something else is quoted; JSON's quoting is YAML's too. */
function plain(text: string): string {
    const safe =
        /^[A-Za-z/][\w./:+=-]*$/.test(text) &&
        !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text) &&
        !text.endsWith(":");
    return safe ? text : JSON.stringify(text);
}

export interface StackFile {
    path: string;
    /** Written by the engine; kept as they are. */
    salt: string;
    secure: Record<string, string>;
}

export function writeStackFile(file: StackFile, values: ConfigValues): void {
    const config: ConfigValues = { ...values };
    for (const [key, cipher] of Object.entries(file.secure)) config[key] = { secure: cipher };
    fs.writeFileSync(file.path, `${toYaml({ encryptionsalt: file.salt, config }).trimStart()}\n`);
}

/** What the engine itself wrote: the salt, and each secret's cipher text. */
export function readStackFile(path: string): StackFile {
    const text = fs.readFileSync(path, "utf8");
    const salt = /^encryptionsalt: *(\S+)/m.exec(text)?.[1];
    if (salt === undefined) throw new Error(`${path} has no encryptionsalt: was the stack made?`);
    const secure: Record<string, string> = {};
    for (const match of text.matchAll(/^ +"?([\w:]+)"?:\s*\n\s+secure: *(\S+)/gm))
        secure[match[1] ?? ""] = match[2] ?? "";
    return { path, salt, secure };
}

/** The lines a reviewer of the commit sees. */
export function changedKeys(before: ConfigValues, after: ConfigValues): string[] {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
        .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
        .map((key) => (after[key] === undefined ? `- ${key}` : `${key}: ${JSON.stringify(after[key])}`));
}
