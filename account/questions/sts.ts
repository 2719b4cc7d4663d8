// STS: who asks.
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Cloud } from "../cloud";
import type { Caller } from "../facts";

/** Every caller may ask that; whoever can't has no credentials that are good for anything. */
export async function whoAsks({ sts }: Cloud): Promise<Caller> {
    const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return { account: Account, arn: Arn };
}
