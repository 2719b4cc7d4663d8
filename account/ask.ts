// Asks an account everything that its stack needs of it. Reads only: nothing is made, changed or deleted, and no host is dialled.
import { commonTags } from "../logic/names";
import { Refusal } from "../logic/refusal";
import { firstLine, isOfCredentials, maybeOfRegion } from "./answer";
import type { Cloud } from "./cloud";
import { askEnvironment } from "./environment";
import { judgeCaller } from "./judges/caller";
import { AccountReport, askProduction } from "./production";
import { whoAsks } from "./questions/sts";
import type { AskedStack } from "./settings";

export interface AccountOptions {
    cloud: Cloud;
    progress: (line: string) => void;
    /** GiB of each database that a capture dumps. */
    dumpGib?: number;
    now?: Date;
}

export async function askAccount(
    stack: AskedStack,
    { cloud, progress, dumpGib, now }: AccountOptions,
): Promise<AccountReport> {
    const { name, config, region, production, environments } = stack;
    const caller = await withCredentials(region, () => whoAsks(cloud));
    progress(`account ${caller.account}, ${region}, as ${caller.arn}`);
    const asking = {
        cloud,
        caller,
        region,
        progress,
        tags: commonTags({ project: config.project }, name),
        requestTags: commonTags(config, name),
        now: now ?? new Date(),
    };
    const { findings, times } = await withCredentials(region, () =>
        config.role === "environment"
            ? askEnvironment(asking, { config, stack: name, production, dumpGib })
            : askProduction(asking, { production: config, stack: name, environments, dumpGib }),
    );
    return { findings: [...judgeCaller(caller, stack), ...findings], times };
}

/** Without credentials nothing can be told at all. */
async function withCredentials<T>(region: string, ask: () => Promise<T>): Promise<T> {
    try {
        return await ask();
    } catch (error) {
        if (isOfCredentials(error)) {
            const orRegion = maybeOfRegion(error)
                ? `. AWS says the same where ${region} is not enabled for the account: \`aws account get-region-opt-status --region-name ${region}\` tells, with --region us-east-1`
                : "";
            throw new Refusal(
                `no AWS credentials that are good for anything (${firstLine(error)}): sign in (\`aws sso login\`), or set AWS_PROFILE, or aws:profile in the stack file, as for \`pulumi up\`${orRegion}`,
            );
        }
        throw error;
    }
}
