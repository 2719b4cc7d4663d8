// Property values as they cross the wire: secrets and unknowns are marker values inside ordinary JSON.
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

export type Properties = Record<string, unknown>;

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
/** Stands for a value that is only known after the `up`. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Plain values, and the top-level keys that held a secret anywhere inside: their outputs are marked as a whole. */
export interface Unwrapped {
    values: Properties;
    secretKeys: Set<string>;
}

export function fromStruct(struct: Struct | undefined): Unwrapped {
    const secretKeys = new Set<string>();
    const entries = Object.entries((struct?.toJavaScript() ?? {}) as Properties).map(([key, value]) => {
        const found = { secret: false };
        const plain = unwrap(value, found);
        if (found.secret) {
            secretKeys.add(key);
        }
        return [key, plain] as const;
    });
    return { values: Object.fromEntries(entries), secretKeys };
}

export function toStruct(values: Properties, secretKeys: Iterable<string> = []): Struct {
    const secrets = new Set(secretKeys);
    const entries = Object.entries(clean(values) as Properties).map(([key, value]) => [
        key,
        secrets.has(key) ? { [signature]: secretSignature, value } : value,
    ]);
    return Struct.fromJavaScript(Object.fromEntries(entries));
}

export function isUnknown(value: unknown): boolean {
    if (value === unknown) {
        return true;
    }
    if (typeof value === "object" && value !== null) {
        return Object.values(value).some(isUnknown);
    }
    return false;
}

function unwrap(value: unknown, found: { secret: boolean }): unknown {
    if (Array.isArray(value)) {
        return value.map((item) => unwrap(item, found));
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const object = value as Properties;
    if (object[signature] === secretSignature) {
        found.secret = true;
        return unwrap(object.value, found);
    }
    return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, unwrap(inner, found)]));
}

/** protobuf's Struct has no `undefined`. */
function clean(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(clean);
    }
    if (typeof value !== "object" || value === null) {
        return value ?? null;
    }
    return Object.fromEntries(
        Object.entries(value)
            .filter(([, inner]) => inner !== undefined && inner !== null)
            .map(([key, inner]) => [key, clean(inner)]),
    );
}
