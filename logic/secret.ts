// A secret as a value that is no text. It is a symbol, at compile time and when the program runs: the language itself refuses to put one into a
// text, to add it to one or to hand it to whoever wants a string; JSON leaves it out; a log shows "Symbol(secret)". Only `reveal` gives its
// content, and tests/unit/secrets/places.test.ts lists who does so, and why. Made at the doors: where configuration is parsed, contracts are
// read, and a key file is.
declare const held: unique symbol;

/** Holds a T. */
export type Secret<T> = symbol & { readonly [held]: T };

/** T with a secret in the place of each text. */
export type Sealed<T> = T extends string ? Secret<string> : T extends object ? { [Key in keyof T]: Sealed<T[Key]> } : T;

const contents = new Map<symbol, unknown>();

export function seal<T>(content: T): Secret<T> {
    const secret = Symbol("secret");
    contents.set(secret, content);
    return secret as Secret<T>;
}

/** The whole with a secret in the place of each text. */
export function sealTexts<T>(value: T): Sealed<T> {
    if (typeof value === "string") {
        return seal(value) as unknown as Sealed<T>;
    }
    return (
        typeof value === "object" && value !== null
            ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sealTexts(inner as unknown)]))
            : value
    ) as Sealed<T>;
}

export function reveal<T>(secret: Secret<T>): T {
    if (!contents.has(secret)) {
        throw new Error("this is no secret of this process's making: was it cast, or made elsewhere?");
    }
    return contents.get(secret) as T;
}
