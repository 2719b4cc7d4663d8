// IAM: what the caller's policies say of actions that can't be tried without doing them.
import {
    ContextEntry,
    EvaluationResult,
    GetInstanceProfileCommand,
    GetRoleCommand,
    NoSuchEntityException,
    paginateSimulatePrincipalPolicy,
} from "@aws-sdk/client-iam";
import { answered, CloudAnswer } from "../answer";
import type { Cloud } from "../cloud";
import type { ProfileFacts, TriedPermission } from "../facts";

/** Actions on one resource: the answer is one for each action, the strictest of all resources (API model, EvaluationResult). */
export interface SimulatedActions {
    on: string;
    actions: string[];
    /** What the real request will have: condition keys with their values. */
    context?: Record<string, string | string[] | boolean>;
    /** Who else may allow it, whom the simulation does not ask; or why it may be allowed later. */
    elsewhere?: string;
}

/** The role's own ARN has its path, which that of a session has not. */
export function roleArn({ iam }: Cloud, name: string): Promise<CloudAnswer<string>> {
    return answered("iam:GetRole", async () => {
        const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
        return Role?.Arn ?? "";
    });
}

export function simulated(
    { iam }: Cloud,
    principal: string,
    asked: SimulatedActions[],
): Promise<CloudAnswer<TriedPermission[]>> {
    return answered("iam:SimulatePrincipalPolicy", async () => {
        const found = await Promise.all(
            asked.map(async ({ on, actions, context = {}, elsewhere }) => {
                const results: EvaluationResult[] = [];
                const pages = paginateSimulatePrincipalPolicy(
                    { client: iam },
                    {
                        PolicySourceArn: principal,
                        ActionNames: actions,
                        ResourceArns: [on],
                        ContextEntries: Object.entries(context).map(([key, value]) => entryOf(key, value)),
                    },
                );
                for await (const { EvaluationResults = [] } of pages) {
                    results.push(...EvaluationResults);
                }
                return results.map((result) => triedOf(result, on, elsewhere));
            }),
        );
        return found.flat();
    });
}

function entryOf(ContextKeyName: string, value: string | string[] | boolean): ContextEntry {
    if (Array.isArray(value)) {
        return { ContextKeyName, ContextKeyType: "stringList", ContextKeyValues: value };
    }
    const ContextKeyType = typeof value === "boolean" ? "boolean" : "string";
    return { ContextKeyName, ContextKeyType, ContextKeyValues: [String(value)] };
}

/** `undefined` where there is no such profile in this account. */
export function profileFacts({ iam }: Cloud, name: string): Promise<CloudAnswer<ProfileFacts | undefined>> {
    return answered("iam:GetInstanceProfile", async () => {
        try {
            const sent = new GetInstanceProfileCommand({ InstanceProfileName: name });
            const { Roles = [] } = (await iam.send(sent)).InstanceProfile ?? {};
            return { name, roles: Roles.flatMap(({ Arn }) => (Arn === undefined ? [] : [Arn])) };
        } catch (error) {
            if (error instanceof NoSuchEntityException) {
                return undefined;
            }
            throw error;
        }
    });
}

function triedOf(result: EvaluationResult, on: string, elsewhere?: string): TriedPermission {
    const action = result.EvalActionName ?? "";
    if (result.EvalDecision === "allowed") {
        return { action, on, verdict: "allowed" };
    }
    const missing = [
        ...(result.MissingContextValues ?? []),
        ...(result.ResourceSpecificResults ?? []).flatMap(({ MissingContextValues = [] }) => MissingContextValues),
    ];
    // Some statement depends on what only the real request has; an explicit "no" stays one.
    if (missing.length > 0 && result.EvalDecision !== "explicitDeny") {
        const keys = [...new Set(missing)].join(", ");
        return { action, on, verdict: "unclear", says: `a policy has a condition on ${keys}` };
    }
    if (elsewhere !== undefined && result.EvalDecision !== "explicitDeny") {
        return { action, on, verdict: "unclear", says: `no policy of the caller allows it; ${elsewhere}` };
    }
    const by =
        result.OrganizationsDecisionDetail?.AllowedByOrganizations === false
            ? "the organization's policies"
            : result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false
              ? "the permissions boundary"
              : result.EvalDecision === "explicitDeny"
                ? "a policy that denies it"
                : "no policy that allows it";
    return { action, on, verdict: "denied", says: by };
}
