// Statements of a policy, made from actions and how far each reaches: what is alike stands together, and no action gets a resource that it does not need.
import { arnOf, isScopable, reference, serviceOf } from "./reference";
import type { Conditions, Scopes } from "./scopes/kinds";
import type { PolicyValues } from "./values";

export interface Statement {
    Sid: string;
    Effect: "Allow" | "Deny";
    Action: string[];
    Resource: string[];
    Condition?: Conditions;
}

/** One resource under one condition, and what may be done with it. */
interface Reach {
    label: string;
    resource: string;
    conditions?: Conditions;
    actions: string[];
}

/** What only reads can't be held to resources in EC2 at all; where it could be in RDS, its lists would be empty for no gain. */
export function isWide(action: string, scopes: Scopes): boolean {
    return scopes[action] === undefined && /List|Read/.test(reference.actions[action]?.level ?? "");
}

export function statementsOf(actions: string[], scopes: Scopes, values: PolicyValues): Statement[] {
    const wide = actions.filter((action) => !isScopable(action) || isWide(action, scopes));
    const reaches = actions
        .filter((action) => !wide.includes(action))
        .flatMap((action) => reachOf(action, scopes, values));
    return [...(wide.length > 0 ? [statement("Look", ["*"], wide)] : []), ...joined(reaches)];
}

function reachOf(action: string, scopes: Scopes, values: PolicyValues): Reach[] {
    const found = scopes[action];
    if (found === undefined) {
        throw new Error(`deploy/iam/scopes says nothing of ${action}: add how far it reaches`);
    }
    return found.flatMap(({ type, things, label, conditions }) =>
        things.map((thing) => ({
            label,
            resource: arnOf(serviceOf(action), type, thing, values),
            conditions,
            actions: [action],
        })),
    );
}

/** First all actions on one resource under one condition, then all resources with the same actions. */
function joined(reaches: Reach[]): Statement[] {
    const byResource = merge(
        reaches,
        ({ resource, conditions, label }) => JSON.stringify([label, resource, conditions]),
        (one, other) => ({ ...one, actions: [...new Set([...one.actions, ...other.actions])].sort() }),
    );
    const statements = byResource.map(({ label, resource, conditions, actions }) =>
        statement(label, [resource], actions, conditions),
    );
    const together = merge(
        statements,
        ({ Sid, Action, Condition }) => JSON.stringify([Sid, Action, Condition]),
        (one, other) => ({ ...one, Resource: [...one.Resource, ...other.Resource].sort() }),
    );
    return numbered(together);
}

function merge<T>(list: T[], keyOf: (one: T) => string, join: (one: T, other: T) => T): T[] {
    const found = new Map<string, T>();
    for (const one of list) {
        const key = keyOf(one);
        const before = found.get(key);
        found.set(key, before === undefined ? one : join(before, one));
    }
    return [...found.values()];
}

/** "Own", "Own2", …: an id may stand once in a policy. */
function numbered(statements: Statement[]): Statement[] {
    const seen: Record<string, number> = {};
    return statements.map((one) => {
        seen[one.Sid] = (seen[one.Sid] ?? 0) + 1;
        return seen[one.Sid] === 1 ? one : { ...one, Sid: `${one.Sid}${seen[one.Sid]}` };
    });
}

function statement(Sid: string, Resource: string[], Action: string[], Condition?: Conditions): Statement {
    return { Sid, Effect: "Allow", Action, Resource, ...(Condition && { Condition }) };
}
