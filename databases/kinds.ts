// The kinds of databases, a line each; their order is the reference page's. A kind's part on hosts is hosts/databases/KIND.sh.
import { z } from "zod";
import { external } from "./external";
import type { DatabaseKind } from "./kind";
import { local } from "./local";
import { rds } from "./rds";
import { sqlite } from "./sqlite";

const all = { rds, external, local, sqlite };

type All = typeof all;
export type Kind = keyof All;
export const kinds = Object.keys(all) as Kind[];

type Of<K extends Kind> = z.infer<All[K]["settings"]>;
type CarriedOf<K extends Kind> = All[K]["capture"] extends {
    entrySchema: infer S extends z.ZodType<{ method: string }>;
}
    ? z.infer<S>
    : never;
type PublishedOf<K extends Kind> = All[K]["published"] extends infer S extends z.ZodType ? z.infer<S> : never;

/** As the configuration has one. */
export type DatabaseConfig = Of<Kind>;
/** In a manifest: one that came along on its host's volumes. */
export type CarriedDatabase = { [K in Kind]: CarriedOf<K> }[Kind];
/** As an environment publishes one. */
export type PublishedDatabase = { [K in Kind]: PublishedOf<K> }[Kind];

/** A kind that leaves one of its functions out, or stands under another word than its own, does not compile. */
export const register: { [K in Kind]: DatabaseKind<Extract<DatabaseConfig, { kind: K }>, CarriedOf<K>> } = all;

const list = kinds.map((kind) => all[kind]);

export const settingsSchema = z.union(list.map(({ settings }) => settings));

/** Of unions that tell their members by one word: zod wants to see that there is one at least. */
type Several<T> = [T, ...T[]];

const entries = list.flatMap(({ capture }) => (capture.by === "volume" ? [capture.entrySchema] : []));
export const carriedSchema = z.discriminatedUnion("method", entries as Several<(typeof entries)[number]>);

const published = list.flatMap((kind) => kind.published ?? []);
export const publishedSchema = z.discriminatedUnion("kind", published as Several<(typeof published)[number]>);
