// What `posit:entryPoints` may be, and the entry point that it becomes.
import { z } from "zod";
import type { EntryPoint } from "../logic/entryPoint";
import type { Configured } from "./kind";
import { entryPointKinds } from "./kinds";

export const entryPointSchema = z.union(entryPointKinds.map(({ schema }) => schema));

export function entryPointOf(config: Configured): EntryPoint {
    const [entryPoint] = entryPointKinds.flatMap((kind) => kind.of(config) ?? []);
    return entryPoint;
}
