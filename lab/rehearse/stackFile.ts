// A stack's configuration file as a person would write it, and what a commit changes in it.
import * as fs from "node:fs";
import { parse, stringify } from "yaml";

export type ConfigValues = Record<string, unknown>;

export interface StackFile {
    path: string;
    /** Written by the engine; kept as they are. */
    salt: string;
    secure: Record<string, string>;
}

export function writeStackFile(file: StackFile, values: ConfigValues): void {
    const secure = Object.fromEntries(Object.entries(file.secure).map(([key, cipher]) => [key, { secure: cipher }]));
    // Every text in quotes: the engine's YAML would take some for dates or switches.
    const style = { lineWidth: 0, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" } as const;
    const text = stringify({ encryptionsalt: file.salt, config: { ...values, ...secure } }, style);
    fs.writeFileSync(file.path, text);
}

/** What the engine itself wrote: the salt, and each secret's cipher text. */
export function readStackFile(path: string): StackFile {
    const { encryptionsalt: salt, config } = parse(fs.readFileSync(path, "utf8")) as {
        encryptionsalt?: string;
        config?: Record<string, { secure?: string }>;
    };
    if (salt === undefined) throw new Error(`${path} has no encryptionsalt: was the stack made?`);
    const secure = Object.entries(config ?? {}).flatMap(([key, value]) =>
        typeof value?.secure === "string" ? [[key, value.secure]] : [],
    );
    return { path, salt, secure: Object.fromEntries(secure) as Record<string, string> };
}

/** The lines a reviewer of the commit sees. */
export function changedKeys(before: ConfigValues, after: ConfigValues): string[] {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
        .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
        .map((key) => (after[key] === undefined ? `- ${key}` : `${key}: ${JSON.stringify(after[key])}`));
}
