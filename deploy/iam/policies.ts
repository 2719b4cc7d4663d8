// All policies for some values: one for each step, one that denies, one for `make account`; in parts where IAM takes no policy so long.
import { accountStatements } from "./account";
import { actionsFor } from "./calls";
import { guardStatements } from "./guard";
import { environmentScopes } from "./scopes/environment";
import { productionScopes } from "./scopes/production";
import { tagScopes } from "./scopes/tags";
import { Statement, statementsOf } from "./statements";
import { Step, steps } from "./steps";
import type { PolicyValues } from "./values";

export interface Policy {
    Version: "2012-10-17";
    Statement: Statement[];
}

/** Of a managed policy, white space not counted (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
export const longestPolicy = 6144;

/** By the name of its file, without ending. */
export function policiesFor(values: PolicyValues): Record<string, Policy> {
    const all: [name: string, statements: Statement[]][] = [
        ["account", accountStatements(values)],
        ...steps
            .filter((step) => isWanted(step, values))
            .map((step): [string, Statement[]] => [step.name, stepStatements(step, values)]),
        ["guard", guardStatements(values)],
    ];
    return Object.fromEntries(all.flatMap(([name, statements]) => inParts(name, statements)));
}

function isWanted({ name }: Step, { environment, production }: PolicyValues): boolean {
    switch (name) {
        case "environment-network":
            return environment.network === undefined;
        case "production-serve":
            return production.entryPoints !== undefined;
        default:
            return true;
    }
}

export function actionsOfStep({ operations }: Step): string[] {
    const actions = operations.flatMap(([tokens, kinds]) =>
        tokens.flatMap((token) => kinds.flatMap((kind) => actionsFor(token, kind))),
    );
    return [...new Set(actions)].sort();
}

/** What every step of the role needs stands in its policy to look, which is always given. */
function stepStatements(step: Step, values: PolicyValues): Statement[] {
    const { role, without = [] } = step;
    const look = steps.find((one) => one.role === role);
    const seen = look === undefined || look === step ? [] : actionsOfStep(look);
    const actions = actionsOfStep(step).filter((action) => !seen.includes(action));
    const all = role === "environment" ? environmentScopes(values) : productionScopes(values);
    const scopes = Object.fromEntries(
        Object.entries(all).map(([action, list]) => [
            action,
            list.filter(({ type }) => !without.some((one) => one[0] === action && one[1] === type)),
        ]),
    );
    return statementsOf(actions, { ...scopes, ...tagScopes(actions, scopes, values[role]) }, values);
}

/** A statement is never cut: one that is too long has too many names in it. */
function inParts(name: string, statements: Statement[]): [string, Policy][] {
    const parts: Statement[][] = [[]];
    for (const statement of statements) {
        const last = parts[parts.length - 1];
        if (last.length > 0 && lengthOf(policyOf([...last, statement])) > longestPolicy) {
            parts.push([statement]);
        } else {
            last.push(statement);
        }
    }
    return parts.map((part, index) => {
        const file = parts.length === 1 ? name : `${name}-${index + 1}`;
        const policy = policyOf(part);
        if (lengthOf(policy) > longestPolicy) {
            throw new Error(
                `${file} is longer than IAM takes (${longestPolicy}): name fewer volumes, servers or keys, or "*"`,
            );
        }
        return [file, policy];
    });
}

function policyOf(Statement: Statement[]): Policy {
    return { Version: "2012-10-17", Statement };
}

export function lengthOf(policy: Policy): number {
    return JSON.stringify(policy).length;
}
