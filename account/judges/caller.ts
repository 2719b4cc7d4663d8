// Whether the credentials are those of the account that is meant.
import type { Caller } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";

export interface AccountSettings {
    /** aws:allowedAccountIds */
    allowed: string[];
    /** aws:forbiddenAccountIds */
    forbidden: string[];
    /** aws:assumeRoles: the provider goes on as another role. */
    assumesRole: boolean;
}

export function judgeCaller({ account, arn }: Caller, settings: AccountSettings): AccountFinding[] {
    return [accountFinding(account, settings), ...callerFindings(arn, settings)];
}

function accountFinding(account: string, { allowed, forbidden }: AccountSettings): AccountFinding {
    const about = "account";
    if (forbidden.includes(account)) {
        return wrong(
            about,
            `these credentials are of account ${account}, which aws:forbiddenAccountIds names`,
            "take credentials of the right account (AWS_PROFILE, or aws:profile in the stack file)",
        );
    }
    if (allowed.length === 0) {
        return open(
            about,
            `these credentials are of account ${account}, and the stack file does not say which account is meant`,
            `if it is this one, set aws:allowedAccountIds: ["${account}"] in the stack file: with another account's credentials a refresh would empty the state`,
        );
    }
    return allowed.includes(account)
        ? ok(about, `${account}, as aws:allowedAccountIds says`)
        : wrong(
              about,
              `these credentials are of account ${account}, and aws:allowedAccountIds has ${allowed.join(", ")}`,
              "take credentials of that account (AWS_PROFILE, or aws:profile in the stack file), or correct aws:allowedAccountIds; all that follows was asked of the wrong account",
          );
}

function callerFindings(arn: string, { assumesRole }: AccountSettings): AccountFinding[] {
    const about = "caller";
    return [
        /:root$/.test(arn)
            ? open(about, `${arn} is the account's root user, which no policy binds`, "take a role for `pulumi up`")
            : ok(about, arn),
        ...(assumesRole
            ? [
                  open(
                      about,
                      "aws:assumeRoles is set: `pulumi up` works as another role than the one that was asked here",
                      "call this once more with credentials of that role",
                  ),
              ]
            : []),
    ];
}

/** Whose policies can be simulated: a user by its ARN, a session by its role's name. */
export function principalOf(arn: string): { user: string } | { role: string } | undefined {
    const session = /^arn:[a-z-]+:sts::\d+:assumed-role\/([^/]+)\//.exec(arn);
    if (session) {
        return { role: session[1] };
    }
    return /^arn:[a-z-]+:iam::\d+:user\//.test(arn) ? { user: arn } : undefined;
}
