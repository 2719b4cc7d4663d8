// How a kind of entry point is made: its settings, and what they become. The three names are every kind's.
import { z } from "zod";
import { dnsName } from "../config/leaves";
import type { EntryPoint } from "../logic/entryPoint";
import { mapProducts, PerProduct, perProduct, products } from "../products";

const names = perProduct((product) => dnsName.describe(`${products[product].title}'s public name.`));

type Names = PerProduct<string>;

/** As any kind's configuration is, once it is parsed. */
export type Configured = { kind: string } & Names;

interface Kind<Word extends string, Own extends z.ZodRawShape> {
    /** What `kind` says in the configuration. */
    word: Word;
    /** It is meant where nothing is said. */
    usual?: boolean;
    /** What it is, for the reference page. */
    about: string;
    /** Settings beside the names. */
    settings: Own;
    make(config: Names & z.infer<z.ZodObject<Own>>): EntryPoint;
}

export function entryPointKind<Word extends string, Own extends z.ZodRawShape>(kind: Kind<Word, Own>) {
    const { word, usual, about, settings } = kind;
    const literal = z.literal(word);
    const said: z.ZodType<Word> = usual ? literal.default(word as never) : literal;
    return {
        word,
        schema: z.strictObject({ kind: said.describe(about), ...names, ...settings }),
        /** Of a configuration that its schema has accepted; undefined where it is another kind's. */
        of: (config: Configured): EntryPoint | undefined =>
            (config.kind as string) === word
                ? kind.make(config as unknown as Names & z.infer<z.ZodObject<Own>>)
                : undefined,
    };
}

/** Without the settings. */
export function namesOf(config: Names): Names {
    return mapProducts(config, (name) => name);
}
