// What must not compile of a kind of database: each line that is marked is an error, and a mark without one is an error too (`tsc --noEmit`, part
// of `make test`). Nothing here runs.
import type { DatabaseConfig } from "../../../databases";
import type { DatabaseKind } from "../../../databases/kind";
import type { Kind, register } from "../../../databases/kinds";

type Local = Extract<DatabaseConfig, { kind: "local" }>;
declare const whole: DatabaseKind<Local>;
declare const all: typeof register;

const { sessions, ...withoutSessions } = whole;
const { restore, ...withoutRestore } = whole;
const { unit, ...withoutUnit } = whole;
void [sessions, restore, unit];

// @ts-expect-error -- who must have no sessions is each kind's to say
export const silent: DatabaseKind<Local> = withoutSessions;
// @ts-expect-error -- as is what a restore makes of it
export const lost: DatabaseKind<Local> = withoutRestore;
// @ts-expect-error -- and what the host is told
export const untold: DatabaseKind<Local> = withoutUnit;

const { local, ...others } = all;
void local;
// @ts-expect-error -- a kind that the configuration knows is in the register
export const incomplete: Record<Kind, unknown> = others;
// @ts-expect-error -- under its own word, with its own functions
export const swapped: typeof register = { ...all, local: all.external };
// @ts-expect-error -- and there is no other
export const unknown: Kind = "mysql";
