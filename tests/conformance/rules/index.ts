// Every rule, and what they all find in a stack.
import type { StackState } from "../exports";
import { databaseRules } from "./databases";
import { machineRules } from "./machines";
import { networkRules } from "./network";
import { routeRules } from "./routes";
import { Found, Rule, Stack } from "./rule";

export const rules: Rule[] = [...routeRules, ...networkRules, ...machineRules, ...databaseRules];

export function brokenRules(state: StackState): (Found & { rule: string })[] {
    const stack = new Stack(state);
    return rules.flatMap(({ name, finds }) => finds(stack).map((one) => ({ rule: name, ...one })));
}
