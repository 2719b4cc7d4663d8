// What only the stack file's own text tells. `posit:secrets` is one key for the engine: with one encrypted leaf it calls the whole key
// a secret, and a leaf in plain text beside it goes unnoticed. And a text that YAML takes for a number comes as that number's text:
// `posit:restore: 12e3` as "12000", 0070 as "56" (seen with 3.248.0). Nothing of a secret is ever repeated.
import { isMap, isScalar, parse, parseDocument } from "yaml";

/** Paths below posit:secrets whose values stand in the file unencrypted; undefined when the file can't be read as YAML. */
export function plainSecrets(stackFile: string): PropertyKey[][] | undefined {
    const config = configured(stackFile);
    return (
        config &&
        Object.entries(config)
            .filter(([key]) => key === "posit:secrets" || key.startsWith("posit:secrets."))
            .flatMap(([key, value]) => plain(value, key.slice("posit:".length).split(".")))
    );
}

/** Key with its namespace → value; undefined when the file can't be read as YAML. */
export function configured(stackFile: string): Record<string, unknown> | undefined {
    try {
        const file: unknown = parse(stackFile, { logLevel: "silent" });
        return isObject(file) && isObject(file.config) ? file.config : {};
    } catch {
        return undefined;
    }
}

/** What the engine hands to the program for a namespace: a text as it is, nothing as an empty one, everything else as JSON. */
export function handedValues(config: Record<string, unknown>, namespace: string): Record<string, string> {
    const own = Object.entries(config).filter(([key]) => key.startsWith(`${namespace}:`));
    return Object.fromEntries(
        own.map(([key, value]) => [
            key.slice(namespace.length + 1),
            typeof value === "string" ? value : value === null ? "" : JSON.stringify(value),
        ]),
    );
}

function plain(value: unknown, path: PropertyKey[]): PropertyKey[][] {
    if (isObject(value)) {
        const keys = Object.keys(value);
        return keys.length === 1 && keys[0] === "secure" && typeof value.secure === "string"
            ? []
            : keys.flatMap((key) => plain(value[key], [...path, key]));
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, index) => plain(item, [...path, index]));
    }
    return value === null ? [] : [path];
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Keys directly below `config` whose unquoted text the engine took for a number and handed over as another text. */
export function readAsNumbers(stackFile: string, values: Record<string, string>): { key: string; written: string }[] {
    const config = parseDocument(stackFile, { logLevel: "silent" }).get("config");
    if (!isMap(config)) {
        return [];
    }
    return config.items.flatMap(({ key, value }) => {
        const name = isScalar(key) ? String(key.value).replace(/^posit:/, "") : "";
        const given = values[name];
        const written = isScalar(value) && value.type === "PLAIN" ? value.source : undefined;
        // The same number in another spelling; anything else is another file's value (`--config-file`).
        const same =
            written !== undefined &&
            given !== undefined &&
            written !== given &&
            /^[\d.+-]/.test(written) &&
            [Number(written), parseInt(written, 8)].includes(Number(given));
        return same ? [{ key: name, written }] : [];
    });
}
