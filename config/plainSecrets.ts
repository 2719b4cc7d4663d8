// `posit:secrets` is one key for the engine: with one encrypted leaf it calls the whole key a secret, and a leaf in plain text
// beside it goes unnoticed. So the stack file's own text is read. Nothing of a value is ever repeated.
import { parse } from "yaml";

/** Paths below posit:secrets whose values stand in the file unencrypted; undefined when the file can't be read as YAML. */
export function plainSecrets(stackFile: string): PropertyKey[][] | undefined {
    let file: unknown;
    try {
        file = parse(stackFile, { logLevel: "silent" });
    } catch {
        return undefined;
    }
    const config = isObject(file) && isObject(file.config) ? file.config : {};
    return Object.entries(config)
        .filter(([key]) => key === "posit:secrets" || key.startsWith("posit:secrets."))
        .flatMap(([key, value]) => plain(value, key.slice("posit:".length).split(".")));
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
