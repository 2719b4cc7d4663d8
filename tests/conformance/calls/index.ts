// Every type of resource that the program makes on AWS.
import { databaseCalls } from "./databases";
import { machineCalls } from "./machines";
import type { TypeMapping } from "./mapping";
import { networkCalls } from "./network";

export const typeMappings: Record<string, TypeMapping> = { ...networkCalls, ...machineCalls, ...databaseCalls };
