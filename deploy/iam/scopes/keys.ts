// The encryption keys of one's own: both roles use them in the same way.
import type { PolicyValues } from "../values";
import { any, grantsThroughServices, on, Scopes, throughServices } from "./kinds";

export function keyScopes(values: PolicyValues, keys: string[]): Scopes {
    const used = [on("key", throughServices(values), keys)];
    return {
        "kms:CreateGrant": [on("key", grantsThroughServices(values), keys)],
        "kms:Decrypt": used,
        "kms:GenerateDataKeyWithoutPlaintext": used,
        "kms:ReEncryptFrom": used,
        "kms:ReEncryptTo": used,
        "kms:DescribeKey": [on("key", any, keys)],
    };
}
