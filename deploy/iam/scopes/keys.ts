// The encryption keys of one's own: both roles use them in the same way.
import type { PolicyValues } from "../values";
import { any, grantsThroughServices, keyIdOf, on, Scopes, throughServices } from "./kinds";

export function keyScopes(values: PolicyValues, arns: string[]): Scopes {
    const things = arns.map(keyIdOf);
    const used = [on("key", throughServices(values), things)];
    return {
        "kms:CreateGrant": [on("key", grantsThroughServices(values), things)],
        "kms:Decrypt": used,
        "kms:GenerateDataKeyWithoutPlaintext": used,
        "kms:ReEncryptFrom": used,
        "kms:ReEncryptTo": used,
        "kms:DescribeKey": [on("key", any, things)],
    };
}
