// Service Quotas: what the account may have of something.
import {
    GetAWSDefaultServiceQuotaCommand,
    GetServiceQuotaCommand,
    NoSuchResourceException,
} from "@aws-sdk/client-service-quotas";
import { answered, CloudAnswer } from "../answer";
import type { Cloud } from "../cloud";

/** The applied value; of a quota that was never applied to this account the usual one (API reference of GetServiceQuota). */
export function quotaValue(cloud: Cloud, service: string, code: string): Promise<CloudAnswer<number>> {
    const which = { ServiceCode: service, QuotaCode: code };
    return answered("servicequotas:GetServiceQuota", async () => {
        try {
            return value(await cloud.serviceQuotas.send(new GetServiceQuotaCommand(which)));
        } catch (error) {
            if (!(error instanceof NoSuchResourceException)) {
                throw error;
            }
            return value(await cloud.serviceQuotas.send(new GetAWSDefaultServiceQuotaCommand(which)));
        }
    });
}

function value({ Quota }: { Quota?: { Value?: number } }): number {
    if (Quota?.Value === undefined) {
        throw new Error("the answer has no value");
    }
    return Quota.Value;
}
