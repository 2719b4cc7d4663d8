// What a stack's own file says of its account: no engine, no state and no passphrase is needed to ask.
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { parseWithoutSecrets } from "../config/parse";
import type { PlainConfig, PlainEnvironment, PlainProduction } from "../config/schema";
import { configured, handedValues } from "../config/stackFile";
import { Refusal } from "../logic/refusal";
import type { AccountSettings } from "./judges/caller";

export interface AskedStack extends AccountSettings {
    name: string;
    config: PlainConfig;
    region: string;
    /** aws:profile */
    profile?: string;
    /** Of an environment: production's configuration, where its file lies here too. */
    production?: PlainProduction;
    /** Of production: its environments, where their files lie here too. */
    environments: Record<string, PlainEnvironment>;
}

const accounts = z.array(z.union([z.string(), z.number()]).transform(String)).default([]);
const awsSettings = z.object({
    "aws:region": z.string().optional(),
    "aws:profile": z.string().optional(),
    "aws:allowedAccountIds": accounts,
    "aws:forbiddenAccountIds": accounts,
    "aws:assumeRoles": z.unknown().optional(),
    "aws:assumeRoleWithWebIdentity": z.unknown().optional(),
});

/** @param environment variables of this process, for what the file leaves to them. */
export function askedStack(stack: string, project: string, environment: NodeJS.ProcessEnv): AskedStack {
    const name = shortName(stack);
    const values = fileOf(stack, project);
    if (values === undefined) {
        throw new Refusal(`there is no Pulumi.${name}.yaml in ${project}: STACK must be a stack whose file lies here`);
    }
    const read = awsSettings.safeParse(values);
    if (!read.success) {
        throw new Refusal(`Pulumi.${name}.yaml:\n${z.prettifyError(read.error)}`);
    }
    const aws = read.data;
    const region = aws["aws:region"] ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
    if (region === undefined) {
        throw new Refusal(`Pulumi.${name}.yaml does not say aws:region, and AWS_REGION is not set either: set one`);
    }
    const config = parseWithoutSecrets(handedValues(values, "posit"), name);
    return {
        name,
        config,
        region,
        ...(aws["aws:profile"] !== undefined && { profile: aws["aws:profile"] }),
        allowed: aws["aws:allowedAccountIds"],
        forbidden: aws["aws:forbiddenAccountIds"],
        assumesRole: aws["aws:assumeRoles"] !== undefined || aws["aws:assumeRoleWithWebIdentity"] !== undefined,
        production: config.role === "environment" ? productionOf(config.production, project) : undefined,
        environments: config.role === "production" ? environmentsOf(config, project) : {},
    };
}

function productionOf(stack: string | undefined, project: string): PlainProduction | undefined {
    const config = stack === undefined ? undefined : otherStack(stack, project);
    return config?.role === "production" ? config : undefined;
}

function environmentsOf({ environments }: PlainProduction, project: string): Record<string, PlainEnvironment> {
    return Object.fromEntries(
        environments.flatMap((stack): [string, PlainEnvironment][] => {
            const config = otherStack(stack, project);
            return config?.role === "environment" ? [[shortName(stack), config]] : [];
        }),
    );
}

/** Problems of that file are said when one asks for that stack. */
function otherStack(stack: string, project: string): PlainConfig | undefined {
    const values = fileOf(stack, project);
    if (values === undefined) {
        return undefined;
    }
    try {
        return parseWithoutSecrets(handedValues(values, "posit"), shortName(stack));
    } catch (error) {
        if (error instanceof Refusal) {
            return undefined;
        }
        throw error;
    }
}

function fileOf(stack: string, project: string): Record<string, unknown> | undefined {
    const file = path.join(project, `Pulumi.${shortName(stack)}.yaml`);
    if (!fs.existsSync(file)) {
        return undefined;
    }
    const values = configured(fs.readFileSync(file, "utf8"));
    if (values === undefined) {
        throw new Refusal(`${file} is no YAML`);
    }
    return values;
}

/** Without organization and project. */
export function shortName(stack: string): string {
    return stack.split("/").pop() ?? stack;
}
