// The clients of the services that are asked, for one account and region. Only account/questions/ calls them.
import { EC2Client } from "@aws-sdk/client-ec2";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { RDSClient } from "@aws-sdk/client-rds";
import { Route53Client } from "@aws-sdk/client-route-53";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";

export interface Cloud {
    ec2: EC2Client;
    iam: IAMClient;
    kms: KMSClient;
    rds: RDSClient;
    route53: Route53Client;
    serviceQuotas: ServiceQuotasClient;
    sts: STSClient;
}

/** Credentials come as for any of AWS's own tools: environment, shared files, single sign-on, the machine's role. */
export function cloudOf({ region, profile }: { region: string; profile?: string }): Cloud {
    // The SDK's notice that its later versions want another Node: these are pinned, and whoever runs this can't do anything about it.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
    const common = {
        region,
        ...(profile !== undefined && { profile }),
        // A question is asked again when the service is busy, and given up when nobody answers.
        maxAttempts: 4,
        requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
    };
    return {
        ec2: new EC2Client(common),
        iam: new IAMClient(common),
        kms: new KMSClient(common),
        rds: new RDSClient(common),
        route53: new Route53Client(common),
        serviceQuotas: new ServiceQuotasClient(common),
        sts: new STSClient(common),
    };
}
