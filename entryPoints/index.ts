// The kinds of entry points: a new one is a file beside this and a line here.
import { z } from "zod";
import type { EntryPoint } from "../logic/entryPoint";
import { external } from "./external";
import type { Configured } from "./kind";
import { route53 } from "./route53";

const kinds = [
    route53, // meant where nothing is said
    external,
];

/** Of `posit:entryPoints`. */
export const entryPointSchema = z.union(kinds.map(({ schema }) => schema));

export function entryPointOf(config: Configured): EntryPoint {
    const [entryPoint] = kinds.flatMap((kind) => kind.of(config) ?? []);
    return entryPoint;
}
