// Is any secret readable where it must not be: exported state, logs, the report? Looks for each secret as it is, as JSON
// writes it, and in base64 at each of the three places that it can begin in.
import * as fs from "node:fs";
import * as path from "node:path";

export interface Leak {
    secret: string;
    where: string;
}

/** What to look for: several lines are looked for by their longest one, as texts are indented and joined on their way. */
export function needles(value: string): string[] {
    const line = value.split("\n").reduce((longest, one) => (one.length > longest.length ? one : longest), "");
    const found = new Set([line, JSON.stringify(line).slice(1, -1), encodeURIComponent(line)]);
    for (let shift = 0; shift < 3; shift++) {
        const base64 = Buffer.concat([Buffer.alloc(shift), Buffer.from(line)]).toString("base64");
        // The first and the last characters depend on what stands beside the secret.
        const inner = base64.slice(shift === 0 ? 0 : 4, -4);
        if (inner.length >= 8) found.add(inner);
    }
    return [...found].filter((needle) => needle.length >= 8);
}

export function findLeaks(secrets: Record<string, string>, texts: Record<string, string>): Leak[] {
    const leaks: Leak[] = [];
    for (const [secret, value] of Object.entries(secrets)) {
        const wanted = needles(value);
        for (const [where, text] of Object.entries(texts)) {
            if (wanted.some((needle) => text.includes(needle))) leaks.push({ secret, where });
        }
    }
    return leaks;
}

/** Every file below a folder, by its path from there. */
export function textsBelow(folder: string, label: string): Record<string, string> {
    const texts: Record<string, string> = {};
    if (!fs.existsSync(folder)) return texts;
    for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const file = path.join(entry.parentPath, entry.name);
        texts[`${label}/${path.relative(folder, file)}`] = fs.readFileSync(file, "utf8");
    }
    return texts;
}
