// What the provider reads back of a resource, and what it makes of a difference: as data, from the files that calls/ name.
import { databaseReads } from "./reads/databases";
import { machineReads } from "./reads/machines";
import { networkReads } from "./reads/network";
import type { ReadBack } from "./reads/read";

export const readBacks: Record<string, ReadBack> = { ...networkReads, ...machineReads, ...databaseReads };
