// What IAM would say to one request: a deny wins, then an allow, else no. As much of it as the policies here use; anything else is an error.
import type { Policy } from "../../../deploy/iam/policies";
import type { Statement } from "../../../deploy/iam/statements";

export interface Request {
    action: string;
    resource: string;
    /** Condition keys that the request has, with their values. */
    context?: Record<string, string | string[]>;
}

export type Decision = "allowed" | "denied" | "not allowed";

export function decide(policies: Policy[], request: Request): Decision {
    const fitting = policies.flatMap(({ Statement: list }) => list).filter((statement) => fits(statement, request));
    if (fitting.some(({ Effect }) => Effect === "Deny")) {
        return "denied";
    }
    return fitting.length > 0 ? "allowed" : "not allowed";
}

function fits({ Action, Resource, Condition = {} }: Statement, { action, resource, context = {} }: Request): boolean {
    return (
        Action.some((pattern) => isLike(action, pattern)) &&
        Resource.some((pattern) => isLike(resource, pattern)) &&
        Object.entries(Condition).every(([operator, keys]) =>
            Object.entries(keys).every(([key, wanted]) => holds(operator, context[key], [wanted].flat())),
        )
    );
}

function isLike(text: string, pattern: string): boolean {
    const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(text);
}

function holds(operator: string, value: string | string[] | undefined, wanted: string[]): boolean {
    const values = value === undefined ? [] : [value].flat();
    switch (operator) {
        case "Null":
            return String(value === undefined) === wanted[0];
        case "Bool":
        case "StringEquals":
            return values.length > 0 && wanted.includes(values[0]);
        case "ForAnyValue:StringEquals":
            return values.some((one) => wanted.includes(one));
        case "ForAllValues:StringEquals":
            return values.every((one) => wanted.includes(one));
        default:
            throw new Error(`tests/unit/iam/decision.ts does not know ${operator}`);
    }
}
