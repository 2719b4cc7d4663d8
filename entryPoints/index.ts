// What `posit:entryPoints` may be, and the entry point that it becomes.
import { z } from "zod";
import type { EntryPoint } from "../logic/entryPoint";
import type { Configured } from "./kind";
import * as all from "./kinds";

const kinds = Object.values(all);

export const entryPointSchema = z.union(kinds.map(({ schema }) => schema));

export function entryPointOf(config: Configured): EntryPoint {
    const [entryPoint] = kinds.flatMap((kind) => kind.of(config) ?? []);
    return entryPoint;
}
