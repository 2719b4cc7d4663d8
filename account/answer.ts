// What the cloud answered to one question, or why it did not: a question that nobody may ask is no answer of "no".

export type CloudAnswer<T> = { known: T } | { unknown: string };

/** What waits behind a question that was not answered. */
export function ifKnown<T, R>(answer: CloudAnswer<T>, known: (value: T) => R, unknown: (why: string) => R): R {
    return "known" in answer ? known(answer.known) : unknown(answer.unknown);
}

/** Codes of services for "you may not ask that"; each service has its own word (their API references, "Common Errors"). */
const denied = /^(UnauthorizedOperation|AccessDenied(Exception)?|AuthFailure|NotAuthorized(Exception)?)$/;
const credentials =
    /^(CredentialsProviderError|ExpiredToken(Exception)?|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|TokenProviderError)$/;

/** A problem of whoever asks, not of the account; nothing can be asked then. */
export function isOfCredentials(error: unknown): boolean {
    return credentials.test(codeOf(error));
}

/** Of a region that is not enabled for the account as well (seen: blog.leapp.cloud, on GetCallerIdentity of a region that must be opted into). */
export function maybeOfRegion(error: unknown): boolean {
    return /^(InvalidClientTokenId|UnrecognizedClientException)$/.test(codeOf(error));
}

/** @param action as IAM calls it, for whoever has to allow it. */
export async function answered<T>(action: string, ask: () => Promise<T>): Promise<CloudAnswer<T>> {
    try {
        return { known: await ask() };
    } catch (error) {
        if (isOfCredentials(error)) {
            throw error;
        }
        const code = codeOf(error);
        return {
            unknown: denied.test(code)
                ? `${action} is not allowed to this caller (docs/account.md lists what is asked)`
                : `${action} answered ${code}: ${firstLine(error)}`,
        };
    }
}

/** The service's own code. */
export function codeOf(error: unknown): string {
    return error instanceof Error ? error.name : "an unknown error";
}

export function firstLine(error: unknown): string {
    return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
