// What the cloud's refusals mean: that somebody may not ask, or that there is nothing. Data sources have no way to say either but to fail.

/**
 * The account may not ask: EC2's codes ("Error codes for the Amazon EC2 API"), RDS' and those of any service ("Common error types" in their API
 * references; UnrecognizedClient and InvalidSignature are the same in services that speak JSON), documented.
 */
const mayNot =
    /UnauthorizedOperation|AccessDenied|AuthFailure|ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|MissingAuthenticationToken|OptInRequired|not authorized to perform/i;

/**
 * Credentials have ended, and only a person renews them. Seen in the code of aws-sdk-go-v2, which the provider is made with: credentials/ssocreds (the session,
 * the token and its file), credentials/logincreds (`aws login`), credentials/processcreds, credentials/stscreds with SSO's and SSO OIDC's codes; and in what
 * people report (terraform-provider-aws#38965, steampipe-plugin-aws#2398, aws-cli#7340 for "Session token not found or invalid").
 */
const ended =
    /the SSO session has expired or is invalid|cached SSO token (is expired|must contain)|failed to (read|parse) cached SSO token|InvalidGrant|Session token not found or invalid|login session .*please reauthenticate|error in credential_process|InvalidIdentityToken|IDPRejectedClaim|No valid credential sources/i;

/** Renewing them failed, whatever the reason (aws/credential_cache.go and ssocreds/sso_token_provider.go there). */
const notRenewed = /failed to refresh cached credentials|refresh cached SSO token failed/i;

/** What may be different a moment later: no answer (aws-sdk-go-v2 has status 0 then), a fault of the service, or too many calls. */
const passing =
    /request send failed|StatusCode: (0|5\d\d)\b|timed out|deadline exceeded|\bThrottl|RequestLimitExceeded|TooManyRequests/i;

/** The account may not ask, or not any longer; that never means "not there", and waiting does not mend it. */
export function isRefusedByCloud(error: unknown): boolean {
    const text = String(error);
    return mayNot.test(text) || ended.test(text) || (notRenewed.test(text) && !passing.test(text));
}

/** `undefined` where it is not there, in the words of `notThere`; what can't be asked for is no answer. */
export async function ifThere<T>(asked: Promise<T>, notThere: RegExp): Promise<T | undefined> {
    try {
        return await asked;
    } catch (error) {
        if (notThere.test(String(error)) && !isRefusedByCloud(error)) {
            return undefined;
        }
        throw error;
    }
}
