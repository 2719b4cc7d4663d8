// How AWS refuses whoever asks too often, may not ask, or may not ask any longer. Codes from the API references (EC2: error codes; RDS and Route 53:
// common errors), sentences as they stand in public reports.
import { CloudError, noIdentity } from "./api";
import { type Operation, permissionOf } from "./operations";

export type Refusing = "throttled" | "denied" | "expired" | "logged out";

const user = "arn:aws:iam::123456789012:user/rehearsal";

export function refusalOf(kind: Refusing, operation: Operation, givenUp = false): CloudError {
    const ec2 = operation.service === "EC2";
    switch (kind) {
        case "throttled":
            return ec2
                ? new CloudError("RequestLimitExceeded", "Request limit exceeded.", givenUp)
                : new CloudError("Throttling", "Rate exceeded", givenUp);
        case "denied": {
            const permission = permissionOf(operation);
            const why = `User: ${user} is not authorized to perform: ${permission}`;
            const because = `because no identity-based policy allows the ${permission} action`;
            return ec2
                ? new CloudError(
                      "UnauthorizedOperation",
                      `You are not authorized to perform this operation. ${why} ${because}`,
                  )
                : new CloudError("AccessDenied", `${why} on resource: * ${because}`);
        }
        case "expired":
            // EC2 has a code of its own for temporary credentials that have ended.
            return ec2
                ? new CloudError("RequestExpired", "Request has expired.")
                : new CloudError("ExpiredToken", "The security token included in the request is expired");
        case "logged out":
            // A session of IAM Identity Center that is over: the SDK asks for credentials before each request, and sends none (aws-sdk-go-v2, in public
            // reports of hashicorp/terraform-provider-aws).
            return new CloudError(
                noIdentity,
                "get credentials: failed to refresh cached credentials, refresh cached SSO token failed, unable to refresh SSO token, operation error SSO OIDC: CreateToken, https response error StatusCode: 400, InvalidGrantException:",
            );
    }
}
